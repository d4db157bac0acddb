package io.pinbounce.tool.cli;

/**
 * Text with names in it that others have given: a file's name may hold any character, also such as
 * command a terminal. These are shown as escapes.
 */
final class Printable {

    private Printable() {}

    /**
     * The text with control characters, and those that change the direction or order of what
     * follows, as escapes, for example {@code \n} and {@code \x1b}. All others stay as they are.
     */
    static String of(Object text) {
        StringBuilder out = new StringBuilder();
        text.toString().codePoints().forEach(c -> append(out, c));
        return out.toString();
    }

    /** Whether it shows a character as an escape. */
    static boolean isEscaped(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private static void append(StringBuilder out, int c) {
        if (!isEscaped(c)) {
            out.appendCodePoint(c);
            return;
        }
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                String form = c < 0x80 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                out.append(form.formatted(c));
            }
        }
    }
}
