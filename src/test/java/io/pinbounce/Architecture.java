package io.pinbounce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The rules of who may use whom, for classes given as names: each class with all those that it
 * mentions.
 */
final class Architecture {

    private static final String ROOT = "io.pinbounce";

    /** From left to right: a package uses packages that stand left of it, and no neighbours. */
    private static final List<Set<String>> LEVELS =
            List.of(
                    Set.of("internal.linux"),
                    Set.of("internal.crc", "buffer", "internal.engine"),
                    Set.of("internal.uring", "pi"),
                    Set.of("internal.sidecar"),
                    Set.of(""),
                    Set.of("tool.scratch"),
                    Set.of("tool.torture", "tool.scrub", "tool.bench", "lucene"),
                    Set.of("tool.cli"));

    /** Names outside the project that only one package may mention. */
    private static final List<Reserved> RESERVED =
            List.of(
                    new Reserved(
                            "internal.linux",
                            name -> name.equals("java.lang.foreign.Linker") || in("jnr", name)),
                    new Reserved("tool.cli", name -> in("picocli", name)),
                    new Reserved("tool.bench", name -> in("org.HdrHistogram", name)));

    private record Reserved(String owner, Predicate<String> names) {}

    private Architecture() {}

    /** What breaks the rules, in words; empty if nothing does. */
    static NavigableSet<String> violations(Map<String, Set<String>> uses) {
        NavigableSet<String> found = new TreeSet<>();
        uses.forEach((user, used) -> used.forEach(name -> found.addAll(violations(user, name))));
        return found;
    }

    private static List<String> violations(String user, String used) {
        String from = packageOf(user);
        int level = level(from);
        if (level < 0) {
            return List.of("no place for package " + from + ": add it to Architecture.LEVELS");
        }
        List<String> found = new ArrayList<>();
        if (in(ROOT, used)) {
            String to = packageOf(used);
            if (!to.equals(from) && level(to) >= level) {
                found.add(from + " must not use " + to + ": " + user + " uses " + used);
            }
        }
        for (Reserved reserved : RESERVED) {
            if (reserved.names.test(used) && !from.equals(qualified(reserved.owner))) {
                found.add(
                        ("only " + qualified(reserved.owner) + " may use " + used)
                                + (": " + user + " does"));
            }
        }
        return found;
    }

    private static int level(String packageName) {
        for (int level = 0; level < LEVELS.size(); level++) {
            if (LEVELS.get(level).stream().anyMatch(n -> qualified(n).equals(packageName))) {
                return level;
            }
        }
        return -1;
    }

    private static String qualified(String simpleName) {
        return simpleName.isEmpty() ? ROOT : ROOT + "." + simpleName;
    }

    private static String packageOf(String className) {
        return className.substring(0, className.lastIndexOf('.'));
    }

    private static boolean in(String packageName, String className) {
        return className.startsWith(packageName + ".");
    }
}
