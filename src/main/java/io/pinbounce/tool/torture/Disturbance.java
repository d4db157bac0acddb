package io.pinbounce.tool.torture;

/**
 * Something that changes the buffer. The thread that runs the cell calls {@link #begin} right
 * before the operation and {@link #end} right after it.
 */
interface Disturbance extends AutoCloseable {

    void begin();

    void end();

    /** How much was done to the buffer so far. */
    long mutations();

    /** Returns when no thread touches the buffer any more. */
    @Override
    void close();

    /** Waits for a thread that was told to end: the buffer may not go away before its last user. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // kept for the caller
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** For a case in which the operation itself is the disturbance. */
    record None() implements Disturbance {

        @Override
        public void begin() {}

        @Override
        public void end() {}

        @Override
        public long mutations() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
