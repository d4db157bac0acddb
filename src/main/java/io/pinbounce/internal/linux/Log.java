package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

/**
 * The one logger, {@code io.pinbounce}. A line that cannot be logged is no reason to fail. Without
 * descriptors it goes to standard error: java.util.logging cannot load then what it needs for its
 * first line, and if it tries, not ever after.
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
            if (Descriptors.left(LibC.system())) {
                System.getLogger("io.pinbounce").log(level, line, cause);
                return;
            }
        } catch (RuntimeException | Error _) {
            // What cannot be logged is printed.
        }
        System.err.println(level + ": " + line + (cause == null ? "" : ", " + cause));
    }
}
