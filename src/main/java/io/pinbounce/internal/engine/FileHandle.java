package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.Registrable;

/**
 * A file that an engine has open. The kernel gives a closed file's number to another file, but this
 * object is never reused: a ring remembers a file by its object.
 */
public final class FileHandle extends Registrable {

    private final int number;

    /**
     * Names an open file.
     *
     * @param number what {@link IoEngine#open} returned
     */
    public FileHandle(int number) {
        this.number = number;
    }

    /**
     * The engine's number for the file.
     *
     * @return for the machine's own kernel, a file descriptor
     */
    public int number() {
        return number;
    }

    @Override
    protected void free() {} // the engine closes it
}
