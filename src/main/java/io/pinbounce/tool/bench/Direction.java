package io.pinbounce.tool.bench;

/** Which way the data moves. */
public enum Direction {
    /** From the target. */
    READ,
    /** To the target. */
    WRITE
}
