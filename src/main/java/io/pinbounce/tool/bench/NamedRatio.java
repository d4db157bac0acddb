package io.pinbounce.tool.bench;

/**
 * How one column compares with another in one row.
 *
 * @param what is compared: {@code "BOUNCE/PIN"} is bandwidth, {@code "cpu PIN/fio"} processor time
 *     a request, {@code "cpu (BOUNCE-PIN)/copy"} what bouncing adds to it, in plain copies
 * @param ratio of the rounds
 */
public record NamedRatio(String what, Ratio ratio) {

    /**
     * Whether it is of processor time.
     *
     * @return false for bandwidth
     */
    public boolean isCpu() {
        return what.startsWith("cpu ");
    }
}
