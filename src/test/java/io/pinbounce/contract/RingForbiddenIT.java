package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.IoService;
import io.pinbounce.PinnedBlocks;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.engine.SyscallEngine;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.SystemPosix;
import io.pinbounce.internal.uring.UringEngine;
import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.RingsForbidden;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where io_uring is switched off, threads move the data, and the library tells the reason and the
 * fix. While it is off, no other test may open a ring.
 */
@Tag("alone")
class RingForbiddenIT {

    private static final String FIX = "set /proc/sys/kernel/io_uring_disabled to 0";

    /** The kernel's own refusal, each time a ring is to be opened. */
    private static final class Refused extends SyscallEngine {

        Refused() {
            super(LibC.system(), SystemPosix.calls());
        }

        @Override
        public IoRing openRing(int depth) throws RingUnavailableException {
            try {
                return RingsForbidden.during(() -> UringEngine.system().openRing(depth));
            } catch (RingUnavailableException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Place place() {
        Requirements.ringSwitch();
        return new Place.RealFolder("target without rings", Path.of("target"), new Refused());
    }

    @Nested
    class Opening {

        @BeforeEach
        void needsTheSwitch() {
            Requirements.ringSwitch();
        }

        @Test
        void aQueueUsesThreadsAndTellsTheFix() throws Exception {
            try (DirectQueue queue = RingsForbidden.during(() -> DirectQueue.open(16))) {
                assertEquals("threads", queue.engine());
                assertTrue(queue.engineReason().contains(FIX), queue::engineReason);
            }
        }

        @Test
        void requiringARingFailsAndTellsTheFix() {
            IOException e =
                    assertThrows(
                            IOException.class,
                            () ->
                                    RingsForbidden.during(
                                            () -> DirectQueue.open(16, Engine.REQUIRED_URING)));
            IoTest.assertSays(e, FIX);
            e =
                    assertThrows(
                            IOException.class,
                            () ->
                                    RingsForbidden.during(
                                            () -> IoService.open(1, 16, Engine.REQUIRED_URING)));
            IoTest.assertSays(e, FIX);
        }

        @Test
        void aServiceUsesThreadsAndTellsTheFix() throws Exception {
            try (IoService service =
                    RingsForbidden.during(() -> IoService.open(2, 16, Engine.AUTO))) {
                assertEquals("threads", service.engine());
                assertTrue(service.engineReason().contains(FIX), service::engineReason);
            }
        }

        /** Before and after: the switch is back where it was. */
        @Test
        void ringsAreAllowedAgainAfterwards() throws Exception {
            String before;
            try (DirectQueue queue = DirectQueue.open(1)) {
                before = queue.engine();
            }
            RingsForbidden.during(() -> 1);
            try (DirectQueue queue = DirectQueue.open(1)) {
                assertEquals(before, queue.engine());
            }
        }

        @Test
        void theLogTellsOnceThatThreadsMoveRequests(@TempDir Path folder) {
            Command child =
                    Command.run(
                            ChildJvm.command(
                                            List.of(),
                                            ChildJvm.classPath(),
                                            PinnedBlocks.class.getName(),
                                            folder.toString(),
                                            "forbidden")
                                    .toArray(String[]::new));
            assertEquals(0, child.status(), child::toString);
            assertTrue(child.out().startsWith("threads: "), child::toString);
            List<String> said =
                    child.err().lines().filter(line -> line.contains("moved by")).toList();
            assertEquals(1, said.size(), child::toString);
            assertTrue(
                    said.getFirst().contains("requests are moved by threads: ")
                            && said.getFirst().contains(FIX),
                    child::toString);
        }
    }

    @Nested
    class Models extends QueueModelTest {

        static Stream<Place> places() {
            return Stream.of(place());
        }

        /** The canary: with a ring, the other tests would show nothing. */
        @Test
        void canaryQueuesAndServicesHaveNoRing() throws IOException {
            try (DirectQueue queue = queue(4)) {
                assertEquals("threads", queue.engine());
                assertTrue(queue.engineReason().contains(FIX), queue::engineReason);
            }
            assertEquals("threads", place.service().engine());
        }
    }

    @Nested
    class Bounces extends QueueBounceTest {

        static Stream<Place> places() {
            return Stream.of(place());
        }
    }

    @Nested
    class Futures extends AsyncTest {

        static Stream<Place> places() {
            return Stream.of(place());
        }
    }

    @Nested
    class Admission extends AdmissionTest {

        static Stream<Place> places() {
            return Stream.of(place().withVirtualThreads());
        }
    }

    @Nested
    class VirtualThreads extends DirectFileTest {

        static Stream<Place> places() {
            return Stream.of(place().withVirtualThreads());
        }

        @Test
        void callsOnVirtualThreadsWorkWithoutRings() throws IOException {
            assertTrue(Thread.currentThread().isVirtual());
            try (DirectFile file = open(Transfer.BOUNCE)) {
                file.write(heap(bytes(1, 10_000)), 3);
                assertArrayEquals(bytes(1, 10_000), read(file, 3, 10_000));
            }
        }
    }
}
