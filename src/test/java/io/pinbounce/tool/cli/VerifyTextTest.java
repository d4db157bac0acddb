package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.BadInterval;
import io.pinbounce.BadInterval.Cause;
import io.pinbounce.tool.scrub.Ending;
import io.pinbounce.tool.scrub.ScrubReport;
import io.pinbounce.tool.scrub.UnreadableRange;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;

/** What is printed for people about damage that a test cannot make. */
final class VerifyTextTest {

    @Test
    void everythingThatIsBadHasALine() {
        assertEquals(
                """
                bad: interval=3 position=12288 damaged by a write that failed or was cut short
                bad: interval=9 position=36864 its tuple is lost: the place where it is \
                kept is damaged; the data may be good
                5 more bad; --limit shows more
                unreadable: position=1048576 length=1048576 errno=EIO (Input/output error)
                sidecar: the log: sectors=2
                DAMAGED: 7 of 1,024 intervals bad, 256 unreadable, the sidecar is damaged, \
                10 unprotected (4 MiB in 2.0 s).
                To mend it, restore or rewrite what is bad; or accept it as it is: \
                pinbounce reseal '' --interval A..B
                What cannot be read is mended by rewriting it, or by another disk.
                To protect the rest as it is: pinbounce seal ''
                """,
                text(
                        new ScrubReport(
                                Ending.COMPLETE,
                                4 << 20,
                                4 << 20,
                                1024,
                                10,
                                7,
                                List.of(
                                        new BadInterval(3, 12288, Cause.DAMAGED, null),
                                        new BadInterval(9, 36864, Cause.TUPLE_LOST, null)),
                                List.of(new UnreadableRange(1 << 20, 1 << 20, 5)),
                                256,
                                List.of("the log: sectors=2"),
                                Duration.ofSeconds(2))));
    }

    @Test
    void unreadableIntervalsAloneAreDamage() {
        assertEquals(
                """
                unreadable: position=0 length=1048576 errno=EIO (Input/output error)
                DAMAGED: 256 of 1,024 intervals unreadable (4 MiB in 1.0 s).
                What cannot be read is mended by rewriting it, or by another disk.
                """,
                text(
                        new ScrubReport(
                                Ending.COMPLETE,
                                4 << 20,
                                4 << 20,
                                1024,
                                0,
                                0,
                                List.of(),
                                List.of(new UnreadableRange(0, 1 << 20, 5)),
                                256,
                                List.of(),
                                Duration.ofSeconds(1))));
    }

    @Test
    void aStoppedScrubPrintsHowFarItGot() {
        assertEquals(
                """
                Stopped after 1 MiB of 4 MiB. UNFINISHED: so far, all of 256 intervals are as \
                they were written (1 MiB in 1.0 s).
                """,
                text(
                        new ScrubReport(
                                Ending.STOPPED,
                                1 << 20,
                                4 << 20,
                                256,
                                0,
                                0,
                                List.of(),
                                List.of(),
                                0,
                                List.of(),
                                Duration.ofSeconds(1))));
    }

    private static String text(ScrubReport report) {
        StringWriter out = new StringWriter();
        VerifyText text = new VerifyText(new PrintWriter(out), Ansi.OFF, new TargetOptions());
        text.findings(report);
        text.verdict(report);
        text.advice(report);
        return out.toString();
    }
}
