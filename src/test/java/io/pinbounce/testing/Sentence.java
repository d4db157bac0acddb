package io.pinbounce.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;

/** What the message of an error, for a user, is like. */
public final class Sentence {

    /** Names of values that tell two things apart only if each is there once. */
    private static final List<String> ONCE =
            List.of("op", "path", "errno", "sidecar", "file", "bytesDone");

    private static final Pattern PATH_TWICE =
            Pattern.compile("(/[^\\s:;,()]+)(?=[\\s:;,()]).*(?<![^\\s=(])\\1(?=[\\s:;,()]|$)");

    private Sentence() {}

    /** Requires words, and each value once at the most. */
    public static String of(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        check(message);
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            check(String.valueOf(cause.getMessage()));
        }
        return message;
    }

    /** The same for a line that a command prints. */
    public static void check(String message) {
        assertTrue(message.strip().contains(" "), "no sentence: " + message);
        for (String name : ONCE) {
            assertFalse(
                    Pattern.compile("\\b%s=.*\\b%s=".formatted(name, name), Pattern.DOTALL)
                            .matcher(message)
                            .find(),
                    name + " is there twice: " + message);
        }
        assertFalse(PATH_TWICE.matcher(message).find(), "a path is there twice: " + message);
    }
}
