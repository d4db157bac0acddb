package io.pinbounce;

import java.util.List;

/**
 * Data that does not match its protection information, or whose interval an earlier failed write
 * left damaged. {@link #intervals()} names every bad interval of the part that was checked.
 *
 * <p>A read delivered {@link #bytesDone()} bytes before the bad part; a write wrote that many
 * bytes, and nothing to the bad intervals. Rewriting whole intervals makes them good again.
 */
public final class ProtectionException extends DirectIoException {

    private static final long serialVersionUID = 1;

    private static final int SHOWN = 3;

    private final transient List<BadInterval> intervals;

    /**
     * Bad data; for the library, and for code that stands in for it.
     *
     * @param call what was asked for
     * @param intervals every bad interval, in file order, at least one
     * @param bytesDone bytes known to be written or delivered
     */
    public ProtectionException(Call call, List<BadInterval> intervals, long bytesDone) {
        super(describe(intervals), call, 0, bytesDone);
        this.intervals = List.copyOf(intervals);
    }

    /**
     * What is bad.
     *
     * @return every bad interval, in file order, at least one
     */
    public List<BadInterval> intervals() {
        return intervals;
    }

    private static String describe(List<BadInterval> intervals) {
        StringBuilder text = new StringBuilder("protection information does not match: ");
        for (BadInterval interval : intervals.subList(0, Math.min(SHOWN, intervals.size()))) {
            text.append(interval).append("; ");
        }
        if (intervals.size() > SHOWN) {
            text.append(intervals.size() - SHOWN).append(" more; ");
        }
        return text.append(intervals.size()).append(" bad in all").toString();
    }
}
