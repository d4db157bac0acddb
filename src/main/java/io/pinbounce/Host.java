package io.pinbounce;

import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.linux.LockedMemory;
import io.pinbounce.internal.linux.StubLibrary;
import io.pinbounce.internal.linux.SystemPosix;
import io.pinbounce.internal.linux.UringSyscalls;
import io.pinbounce.internal.thread.ControlThreads;
import io.pinbounce.internal.uring.UringEngine;

import java.util.List;

/**
 * What the machine allows this process, whatever file it uses. A value, to be shared freely.
 *
 * @param ioUring whether a ring can be made and entered, so that many requests are in flight on one
 *     thread
 * @param ioUringReason why, in words, and what to do when it cannot
 * @param queueEngine what moves the data of queues and asynchronous calls, as {@link
 *     DirectQueue#engine()} names it
 * @param ringFeatures features of the ring that not every kernel has; empty without io_uring
 * @param ringNotes features that the ring lacks, and why
 * @param memoryLockLimit bytes that may be pinned for longer than a request ({@code
 *     RLIMIT_MEMLOCK}); {@link Long#MAX_VALUE} for no limit
 * @param memoryLockReason what the limit means for memory that is registered with a ring
 */
public record Host(
        boolean ioUring,
        String ioUringReason,
        String queueEngine,
        List<String> ringFeatures,
        List<String> ringNotes,
        long memoryLockLimit,
        String memoryLockReason) {

    /** What {@link DirectQueue} falls back to. */
    private static final String THREADS = "threads";

    /** Keeps its own copies of the lists. */
    public Host {
        ringFeatures = List.copyOf(ringFeatures);
        ringNotes = List.copyOf(ringNotes);
    }

    /**
     * Asks the kernel, by making a small ring, entering it and closing it again. Limits may change
     * while the process runs: the answer is as of now.
     *
     * @return what is allowed
     */
    public static Host probe() {
        return ControlThreads.call(Host::probeHere);
    }

    /**
     * Loads the classes and native code that the first request needs, on a thread that ends by
     * itself; in a cold process that takes 0.1 to 0.2 seconds. This method returns at once; a
     * thread that opens a file or a queue meanwhile waits for the rest of the loading. An
     * application that calls this first does the rest of its own start meanwhile.
     */
    public static void warmUp() {
        Thread.ofPlatform()
                .daemon()
                .name("pinbounce-warm-up")
                // The first call that needs the missing part throws the error.
                .uncaughtExceptionHandler((_, _) -> {})
                .start(
                        () -> {
                            UringSyscalls.system();
                            StubLibrary.instructions();
                        });
    }

    private static Host probeHere() {
        LockedMemory locked = LockedMemory.probe(SystemPosix.calls());
        try (IoRing ring = UringEngine.system().openRing(1)) {
            return new Host(
                    true,
                    "io_uring made a ring and serves it",
                    ring.name(),
                    ring.features(),
                    ring.notes(),
                    locked.limit(),
                    locked.meaning());
        } catch (RingUnavailableException e) {
            return new Host(
                    false,
                    String.valueOf(e.getMessage()),
                    THREADS,
                    List.of(),
                    List.of(),
                    locked.limit(),
                    locked.meaning());
        }
    }
}
