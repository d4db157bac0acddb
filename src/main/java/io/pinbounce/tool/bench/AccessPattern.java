package io.pinbounce.tool.bench;

/** The order of the positions that requests go to. */
public enum AccessPattern {
    /** From front to back, and again. */
    SEQUENTIAL,
    /** Every block, in no useful order. */
    RANDOM
}
