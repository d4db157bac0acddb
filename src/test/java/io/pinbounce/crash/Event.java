package io.pinbounce.crash;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that a writer did or is about to do, as a line of text.
 *
 * @param kind what
 * @param number of the write, which is the version it brings; of the force
 * @param first cell of a write
 * @param count of its cells
 */
record Event(Kind kind, long number, int first, int count) {

    /** What a writer tells. */
    enum Kind {
        /** The writer is about to open the file. */
        OPENING,
        /** The writer has opened the file. */
        READY,
        /** The writer is about to write. */
        WRITE,
        /** The write has completed. */
        DONE,
        /** The write has completed, and is forced. */
        DURABLE,
        /** The writer is about to force what has completed so far. */
        FORCE,
        /** The force has completed. */
        FORCED
    }

    static Event of(Kind kind, long number) {
        return new Event(kind, number, 0, 0);
    }

    /** Without a newline. */
    String line() {
        return kind.name().toLowerCase(Locale.ROOT)
                + Stream.of(number, (long) first, (long) count)
                        .map(value -> " " + value)
                        .collect(Collectors.joining());
    }

    static Event parse(String line) {
        String[] words = line.split(" ");
        long[] values = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return new Event(
                Kind.valueOf(words[0].toUpperCase(Locale.ROOT)),
                values[0],
                (int) values[1],
                (int) values[2]);
    }
}
