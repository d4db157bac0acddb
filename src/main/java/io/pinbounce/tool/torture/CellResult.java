package io.pinbounce.tool.torture;

import io.pinbounce.Transfer;

/**
 * What was seen in one cell.
 *
 * @param cell case, size, mode and depth
 * @param engine what moved the data, as {@link io.pinbounce.DirectFile#engine()} or {@link
 *     io.pinbounce.DirectQueue#engine()} names it
 * @param counts what was counted
 */
public record CellResult(TortureCell cell, String engine, Counts counts) {

    /**
     * What was counted in one cell.
     *
     * @param operations writes that were read back, or reads; for {@code out-of-order} requests of
     *     both kinds
     * @param mutations what was done to the buffers: stores of 8 bytes, or whole memsets or pages;
     *     for {@code out-of-order} completions that came before that of an earlier request; 0 for
     *     {@code same-buffer-read}, where the blocks overwrite each other
     * @param torn writes that read back wrong; under {@link Transfer#PIN} also reads that did not
     *     verify
     * @param refused writes of unguarded cases that the target did not take
     * @param unreadable writes of unguarded cases that it took and could not read back, and reads
     *     that it failed
     * @param falseErrors reads under {@link Transfer#BOUNCE} or {@link Transfer#AUTO} that did not
     *     verify, though what is on the target was never disturbed
     * @param misplaced completions that were missing, came twice, had another request's length or
     *     came with another request's data
     */
    public record Counts(
            long operations,
            long mutations,
            long torn,
            long refused,
            long unreadable,
            long falseErrors,
            long misplaced) {

        /**
         * What did not match its protection information or its request.
         *
         * @return events
         */
        public long unmatched() {
            return torn + falseErrors + misplaced;
        }

        /**
         * All that went wrong, the control's tears included.
         *
         * @return events
         */
        public long wrong() {
            return unmatched() + refused + unreadable;
        }
    }

    /** What the counts of one cell mean. */
    public enum Verdict {

        /** The control tore, as it must. */
        TORN_AS_EXPECTED("torn as expected"),

        /** The control did not tear. */
        NO_TEAR_SEEN("no tear seen"),

        /** The target found what pinning did to unguarded data: it needs memory to hold still. */
        SEEN_BY_TARGET("seen by target"),

        /**
         * The target accepts memory that changes, so that it cannot judge the other modes either.
         */
        NOT_SEEN_BY_TARGET("not seen by target"),

        /** No request overtook another, which is what the case is about. */
        ALWAYS_IN_ORDER("always in order"),

        /** Nothing went wrong. */
        HELD("held"),

        /** Something went wrong that must never do so. */
        FAILED("FAILED");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        /**
         * The verdict in words.
         *
         * @return such as {@code "torn as expected"}
         */
        public String label() {
            return label;
        }

        /**
         * Whether the cell has not shown yet what its case is about.
         *
         * @return true if more operations may still show it
         */
        public boolean isBlind() {
            return this == NO_TEAR_SEEN || this == ALWAYS_IN_ORDER;
        }
    }

    /**
     * Judges this cell by itself.
     *
     * @return its verdict
     */
    public Verdict verdict() {
        if (counts.misplaced > 0) {
            return Verdict.FAILED;
        }
        if (cell.isControl()) {
            return counts.torn > 0 ? Verdict.TORN_AS_EXPECTED : Verdict.NO_TEAR_SEEN;
        }
        if (cell.mayBeRefused()) {
            return counts.wrong() > 0 ? Verdict.SEEN_BY_TARGET : Verdict.NOT_SEEN_BY_TARGET;
        }
        if (counts.wrong() > 0) {
            return Verdict.FAILED;
        }
        return cell.kind() == TortureCase.OUT_OF_ORDER && counts.mutations == 0
                ? Verdict.ALWAYS_IN_ORDER
                : Verdict.HELD;
    }
}
