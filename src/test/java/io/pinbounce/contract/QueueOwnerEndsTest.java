package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.testing.Background;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Calls do not wait forever for requests that an ended thread has left in its queue. */
class QueueOwnerEndsTest extends QueueContractTest {

    static Stream<Place> places() {
        return placesWithRing();
    }

    /** Calls that may wait for requests that an ended thread has left. */
    enum Call {
        WRITE {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                file.write(heap(filled(BLOCK, 2)), 0);
            }
        },
        PART_OF_A_WRITE {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                file.write(heap(filled(10, 2)), 10);
            }
        },
        READ {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                assertEquals(BLOCK, file.read(heap(new byte[BLOCK]), 0));
            }
        },
        WRITE_ASYNC {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                file.writeAsync(heap(filled(BLOCK, 2)), 0).get();
            }
        },
        READ_ASYNC {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                assertEquals(BLOCK, file.readAsync(heap(new byte[BLOCK]), 0).join());
            }
        },
        QUEUED_READ {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                try (DirectQueue queue = test.queue(1)) {
                    queue.read(file, heap(new byte[BLOCK]), 0, 1);
                    finish(queue);
                }
            }
        },
        QUEUED_WRITE_OF_TWO_QUEUES {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                try (DirectQueue queue = test.queue(1);
                        DirectQueue other = test.queue(1)) {
                    queue.write(file, heap(filled(BLOCK, 2)), 0, 1);
                    other.write(file, heap(filled(BLOCK, 3)), 0, 1);
                    finish(other);
                    finish(queue);
                }
            }
        },
        TRUNCATE {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                file.truncate(BLOCK);
            }
        },
        SIZE {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                assertTrue(file.size() >= 2 * BLOCK);
            }
        },
        SEAL {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                file.seal(0, BLOCK);
            }
        },
        FORCE {
            @Override
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                file.force();
            }
        },
        CLOSE {
            @Override
            @SuppressWarnings("try") // closing early is the point
            void make(QueueOwnerEndsTest test, DirectFile file) throws Exception {
                file.close();
            }
        };

        abstract void make(QueueOwnerEndsTest test, DirectFile file) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void aCallGetsAGuardedRangeThatAnEndedThreadHeld(Call call) throws Exception {
        Path path = place.newPath();
        DirectOptions options = options().create().protection(GUARDED);
        try (DirectFile file = open(path, options);
                DirectFile same = open(path, options)) {
            file.write(heap(new byte[2 * BLOCK]), 0);
            leave(
                    queue -> {
                        queue.write(file, heap(filled(BLOCK, 1)), 0, 1);
                        queue.write(file, heap(filled(BLOCK, 1)), 2 * BLOCK, 2); // grows
                        queue.submit();
                    });
            watched(call, file);
            byte[] back = new byte[2 * BLOCK];
            assertTrue(same.read(heap(back), 0) >= BLOCK, "all that is left verifies");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallGetsARangeThatRequestsOfAnEndedThreadWaitedFor(Call call) throws Exception {
        try (DirectFile file = file(options().protection(GUARDED), new byte[3 * BLOCK])) {
            leave(
                    queue -> {
                        queue.write(file, heap(filled(BLOCK, 1)), 0, 1);
                        queue.write(file, heap(filled(BLOCK, 1)), 0, 2); // nothing is sent of these
                        queue.write(file, heap(filled(BLOCK, 1)), 0, 3);
                    });
            watched(call, file);
        }
    }

    @Test
    void aVirtualThreadGetsARangeThatAnEndedThreadHeld() throws Exception {
        try (DirectFile file = file(options().protection(GUARDED), new byte[2 * BLOCK])) {
            leave(
                    queue -> {
                        queue.write(file, heap(filled(BLOCK, 1)), 0, 1);
                        queue.submit();
                    });
            FutureTask<Void> task =
                    new FutureTask<>(
                            () -> {
                                file.write(heap(filled(BLOCK, 2)), 0);
                                return null;
                            });
            Thread.ofVirtual().start(task);
            task.get(PATIENCE, TimeUnit.SECONDS);
            assertArrayEquals(filled(BLOCK, 2), read(file, 0, BLOCK));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallGoesOnAfterAThreadEndedWhileItWroteTheSidecarsLog(Call call) throws Exception {
        Path path = place.newPath();
        DirectOptions options = options().create().protection(Protection.t10(BLOCK).sidecar());
        try (DirectFile file = open(path, options)) {
            file.write(heap(new byte[3 * BLOCK]), 0);
            file.force();
            leave(
                    queue -> {
                        queue.write(file, heap(filled(BLOCK, 1)), 0, 1);
                        queue.submit(); // leads, and has sent its record
                    });
            watched(call, file);
        }
        try (DirectFile file = open(path, options)) {
            assertEquals(BLOCK, read(file, 0, BLOCK).length, "all that is left verifies");
        }
    }

    @Test
    void aWriteThatWaitsForAThreadGoesOnWhenThatThreadEnds() throws Exception {
        try (DirectFile file = file(options().protection(GUARDED), new byte[2 * BLOCK])) {
            Callable<Void> write =
                    () -> {
                        file.write(heap(filled(BLOCK, 2)), 0);
                        return null;
                    };
            FutureTask<Background<Void>> waiting =
                    new FutureTask<>(() -> Background.call(write).awaitWaitingIn("awaitUntil"));
            leave(
                    queue -> {
                        queue.write(file, heap(filled(BLOCK, 1)), 0, 1); // not even sent
                        waiting.run();
                    });
            waiting.get().result();
            assertArrayEquals(filled(BLOCK, 2), read(file, 0, BLOCK));
        }
    }

    private void watched(Call call, DirectFile file) throws Exception {
        Background.call(
                        () -> {
                            call.make(this, file);
                            return null;
                        })
                .result();
    }

    /** Requests that the thread makes before it ends. */
    private interface Use {
        void of(DirectQueue queue) throws IOException;
    }

    /** A thread uses a queue and ends, leaving all as it is. */
    @SuppressWarnings("MustBeClosed") // leaving it is the point
    private void leave(Use use) throws Exception {
        Thread owner =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        use.of(queue(4));
                                    } catch (IOException e) {
                                        throw new AssertionError(e);
                                    }
                                });
        owner.join();
    }
}
