package io.pinbounce.testing;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * What the fields of some objects hold, and those of every object of the project that can be
 * reached from them, a line each. Read while other threads change them: lines need not agree.
 */
public final class Fields {

    private static final int MOST = 5_000; // objects

    private static final String PROJECT = "io.pinbounce.";

    private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();

    private final Queue<Object> left = new ArrayDeque<>();

    private final StringBuilder lines = new StringBuilder();

    private Fields() {}

    /**
     * A line for each object.
     *
     * @param roots where to begin
     */
    public static String of(Object... roots) {
        Fields fields = new Fields();
        for (Object root : roots) {
            fields.lines.append("about ").append(fields.text(root)).append('\n');
        }
        for (Object next = fields.left.poll(); next != null; next = fields.left.poll()) {
            fields.describe(next);
        }
        return fields.lines.toString();
    }

    private void describe(Object object) {
        StringJoiner line = new StringJoiner(" ", name(object) + ": ", "\n");
        for (Class<?> type = object.getClass(); isOfProject(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    line.add(field.getName() + "=" + value(object, field));
                }
            }
        }
        lines.append(line);
    }

    private static boolean isOfProject(@Nullable Class<?> type) {
        return type != null && type.getName().startsWith(PROJECT) && !type.isEnum();
    }

    private String value(Object object, Field field) {
        try {
            field.setAccessible(true);
            return text(field.get(object));
        } catch (IllegalAccessException | RuntimeException e) {
            return e.toString(); // changed meanwhile, for example
        }
    }

    private String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Collection<?> all -> all.stream().map(this::text).toList().toString();
            case Map<?, ?> all -> all.entrySet().stream().map(this::text).toList().toString();
            case Map.Entry<?, ?> entry -> text(entry.getKey()) + "=" + text(entry.getValue());
            case Object[] all -> text(Arrays.asList(all));
            case AtomicReferenceArray<?> all ->
                    text(IntStream.range(0, all.length()).mapToObj(all::get).toList());
            default -> isOfProject(value.getClass()) ? name(value) : String.valueOf(value);
        };
    }

    /** A name by which other lines mean the same object; its own line follows. */
    private String name(Object object) {
        Integer number = numbers.get(object);
        if (number == null && numbers.size() < MOST) {
            number = numbers.size();
            numbers.put(object, number);
            left.add(object);
        }
        String type = object.getClass().getName().substring(PROJECT.length());
        return type + "#" + (number == null ? "?" : number);
    }
}
