package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.tool.scrub.ScrubProgress;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;

final class ScrubLineTest {

    @Test
    void aBarHasSpeedAndTimeLeft() {
        assertEquals(
                "[####............]  25 %  1 GiB of 4 GiB  512 MiB/s  6 s left  3 bad",
                text(1L << 30, 4L << 30, Duration.ofSeconds(2), 3));
    }

    @Test
    void beforeTheFirstByteTheTimeLeftIsUnknown() {
        assertEquals(
                "[................]   0 %  0 B of 4 GiB  0 B/s  ages left  0 bad",
                text(0, 4L << 30, Duration.ofSeconds(1), 0));
    }

    @Test
    void atTheEndTheBarIsFull() {
        assertEquals(
                "[################] 100 %  10 MiB of 10 MiB  10 MiB/s  0 s left  0 bad",
                text(10 << 20, 10 << 20, Duration.ofSeconds(1), 0));
        assertEquals(
                "[################] 100 %  0 B of 0 B  0 B/s  0 s left  0 bad",
                text(0, 0, Duration.ZERO, 0));
    }

    @Test
    void aLineIsWrittenInPlaceAndFitsATerminal() {
        StringWriter out = new StringWriter();
        try (TerminalLine line = new TerminalLine(new PrintWriter(out))) {
            line.write("first");
            line.write("x".repeat(100));
        }
        assertEquals("\r\33[Kfirst\r\33[K" + "x".repeat(79) + "\r\33[K", out.toString());
    }

    @Test
    void aLineThatWasNeverWrittenIsNotErased() {
        StringWriter out = new StringWriter();
        new TerminalLine(new PrintWriter(out)).close();
        assertEquals("", out.toString());
    }

    private static String text(long done, long total, Duration elapsed, long bad) {
        return ScrubLine.text(new ScrubProgress(done, total, elapsed, bad));
    }
}
