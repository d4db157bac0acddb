package io.pinbounce;

/** Whether I/O on a file that was opened with {@code O_DIRECT} really passes the page cache by. */
public enum DirectIoStatus {

    /** Reads and writes go straight between memory and device. */
    DIRECT,

    /** Reads are direct; the file system copies what is written into the page cache. */
    BUFFERED_WRITES,

    /** Everything goes through the page cache, whatever flags the file was opened with. */
    BUFFERED
}
