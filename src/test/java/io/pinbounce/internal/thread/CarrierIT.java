package io.pinbounce.internal.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** With one carrier, other virtual threads run while a call of one takes its time. */
class CarrierIT {

    private static int runsDuring(String call, int seconds) {
        List<String> oneCarrier =
                List.of(
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1");
        Command child =
                Command.run(
                        ChildJvm.command(
                                        oneCarrier,
                                        ChildJvm.classPath(),
                                        RunsDuringCall.class.getName(),
                                        call,
                                        Integer.toString(seconds))
                                .toArray(String[]::new));
        assertEquals(0, child.status(), child::toString);
        return Integer.parseInt(child.out().trim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "force", "open"})
    void otherVirtualThreadsRunDuringACall(String call) {
        int runs = runsDuring(call, 240);
        assertTrue(runs >= RunsDuringCall.ENOUGH, "runs=" + runs);
    }

    /** The check can fail: this call does not park. */
    @ParameterizedTest
    @ValueSource(strings = "transfer")
    void canaryACallThatHoldsItsCarrierIsSeen(String call) {
        assertEquals(0, runsDuring(call, 1));
    }
}
