package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;

final class StandardOutputTest {

    private final StringWriter err = new StringWriter();

    private int status(OutputStream stream, int status) {
        StandardOutput out = new StandardOutput(stream);
        PrintWriter writer = out.writer();
        writer.print("a result");
        writer.flush();
        writer.println("and more");
        return out.status(status, new PrintWriter(err));
    }

    private static OutputStream full() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
    }

    @Test
    void aResultThatIsWrittenLeavesTheStatus() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        assertEquals(ExitStatus.OK, status(written, ExitStatus.OK));
        assertEquals("a resultand more\n", written.toString(UTF_8));
        assertEquals("", err.toString());
    }

    @Test
    void aResultThatIsLostIsNoSuccess() {
        assertEquals(ExitStatus.UNUSABLE, status(full(), ExitStatus.OK));
    }

    @Test
    void whatWasFoundCountsMore() {
        assertEquals(ExitStatus.FAILURE_FOUND, status(full(), ExitStatus.FAILURE_FOUND));
        assertEquals(ExitStatus.INCONCLUSIVE, status(full(), ExitStatus.INCONCLUSIVE));
    }
}
