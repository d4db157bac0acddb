package io.pinbounce.tool.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.Transfer;
import io.pinbounce.tool.torture.TortureReport.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The judge, on results that were never measured. */
final class TortureReportTest {

    @ParameterizedTest
    @CsvSource({
        // torn under PIN, BOUNCE, AUTO; false errors under BOUNCE, AUTO
        "9, 0, 0, 0, 0, PASS",
        "1, 0, 0, 0, 0, PASS",
        "0, 0, 0, 0, 0, INCONCLUSIVE",
        "9, 1, 0, 0, 0, FAIL",
        "9, 0, 1, 0, 0, FAIL",
        "9, 0, 0, 1, 0, FAIL",
        "9, 0, 0, 0, 1, FAIL",
        "0, 1, 0, 0, 0, FAIL",
    })
    void theCountsOfACaseGiveTheVerdict(
            long pin, long bounce, long auto, long falseBounce, long falseAuto, Verdict verdict) {
        TortureReport report =
                new TortureReport(
                        List.of(
                                cell(TortureCase.READ_RACE, 4096, Transfer.PIN, pin, 0),
                                cell(
                                        TortureCase.READ_RACE,
                                        4096,
                                        Transfer.BOUNCE,
                                        bounce,
                                        falseBounce),
                                cell(TortureCase.READ_RACE, 4096, Transfer.AUTO, auto, falseAuto)));
        assertEquals(verdict, report.verdict());
    }

    @Test
    void oneSizeThatTearsIsEnoughForItsCase() {
        TortureReport report =
                new TortureReport(
                        List.of(
                                cell(TortureCase.MEMSET_WRITE, 4096, Transfer.PIN, 0, 0),
                                cell(TortureCase.MEMSET_WRITE, 4096, Transfer.BOUNCE, 0, 0),
                                cell(TortureCase.MEMSET_WRITE, 65536, Transfer.PIN, 1, 0),
                                cell(TortureCase.MEMSET_WRITE, 65536, Transfer.BOUNCE, 0, 0)));
        assertEquals(Verdict.PASS, report.verdict());
        assertEquals(Set.of(), report.blindCases());
    }

    @Test
    void aTearInOneCaseDoesNotCountForAnother() {
        TortureReport report =
                new TortureReport(
                        List.of(
                                cell(TortureCase.WRITE_RACE, 4096, Transfer.PIN, 5, 0),
                                cell(TortureCase.WRITE_RACE, 4096, Transfer.BOUNCE, 0, 0),
                                cell(TortureCase.READ_RACE, 4096, Transfer.PIN, 0, 0),
                                cell(TortureCase.READ_RACE, 4096, Transfer.BOUNCE, 0, 0)));
        assertEquals(Verdict.INCONCLUSIVE, report.verdict());
        assertEquals(Set.of("read-race"), report.blindCases());
    }

    @Test
    void aCaseWithoutItsControlIsInconclusive() {
        TortureReport report =
                new TortureReport(
                        List.of(cell(TortureCase.WRITE_RACE, 4096, Transfer.BOUNCE, 0, 0)));
        assertEquals(Verdict.INCONCLUSIVE, report.verdict());
        assertEquals(Set.of("write-race"), report.blindCases());
    }

    @Test
    void theControlAloneIsInconclusive() {
        TortureReport report =
                new TortureReport(List.of(cell(TortureCase.WRITE_RACE, 4096, Transfer.PIN, 7, 0)));
        assertEquals(Verdict.INCONCLUSIVE, report.verdict());
        assertEquals(Set.of("write-race"), report.untestedCases());
    }

    @Test
    void anEmptyRunIsInconclusive() {
        assertEquals(Verdict.INCONCLUSIVE, new TortureReport(List.of()).verdict());
    }

    @Test
    void aTearAtOneDepthDoesNotCountForAnother() {
        TortureReport report =
                new TortureReport(
                        List.of(
                                cell(TortureCase.WRITE_RACE, 4096, Transfer.PIN, 5, 0),
                                cell(TortureCase.WRITE_RACE, 4096, Transfer.BOUNCE, 0, 0),
                                inFlight(TortureCase.WRITE_RACE, Transfer.PIN, 1000, 0),
                                inFlight(TortureCase.WRITE_RACE, Transfer.BOUNCE, 1000, 0)));
        assertEquals(Verdict.INCONCLUSIVE, report.verdict());
        assertEquals(Set.of("write-race at depth 16"), report.blindCases());
    }

    @ParameterizedTest
    @CsvSource({"7, 0, PASS", "7, 1, FAIL", "0, 1, FAIL", "0, 0, INCONCLUSIVE"})
    void outOfOrderHasNoControlButNeedsAnOvertaking(
            long overtakings, long misplaced, Verdict verdict) {
        TortureReport report =
                new TortureReport(
                        List.of(
                                inFlight(
                                        TortureCase.OUT_OF_ORDER,
                                        Transfer.PIN,
                                        overtakings,
                                        misplaced)));
        assertEquals(verdict, report.verdict());
        assertEquals(
                verdict == Verdict.INCONCLUSIVE ? Set.of("out-of-order at depth 16") : Set.of(),
                report.orderlyCases());
    }

    @Test
    void aMisplacedCompletionFailsTheControlToo() {
        TortureReport report =
                new TortureReport(List.of(inFlight(TortureCase.WRITE_RACE, Transfer.PIN, 9, 1)));
        assertEquals(Verdict.FAIL, report.verdict());
    }

    @ParameterizedTest
    @CsvSource({
        // refused under PIN, unreadable under PIN; both of another mode; with a guarded case or not
        "0, 0, 0, 0, false, INCONCLUSIVE",
        "0, 0, 0, 0, true, PASS",
        "3, 0, 0, 0, false, PASS",
        "0, 3, 0, 0, false, PASS",
        "3, 3, 0, 0, true, PASS",
        "0, 0, 1, 0, true, FAIL",
        "0, 0, 0, 1, true, FAIL",
        "3, 3, 0, 1, false, FAIL",
    })
    void theTargetMayFindFaultWithNothingButPin(
            long refused,
            long unreadable,
            long otherRefused,
            long otherUnreadable,
            boolean guarded,
            Verdict verdict) {
        for (Transfer other : List.of(Transfer.BOUNCE, Transfer.AUTO)) {
            List<CellResult> cells = new ArrayList<>();
            cells.add(unguarded(Transfer.PIN, refused, unreadable));
            cells.add(unguarded(other, otherRefused, otherUnreadable));
            if (guarded) {
                cells.add(cell(TortureCase.READ_RACE, 4096, Transfer.PIN, 9, 0));
                cells.add(cell(TortureCase.READ_RACE, 4096, other, 0, 0));
            }
            TortureReport report = new TortureReport(cells);
            assertEquals(verdict, report.verdict());
            assertEquals(
                    refused + unreadable == 0 ? Set.of("unguarded-write") : Set.of(),
                    report.unjudgedCases());
            assertEquals(Set.of(), report.blindCases());
        }
    }

    @Test
    void anUnguardedCaseWithPinAloneIsInconclusive() {
        TortureReport report = new TortureReport(List.of(unguarded(Transfer.PIN, 7, 0)));
        assertEquals(Verdict.INCONCLUSIVE, report.verdict());
        assertEquals(Set.of("unguarded-write"), report.untestedCases());
    }

    private static CellResult unguarded(Transfer mode, long refused, long unreadable) {
        return new CellResult(
                new TortureCell(TortureCase.UNGUARDED_WRITE, 4096, mode, 1),
                "none",
                new CellResult.Counts(10, 1000, 0, refused, unreadable, 0, 0));
    }

    private static CellResult cell(
            TortureCase kind, int size, Transfer mode, long torn, long falseErrors) {
        return new CellResult(
                new TortureCell(kind, size, mode, 1),
                "none",
                new CellResult.Counts(10, 1000, torn, 0, 0, falseErrors, 0));
    }

    private static CellResult inFlight(
            TortureCase kind, Transfer mode, long mutations, long misplaced) {
        return new CellResult(
                new TortureCell(kind, 4096, mode, 16),
                "none",
                new CellResult.Counts(10, mutations, 0, 0, 0, 0, misplaced));
    }
}
