package io.pinbounce;

/** What happens where the file system would use the page cache in spite of {@code O_DIRECT}. */
public enum DirectIo {

    /**
     * Fail. Opening fails if direct I/O is known not to be real; a write fails if its data is found
     * in the page cache afterwards. The kernel may still serve single requests through the cache;
     * that cannot be detected.
     */
    REQUIRED,

    /** Go on, and report it: {@link Geometry#directIo()} says what is known. */
    PREFERRED
}
