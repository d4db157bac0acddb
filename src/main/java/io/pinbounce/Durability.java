package io.pinbounce;

/** When a write survives a power cut. */
public enum Durability {

    /** After the next {@link DirectFile#force()} that succeeds. */
    ON_FORCE,

    /** When the write returns: the file is opened with {@code O_DSYNC}. */
    DSYNC
}
