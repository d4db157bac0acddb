package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Transfer;
import io.pinbounce.tool.torture.CellResult;
import io.pinbounce.tool.torture.TortureCase;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TortureReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What is printed for people, above all of failures, which no real run shows. */
final class TortureTextTest {

    @Test
    void aFailureSaysWhatWentWrong() {
        assertEquals(
                """
                case              depth    size  mode    operations   disturbances       torn  \
                refused  unreadable  verdict
                read-race             1  64 KiB  PIN          1,000      1,000,000          0  \
                      0           0  no tear seen
                read-race             1  64 KiB  BOUNCE       1,000      1,000,000          2  \
                      0           0  FAILED

                memset-write          1   4 KiB  AUTO         1,000      1,000,000          0  \
                      0           0  held

                unguarded-write       1   4 KiB  PIN          1,000      1,000,000          0  \
                     40           0  seen by target
                unguarded-write       1   4 KiB  AUTO         1,000      1,000,000          0  \
                      0           7  FAILED

                FAIL: 9 of 3,000 operations went wrong that may never do so: data on the target, \
                or what was read of it, does not match its protection information or its request, \
                or the target refused it.
                To repeat: pinbounce torture
                """,
                text(
                        cell(TortureCase.READ_RACE, 65536, Transfer.PIN, 0, 0),
                        cell(TortureCase.READ_RACE, 65536, Transfer.BOUNCE, 0, 2),
                        cell(TortureCase.MEMSET_WRITE, 4096, Transfer.AUTO, 0, 0),
                        unguarded(Transfer.PIN, 40, 0),
                        unguarded(Transfer.AUTO, 0, 7)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | the target found no fault with PIN: it needs no memory to hold still.",
                "40 | the target found fault with 40 of 1,000 operations under PIN."
            })
    void aPassSaysWhatTheTargetFound(long refused, String sentence) {
        String text =
                text(
                        cell(TortureCase.READ_RACE, 65536, Transfer.PIN, 5, 0),
                        cell(TortureCase.READ_RACE, 65536, Transfer.AUTO, 0, 0),
                        unguarded(Transfer.PIN, refused, 0),
                        unguarded(Transfer.AUTO, 0, 0));
        String control = "PASS: PIN, the control, tore 5 of 1,000 operations; AUTO tore none of";
        assertTrue(text.contains(control + " 2,000."), text);
        assertTrue(text.contains(" Without a guard, " + sentence + "\n"), text);
    }

    @Test
    void aRunOfUnguardedCasesSaysThatItsTargetCannotJudge() {
        String text = text(unguarded(Transfer.PIN, 0, 0), unguarded(Transfer.AUTO, 0, 0));
        assertTrue(
                text.contains("INCONCLUSIVE: the target found no fault with PIN in unguarded-"),
                text);
    }

    @ParameterizedTest
    @CsvSource({"PASS, 0", "FAIL, 1", "INCONCLUSIVE, 3"})
    void theVerdictSetsTheExitStatus(TortureReport.Verdict verdict, int status) {
        assertEquals(status, TortureCommand.status(verdict));
    }

    private static String text(CellResult... cells) {
        StringWriter out = new StringWriter();
        new TortureText(new PrintWriter(out), Ansi.OFF, "pinbounce torture")
                .result(new TortureReport(List.of(cells)));
        return out.toString();
    }

    private static CellResult unguarded(Transfer mode, long refused, long unreadable) {
        return new CellResult(
                new TortureCell(TortureCase.UNGUARDED_WRITE, 4096, mode, 1),
                "none",
                new CellResult.Counts(1000, 1_000_000, 0, refused, unreadable, 0, 0));
    }

    private static CellResult cell(
            TortureCase kind, int size, Transfer mode, long torn, long falseErrors) {
        return new CellResult(
                new TortureCell(kind, size, mode, 1),
                "none",
                new CellResult.Counts(1000, 1_000_000, torn, 0, 0, falseErrors, 0));
    }
}
