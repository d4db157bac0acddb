package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Command;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.nio.file.Path;

/** In a JVM with one carrier, others go on while a call on a virtual thread takes a second. */
class CarrierTest {

    private static int ticksDuring(String call) {
        String separator = File.pathSeparator;
        String classes =
                System.getProperty("jdk.module.path", "")
                        + (separator + System.getProperty("java.class.path"))
                        + (separator + Path.of("target", "test-classes"));
        Command child =
                Command.run(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes,
                        Ticks.class.getName(),
                        call);
        assertEquals(0, child.status(), child::toString);
        return Integer.parseInt(child.out().trim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "force", "open"})
    void aCallParks(String call) {
        int ticks = ticksDuring(call);
        assertTrue(ticks >= 50, "ticks=" + ticks);
    }

    /** The check can fail: this call does not park. */
    @ParameterizedTest
    @ValueSource(strings = "transfer")
    void aCallThatHoldsItsCarrierIsSeen(String call) {
        assertEquals(0, ticksDuring(call));
    }
}
