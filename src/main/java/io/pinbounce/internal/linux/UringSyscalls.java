package io.pinbounce.internal.linux;

import java.lang.foreign.MemorySegment;

/**
 * The system calls that a ring is made of, which the C library does not wrap, and those of its
 * neighbours. Every method returns the call's result, or {@code -errno}; the numbers that go in are
 * those of linux/io_uring.h.
 */
public interface UringSyscalls {

    /** {@code sizeof(struct io_uring_params)}, linux/io_uring.h. */
    long PARAMS_SIZE = 120;

    /**
     * Makes a ring.
     *
     * @param entries submissions that it holds
     * @param params {@link #PARAMS_SIZE} bytes: flags wanted go in, offsets and features come out
     * @return a file descriptor, or {@code -errno}
     */
    long setup(int entries, MemorySegment params);

    /**
     * Submits and waits. It may block, so the JVM must be able to reach a safepoint meanwhile.
     *
     * @param ring the ring's descriptor
     * @param submit submissions to take
     * @param min completions to wait for
     * @param flags {@code IORING_ENTER_*}
     * @param argument a signal mask, or a {@code struct io_uring_getevents_arg}, or NULL
     * @param size bytes of the argument
     * @return submissions taken, or {@code -errno}
     */
    long enter(int ring, int submit, int min, int flags, MemorySegment argument, long size);

    /**
     * Tells the ring about files or memory, or asks it something.
     *
     * @param ring the ring's descriptor
     * @param opcode {@code IORING_REGISTER_*}
     * @param argument what the opcode wants
     * @param count how many there are of it
     * @return what the opcode says, or {@code -errno}
     */
    long register(int ring, int opcode, MemorySegment argument, int count);

    /**
     * Maps memory that the process shares with the ring.
     *
     * @param ring the ring's descriptor
     * @param length bytes
     * @param offset {@code IORING_OFF_*}
     * @return the address, to be unmapped with {@link LibC#munmap}, or {@code -errno}
     */
    long mmap(int ring, long length, long offset);

    /**
     * Makes a counter that can be polled ({@code eventfd}), which does not block.
     *
     * @return a file descriptor, or {@code -errno}
     */
    long eventfd();

    /**
     * Adds 1 to a counter, for any thread.
     *
     * @param fd the counter
     * @return 0, or {@code -errno}
     */
    long raise(int fd);

    /**
     * Sets a counter back to 0.
     *
     * @param fd the counter
     * @return 0, or {@code -errno}; {@code -EAGAIN} if it was 0
     */
    long lower(int fd);

    /**
     * Makes a pipe that does not block.
     *
     * @param ends 8 bytes: the descriptors for reading and writing, in this order
     * @return 0, or {@code -errno}
     */
    long pipe(MemorySegment ends);

    /**
     * The machine's own calls.
     *
     * @return the one instance
     * @throws IllegalCallerException if Java denies native access; the message names the flag
     */
    static UringSyscalls system() {
        NativeAccess.require();
        return FfmUring.INSTANCE;
    }
}
