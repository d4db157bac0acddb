package io.pinbounce.tool.torture;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a run has shown.
 *
 * <p>The judge is strict on both sides. One bounced or automatic operation that went wrong fails
 * the run, whatever the control says, and so does one completion that was another request's. And a
 * run passes only if it could have failed: in each of its cases, at each depth, a pinned cell, of
 * whatever size, must have torn, and a bounced or automatic cell must have run. In {@code
 * out-of-order}, which tears nothing, a request must have overtaken another. An unguarded case,
 * which most targets cannot judge, may show nothing, unless there is no other.
 *
 * @param cells counts of every cell
 */
public record TortureReport(List<CellResult> cells) {

    /** The outcome of a run. */
    public enum Verdict {
        /** Pinning tore and bouncing held. */
        PASS,
        /** Bouncing did not hold. */
        FAIL,
        /** Nothing went wrong, but the test could not have seen it. */
        INCONCLUSIVE
    }

    /** Keeps its own copy of the list. */
    public TortureReport {
        cells = List.copyOf(cells);
    }

    /**
     * Judges the run.
     *
     * @return the verdict
     */
    public Verdict verdict() {
        if (cells.stream().anyMatch(cell -> cell.verdict() == CellResult.Verdict.FAILED)) {
            return Verdict.FAIL;
        }
        return cells.isEmpty()
                        || !blindCases().isEmpty()
                        || !untestedCases().isEmpty()
                        || !orderlyCases().isEmpty()
                        || unjudgedCases().equals(cases(_ -> true))
                ? Verdict.INCONCLUSIVE
                : Verdict.PASS;
    }

    /**
     * Cases whose control tore in no size, or did not run, so that their good results show nothing.
     *
     * @return their titles, in the order in which they ran
     */
    public Set<String> blindCases() {
        Set<String> cases = cases(cell -> cell.cell().kind().hasControl());
        cases.removeAll(casesWith(CellResult.Verdict.TORN_AS_EXPECTED));
        return cases;
    }

    /**
     * Cases of which only the control ran.
     *
     * @return their titles, in the order in which they ran
     */
    public Set<String> untestedCases() {
        Set<String> cases = cases(cell -> cell.cell().kind().hasControl());
        cases.addAll(casesWith(CellResult.Verdict.SEEN_BY_TARGET));
        cases.removeAll(casesWith(CellResult.Verdict.HELD));
        cases.removeAll(casesWith(CellResult.Verdict.FAILED));
        return cases;
    }

    /**
     * Cases that are about order, and saw none but that in which the requests were asked for.
     *
     * @return their titles, in the order in which they ran
     */
    public Set<String> orderlyCases() {
        Set<String> cases = casesWith(CellResult.Verdict.ALWAYS_IN_ORDER);
        cases.removeAll(casesWith(CellResult.Verdict.HELD));
        return cases;
    }

    /**
     * Unguarded cases in which the target found no fault with what was pinned.
     *
     * @return their titles, in the order in which they ran
     */
    public Set<String> unjudgedCases() {
        Set<String> cases = cases(cell -> !cell.cell().kind().isGuarded());
        cases.removeAll(casesWith(CellResult.Verdict.SEEN_BY_TARGET));
        return cases;
    }

    private Set<String> casesWith(CellResult.Verdict verdict) {
        return cases(cell -> cell.verdict() == verdict);
    }

    private Set<String> cases(Predicate<CellResult> which) {
        return cells.stream()
                .filter(which)
                .map(cell -> cell.cell().title())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
