package io.pinbounce.internal.engine;

import java.nio.file.Path;

/**
 * A call that reaches a simulated disk, for those who choose among them.
 *
 * @param kind what is asked for
 * @param path the file's name when it was made, or the folder's
 * @param position bytes from the start of the file; 0 where there is none
 * @param length bytes; the new size of {@link Kind#TRUNCATE}; 0 where there is none
 */
public record DiskCall(Kind kind, Path path, long position, long length) {

    /** What is asked for. A write that is forced is a write, and then a force. */
    public enum Kind {
        /** A transfer to memory. */
        READ,
        /** A transfer from memory. */
        WRITE,
        /** A file is to be durable, be it by a transfer or by a call. */
        FORCE,
        /** Another size. */
        TRUNCATE,
        /** Room for later. */
        ALLOCATE,
        /** A file that is there is opened. */
        OPEN,
        /** A file is made. */
        CREATE,
        /** A name is removed. */
        REMOVE,
        /** A folder's names are to be durable. */
        FORCE_FOLDER
    }
}
