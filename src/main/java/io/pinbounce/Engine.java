package io.pinbounce;

/** What moves the data of queues, of asynchronous calls, and of calls on virtual threads. */
public enum Engine {
    /** io_uring where this process may use it, else a few threads that block. */
    AUTO,
    /** io_uring, or opening fails with the reason and what to do. */
    REQUIRED_URING,
    /** A few threads that block, whatever else there is. */
    SYSCALL
}
