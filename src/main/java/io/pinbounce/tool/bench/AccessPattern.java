package io.pinbounce.tool.bench;

/** Of the positions. */
public enum AccessPattern {
    /** From front to back, and again. */
    SEQUENTIAL,
    /** All over the place. */
    RANDOM
}
