package io.pinbounce.torture;

import io.pinbounce.Transfer;

/**
 * What was counted in one cell.
 *
 * @param cell case, size and mode
 * @param engine who moved the data, as {@link io.pinbounce.DirectFile#engine()} names it
 * @param operations writes that were read back, or reads
 * @param mutations what was done to the buffer: stores of 8 bytes, or for {@code memset-write}
 *     whole memsets; 0 for {@code same-buffer-read}, where the blocks overwrite each other
 * @param torn writes that read back wrong; under {@link Transfer#PIN} also reads that did not
 *     verify
 * @param falseErrors reads under {@link Transfer#BOUNCE} or {@link Transfer#AUTO} that did not
 *     verify, though what is on the target was never disturbed
 */
public record CellResult(
        TortureCell cell,
        String engine,
        long operations,
        long mutations,
        long torn,
        long falseErrors) {

    /** What the counts of one cell mean. */
    public enum Verdict {

        /** The control did what it is there for. */
        TORN_AS_EXPECTED("torn as expected"),

        /** The control showed nothing. */
        NO_TEAR_SEEN("no tear seen"),

        /** Nothing went wrong, as promised. */
        HELD("held"),

        /** What may never happen did happen. */
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
    }

    /**
     * Judges this cell by itself.
     *
     * @return its verdict
     */
    public Verdict verdict() {
        if (isControl()) {
            return torn > 0 ? Verdict.TORN_AS_EXPECTED : Verdict.NO_TEAR_SEEN;
        }
        return torn + falseErrors > 0 ? Verdict.FAILED : Verdict.HELD;
    }

    /**
     * Whether this cell is the control, which shows that the test can see tears.
     *
     * @return true for {@link Transfer#PIN}
     */
    public boolean isControl() {
        return cell.mode() == Transfer.PIN;
    }
}
