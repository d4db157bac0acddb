package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class HostTest {

    @Test
    void memoryLockLimitIsTheProcesssOwn() throws IOException {
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
    void virtualThreadsMayAsk() throws InterruptedException {
        Host[] probed = new Host[1];
        Thread.ofVirtual().start(() -> probed[0] = Host.probe()).join();
        assertEquals(Host.probe(), probed[0]);
    }

    @Test
    void probingLeavesNoRingBehind() throws IOException {
        assertFalse(Host.probe().ioUringReason().isBlank());
        long before = rings();
        for (int i = 0; i < 3; i++) {
            Host.probe();
        }
        assertEquals(before, rings());
    }

    private static long rings() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(HostTest::isRing).count();
        }
    }

    private static boolean isRing(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("io_uring");
        } catch (IOException e) {
            return false; // the descriptor of this listing itself
        }
    }
}
