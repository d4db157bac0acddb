package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.EveryWay;
import io.pinbounce.Host;
import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

/** Where a filter forbids any one of the calls that a ring is made of, threads move the data. */
class RingFilteredIT {

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void needsARing() {
        Host host = Host.probe();
        Requirements.uring(host.ioUring(), host.ioUringReason());
    }

    private List<String> without(int call, int errno) {
        Command child =
                Command.run(
                        ChildJvm.command(
                                        List.of(),
                                        ChildJvm.classPath(),
                                        EveryWay.class.getName(),
                                        folder.toString(),
                                        Integer.toString(call),
                                        Integer.toString(errno))
                                .toArray(String[]::new));
        assertEquals(0, child.status(), child::toString);
        List<String> lines = child.out().lines().toList();
        assertEquals(4, lines.size(), child::toString);
        return lines;
    }

    private void assertThreads(String name, int call, int errno) {
        for (String line : without(call, errno)) {
            assertTrue(
                    line.matches("(queue|service): threads: .*")
                            || line.startsWith("host: threads: false ")
                            || line.startsWith("required: refused: "),
                    line);
            assertTrue(line.contains(name) && line.contains("errno=" + errno), line);
        }
    }

    /** The numbers are the same on every architecture. */
    @ParameterizedTest
    @CsvSource({
        "io_uring_setup, 425, 1",
        "io_uring_setup, 425, 38",
        "io_uring_enter, 426, 1",
        "io_uring_enter, 426, 38",
        "io_uring_enter, 426, 13",
        "io_uring_register, 427, 1",
        "io_uring_register, 427, 38"
    })
    void threadsMoveTheDataWithoutACallOfTheRing(String name, int call, int errno) {
        assertThreads(name, call, errno);
    }

    @Test
    void threadsMoveTheDataWithoutACallBesideTheRing() {
        boolean amd64 = System.getProperty("os.arch", "").equals("amd64");
        assertThreads("eventfd", amd64 ? 290 : 19, 1);
        assertThreads("pipe2", amd64 ? 293 : 59, 1);
    }

    /** The check can fail: without {@code personality}, which no ring calls, a ring moves them. */
    @Test
    void canaryRingsMoveTheDataWithoutACallThatTheyDoNotMake() {
        boolean amd64 = System.getProperty("os.arch", "").equals("amd64");
        for (String line : without(amd64 ? 135 : 92, 1)) {
            assertTrue(line.matches("(queue|service|host|required): io_uring: .*"), line);
        }
    }
}
