package io.pinbounce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.Transfer;
import io.pinbounce.torture.CellResult;
import io.pinbounce.torture.TortureCase;
import io.pinbounce.torture.TortureCell;
import io.pinbounce.torture.TortureReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What people read, above all when it goes wrong, which no real run shows. */
final class TortureTextTest {

    @Test
    void aFailureSaysWhatWentWrong() {
        assertEquals(
                """
                case              depth    size  mode    operations   disturbances        torn  \
                verdict
                read-race             1  64 KiB  PIN          1,000      1,000,000           0  \
                no tear seen
                read-race             1  64 KiB  BOUNCE       1,000      1,000,000           2  \
                FAILED

                memset-write          1   4 KiB  AUTO         1,000      1,000,000           0  \
                held

                FAIL: 2 of 2,000 operations went wrong that may never do so: data on the target, \
                or what was read of it, does not match its protection information or its request.
                To repeat: pinbounce torture
                """,
                text(
                        cell(TortureCase.READ_RACE, 65536, Transfer.PIN, 0, 0),
                        cell(TortureCase.READ_RACE, 65536, Transfer.BOUNCE, 0, 2),
                        cell(TortureCase.MEMSET_WRITE, 4096, Transfer.AUTO, 0, 0)));
    }

    @ParameterizedTest
    @CsvSource({"PASS, 0", "FAIL, 1", "INCONCLUSIVE, 3"})
    void theVerdictIsTheExitStatus(TortureReport.Verdict verdict, int status) {
        assertEquals(status, TortureCommand.status(verdict));
    }

    private static String text(CellResult... cells) {
        StringWriter out = new StringWriter();
        new TortureText(new PrintWriter(out), Ansi.OFF, "pinbounce torture")
                .result(new TortureReport(List.of(cells)));
        return out.toString();
    }

    private static CellResult cell(
            TortureCase kind, int size, Transfer mode, long torn, long falseErrors) {
        return new CellResult(
                new TortureCell(kind, size, mode, 1),
                "none",
                new CellResult.Counts(1000, 1_000_000, torn, falseErrors, 0));
    }
}
