package io.pinbounce.tool.cli;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON (RFC 8259), indented, in ASCII: whatever encoding the terminal or pipe has, a reader
 * gets every character back.
 */
final class Json {

    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /**
     * Writes one value.
     *
     * @param value a {@link Map} with strings as keys, a {@link List}, a string, an enum constant,
     *     a finite number, a boolean, or null; maps keep their order
     * @return the text, without a line feed at its end
     * @throws IllegalArgumentException for a value that JSON has no word for
     */
    static String write(@Nullable Object value) {
        Json json = new Json();
        json.value(value, "\n");
        return json.out.toString();
    }

    private void value(@Nullable Object value, String newLine) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> object(map, newLine);
            case List<?> list -> array(list, newLine);
            case String string -> string(string);
            case Enum<?> constant -> string(constant.name());
            case Boolean bool -> out.append(bool);
            case Number number -> number(number);
            default ->
                    throw new IllegalArgumentException(
                            "JSON has maps, lists, strings, numbers and booleans, type="
                                    + value.getClass().getName());
        }
    }

    private void object(Map<?, ?> map, String newLine) {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        out.append('{');
        String inner = newLine + INDENT;
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            out.append(inner);
            string(String.valueOf(entry.getKey()));
            out.append(": ");
            value(entry.getValue(), inner);
            out.append(entries.hasNext() ? "," : newLine);
        }
        out.append('}');
    }

    private void array(List<?> list, String newLine) {
        Iterator<?> elements = list.iterator();
        out.append('[');
        String inner = newLine + INDENT;
        while (elements.hasNext()) {
            out.append(inner);
            value(elements.next(), inner);
            out.append(elements.hasNext() ? "," : newLine);
        }
        out.append(']');
    }

    private void number(Number number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException("JSON has finite numbers only, number=" + number);
        }
        out.append(number);
    }

    private void string(String string) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean plain = c >= ' ' && c <= '~';
                    out.append(plain ? c : "\\u%04x".formatted((int) c));
                }
            }
        }
        out.append('"');
    }
}
