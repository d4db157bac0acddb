package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

/**
 * The one logger, {@code io.pinbounce}. A line that cannot be logged is lost, and whoever says it
 * goes on: a process without free descriptors cannot load what java.util.logging needs for its
 * first line, and that fails with an error, in the middle of the work that the line is about.
 */
public final class Log {

    private Log() {}

    /**
     * Logs a line.
     *
     * @param level how much it matters
     * @param line in words
     */
    public static void say(System.Logger.Level level, String line) {
        say(level, line, null);
    }

    /**
     * Logs a line, and what it comes from.
     *
     * @param level how much it matters
     * @param line in words
     * @param cause null for none
     */
    public static void say(System.Logger.Level level, String line, @Nullable Throwable cause) {
        try {
            System.getLogger("io.pinbounce").log(level, line, cause);
        } catch (RuntimeException | Error _) {
            // Lost, see above.
        }
    }
}
