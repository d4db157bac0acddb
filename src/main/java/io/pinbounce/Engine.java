package io.pinbounce;

/** What moves the data of requests that nobody waits for one by one. */
public enum Engine {
    /** io_uring where this process may use it, else a few threads that block. */
    AUTO,
    /** io_uring, or opening fails with the reason and what to do. */
    REQUIRED_URING,
    /** A few threads that block, whatever else there is. */
    SYSCALL
}
