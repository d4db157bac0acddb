package io.pinbounce.torture;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a run has shown.
 *
 * <p>The judge is strict on both sides. One bounced or automatic operation that went wrong fails
 * the run, whatever the control says. And a run passes only if it could have failed: in each of its
 * cases a pinned cell, of whatever size, must have torn, and a bounced or automatic cell must have
 * run.
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
        return cells.isEmpty() || !blindCases().isEmpty() || !untestedCases().isEmpty()
                ? Verdict.INCONCLUSIVE
                : Verdict.PASS;
    }

    /**
     * Cases whose control tore in no size, or did not run, so that their good results show nothing.
     *
     * @return in the order in which they ran
     */
    public Set<TortureCase> blindCases() {
        return casesWithout(CellResult.Verdict.TORN_AS_EXPECTED);
    }

    /**
     * Cases of which only the control ran.
     *
     * @return in the order in which they ran
     */
    public Set<TortureCase> untestedCases() {
        Set<TortureCase> cases = casesWithout(CellResult.Verdict.HELD);
        cases.removeAll(casesWith(CellResult.Verdict.FAILED));
        return cases;
    }

    private Set<TortureCase> casesWithout(CellResult.Verdict verdict) {
        Set<TortureCase> cases = new LinkedHashSet<>();
        cells.forEach(cell -> cases.add(cell.cell().kind()));
        cases.removeAll(casesWith(verdict));
        return cases;
    }

    private Set<TortureCase> casesWith(CellResult.Verdict verdict) {
        Set<TortureCase> cases = new LinkedHashSet<>();
        cells.stream()
                .filter(cell -> cell.verdict() == verdict)
                .forEach(cell -> cases.add(cell.cell().kind()));
        return cases;
    }
}
