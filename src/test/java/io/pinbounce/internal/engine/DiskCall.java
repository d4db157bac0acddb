package io.pinbounce.internal.engine;

import java.nio.file.Path;

/**
 * A call that reaches a simulated disk, for predicates that choose calls.
 *
 * @param kind the call's kind
 * @param path the file's name when it was made, or the folder's
 * @param position bytes from the start of the file; 0 if the call has none
 * @param length bytes; the new size of {@link Kind#TRUNCATE}; 0 if the call has none
 */
public record DiskCall(Kind kind, Path path, long position, long length) {

    /** Kinds of calls. A forced write counts as a write and a force. */
    public enum Kind {
        /** A transfer to memory. */
        READ,
        /** A transfer from memory. */
        WRITE,
        /** Makes a file durable, by a transfer or a control call. */
        FORCE,
        /** Changes a file's size. */
        TRUNCATE,
        /** Reserves room. */
        ALLOCATE,
        /** Opens a file that exists. */
        OPEN,
        /** Makes a file. */
        CREATE,
        /** Gives a name to a file that was made without one. */
        LINK,
        /** Removes a name. */
        REMOVE,
        /** Sets or removes an extended attribute. */
        ATTRIBUTE,
        /** Makes a folder's names durable. */
        FORCE_FOLDER
    }
}
