package io.pinbounce;

/** What happens where the file system would go through the page cache all the same. */
public enum DirectIo {

    /**
     * Fail. What is known at opening fails there; a write that is found in the page cache
     * afterwards fails then. The kernel may still serve single requests through the cache; nobody
     * can tell.
     */
    REQUIRED,

    /** Go on, and report it: {@link Geometry#directIo()} says what is known. */
    PREFERRED
}
