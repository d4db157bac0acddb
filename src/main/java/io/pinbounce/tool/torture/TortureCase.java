package io.pinbounce.tool.torture;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What happens to a buffer while the kernel uses it. */
public enum TortureCase {

    /** A thread scribbles over the buffer while it is being written to the target. */
    WRITE_RACE("write-race", Direction.WRITE),

    /** A thread scribbles over the buffer while it is being filled from the target. */
    READ_RACE("read-race", Direction.READ),

    /**
     * Blocks, at least two, are read into one and the same buffer of one block, which only these
     * reads touch.
     */
    SAME_BUFFER_READ("same-buffer-read", Direction.READ),

    /** One {@code memset} clears the whole buffer while it is being written to the target. */
    MEMSET_WRITE("memset-write", Direction.WRITE),

    /**
     * Nothing disturbs the buffers, but requests overtake each other: each must complete under its
     * own token, with its own data.
     */
    OUT_OF_ORDER("out-of-order", Direction.WRITE),

    /** The writer changes a page while it is being written, and writes it again meanwhile. */
    REWRITE("rewrite", Direction.WRITE),

    /**
     * A thread scribbles over the buffer while it is being written, and nothing guards it: a target
     * that checks what it is given refuses the write, or cannot read it back.
     */
    UNGUARDED_WRITE("unguarded-write", Direction.WRITE),

    /** A thread scribbles over the buffer while it is being filled, and nothing guards it. */
    UNGUARDED_READ("unguarded-read", Direction.READ);

    /** Which way the data of the operation under test moves. */
    enum Direction {
        /** From the target into the buffer. */
        READ,
        /** From the buffer to the target. */
        WRITE
    }

    private final String label;

    private final Direction direction;

    TortureCase(String label, Direction direction) {
        this.label = label;
        this.direction = direction;
    }

    /**
     * Finds a case by its name.
     *
     * @param label such as {@code "write-race"}
     * @return the case
     * @throws IllegalArgumentException if there is none of that name; the message lists them all
     */
    public static TortureCase of(String label) {
        return Arrays.stream(values())
                .filter(known -> known.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there is no case '" + (label + "', only " + allLabels())));
    }

    private static String allLabels() {
        return Arrays.stream(values()).map(TortureCase::label).collect(Collectors.joining(", "));
    }

    /**
     * Its name for people and scripts.
     *
     * @return such as {@code "write-race"}
     */
    public String label() {
        return label;
    }

    Direction direction() {
        return direction;
    }

    /** Requests that must be in flight for this to happen at all. */
    int leastDepth() {
        return this == OUT_OF_ORDER || this == REWRITE ? 2 : 1;
    }

    /**
     * Whether protection information judges the data.
     *
     * @return false if the target judges, as far as it can
     */
    public boolean isGuarded() {
        return this != UNGUARDED_WRITE && this != UNGUARDED_READ;
    }

    /** Whether pinning must tear here. */
    boolean hasControl() {
        return isGuarded() && this != OUT_OF_ORDER;
    }
}
