package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pinbounce.testing.OwnDescriptors;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

class HostTest {

    @Test
    void theMemoryLockLimitIsThatOfTheProcess() throws IOException {
        List<String> limits = Files.readAllLines(Path.of("/proc/self/limits"));
        String soft =
                limits.stream()
                        .filter(line -> line.startsWith("Max locked memory"))
                        .map(line -> line.substring("Max locked memory".length()).strip())
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .findFirst()
                        .orElseThrow();
        long expected = soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
        assertEquals(expected, Host.probe().memoryLockLimit());
    }

    @Test
    void theEngineIsThatOfAQueue() throws IOException {
        Host host = Host.probe();
        try (DirectQueue queue = DirectQueue.open(1)) {
            assertEquals(queue.engine(), host.queueEngine());
        }
        assertEquals(host.queueEngine().equals("threads"), host.ringFeatures().isEmpty());
    }

    @Test
    void aVirtualThreadMayAskForTheHost() throws InterruptedException {
        Host[] probed = new Host[1];
        Thread.ofVirtual().start(() -> probed[0] = Host.probe()).join();
        assertEquals(Host.probe(), probed[0]);
    }

    @Test
    void probingLeavesNoRingBehind() throws IOException {
        assertFalse(Host.probe().ioUringReason().isBlank());
        OwnDescriptors own = OwnDescriptors.watch();
        for (int i = 0; i < 3; i++) {
            Host.probe();
        }
        assertEquals(Set.of(), own.left());
    }
}
