package io.pinbounce.crash;

import io.pinbounce.crash.Event.Kind;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Prints at once what a writer does, for its parent process, and numbers it. */
final class WriterLog {

    private final OutputStream out;

    private final AtomicLong versions;

    private final AtomicLong forces = new AtomicLong();

    WriterLog(OutputStream out, long firstVersion) {
        this.out = out;
        versions = new AtomicLong(firstVersion);
    }

    /** Announces a write, and gives its version. */
    long write(int first, int count) {
        long version = versions.getAndIncrement();
        say(new Event(Kind.WRITE, version, first, count));
        return version;
    }

    /** Announces a force, and gives its number. */
    long force() {
        long number = forces.getAndIncrement();
        say(Kind.FORCE, number);
        return number;
    }

    void say(Kind kind, long number) {
        say(Event.of(kind, number));
    }

    /** One system call a line, so that no line is cut short or mixed with another. */
    private void say(Event event) {
        byte[] line = (event.line() + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(line);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
