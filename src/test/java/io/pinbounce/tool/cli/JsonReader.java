package io.pinbounce.tool.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON back, as strictly as a test needs it: no escapes but the ones for quotes. */
final class JsonReader {

    private static final Pattern TOKEN =
            Pattern.compile("\\s*([{}\\[\\],:]|\"(?:[^\"\\\\]|\\\\[\"\\\\nrtu])*\"|[-+.\\w]+)\\s*");

    private final Matcher tokens;

    private String token = "";

    private JsonReader(String text) {
        this.tokens = TOKEN.matcher(text);
    }

    /** One value, and nothing behind it. */
    static Object read(String text) {
        JsonReader reader = new JsonReader(text);
        reader.next();
        Object value = reader.value();
        if (!reader.token.isEmpty()) {
            throw new AssertionError("text behind the value: " + text);
        }
        return value;
    }

    private void next() {
        if (tokens.regionStart() == tokens.regionEnd()) {
            token = "";
            return;
        }
        if (!tokens.lookingAt()) {
            throw new AssertionError("not JSON at offset=" + tokens.regionStart());
        }
        token = tokens.group(1);
        tokens.region(tokens.end(), tokens.regionEnd());
    }

    private void expect(String expected) {
        if (!token.equals(expected)) {
            throw new AssertionError("expected=" + expected + " found=" + token);
        }
        next();
    }

    private Object value() {
        String first = token;
        next();
        return switch (first.charAt(0)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> unescaped(first.substring(1, first.length() - 1));
            case 't' -> true;
            case 'f' -> false;
            default -> number(first);
        };
    }

    private static String unescaped(String text) {
        return Pattern.compile("\\\\(u(....)|.)")
                .matcher(text)
                .replaceAll(
                        escape ->
                                Matcher.quoteReplacement(
                                        switch (escape.group(1).charAt(0)) {
                                            case 'u' ->
                                                    Character.toString(
                                                            Integer.parseInt(escape.group(2), 16));
                                            case 'n' -> "\n";
                                            case 'r' -> "\r";
                                            case 't' -> "\t";
                                            default -> escape.group(1);
                                        }));
    }

    private static Object number(String digits) {
        return digits.contains(".") ? (Object) Double.valueOf(digits) : Long.valueOf(digits);
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        while (!token.equals("}")) {
            String key = (String) value();
            expect(":");
            object.put(key, value());
            if (!token.equals("}")) {
                expect(",");
            }
        }
        next();
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        while (!token.equals("]")) {
            array.add(value());
            if (!token.equals("]")) {
                expect(",");
            }
        }
        next();
        return array;
    }
}
