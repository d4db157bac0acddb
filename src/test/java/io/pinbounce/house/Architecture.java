package io.pinbounce.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules of which type may use which, for types given as binary names: each type with all those
 * that it uses.
 */
final class Architecture {

    /** Types that may use each other in a loop, at the most. */
    private static final int MAX_LOOP = 3;

    private static final String ROOT = "io.pinbounce";

    /**
     * The types of the root package that requests and their outcome are described with. They use
     * each other, {@link #WORDS_MAY_USE} and {@link #CONSTANTS}. A nested type belongs to the same
     * group as the type around it, unless it is listed itself.
     */
    private static final Set<String> WORDS =
            Set.of(
                    "BadInterval",
                    "Bypass",
                    "Completion",
                    "CompletionHandler",
                    "DirectCounts",
                    "DirectIo",
                    "DirectIoException",
                    "DirectIoStatus",
                    "Access",
                    "Contents",
                    "Existence",
                    "Durability",
                    "Engine",
                    "Geometry",
                    "Hole",
                    "Protection",
                    "ProtectionException",
                    "SidecarInfo",
                    "SidecarOptions",
                    "StabilityCheck",
                    "StablePages",
                    "Transfer",
                    "UnstableBufferException");

    /** The types of the root package that users open, and what they are opened with. */
    private static final Set<String> FRONT =
            Set.of("DirectFile", "DirectOptions", "DirectQueue", "Host", "IoService", "Sidecars");

    private static final String WORDS_LEVEL = "(words of the root package)";

    private static final String FRONT_LEVEL = "(front of the root package)";

    private static final Set<String> WORDS_MAY_USE = Set.of(WORDS_LEVEL, "buffer", "pi");

    /** The types inside that are constants, and their names for messages. */
    private static final Set<String> CONSTANTS = Set.of(ROOT + ".internal.linux.Errno");

    /** From left to right: a package uses packages that stand left of it, and no neighbours. */
    private static final List<Set<String>> LEVELS =
            List.of(
                    Set.of("internal.linux"),
                    Set.of("internal.crc", "buffer", "internal.engine"),
                    Set.of("internal.uring", "pi"),
                    Set.of("internal.sidecar"),
                    Set.of(WORDS_LEVEL),
                    Set.of("internal.thread"),
                    Set.of("internal.file"),
                    Set.of("internal.request"),
                    Set.of("internal.driver"),
                    Set.of(FRONT_LEVEL),
                    Set.of("lucene", "tool.scratch"),
                    Set.of("tool.torture", "tool.scrub", "tool.bench"),
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
        uses.forEach((user, used) -> found.addAll(violations(user, used)));
        for (NavigableSet<String> loop : TypeLoops.in(uses)) {
            if (loop.size() > MAX_LOOP) {
                found.add(
                        "a loop of %d types, more than %d: let one of them take the value that it"
                                        .formatted(loop.size(), MAX_LOOP)
                                + (" needs, or an interface of its own, instead of another: "
                                        + loop));
            }
        }
        return found;
    }

    private static List<String> violations(String user, Set<String> used) {
        String from = place(user);
        if (from.isEmpty()) {
            return user.contains("$") ? List.of() : List.of(unlisted(user, used));
        }
        if (level(from) < 0) {
            return List.of("no place for package " + from + ": add it to Architecture.LEVELS");
        }
        List<String> found = new ArrayList<>();
        for (String name : used) {
            if (in(ROOT, name) && !mayUse(from, name)) {
                found.add(from + " must not use " + place(name) + ": " + user + " uses " + name);
            }
            for (Reserved reserved : RESERVED) {
                if (reserved.names.test(name) && !from.equals(reserved.owner)) {
                    found.add("only " + reserved.owner + " may use " + name + ": " + user);
                }
            }
        }
        return found;
    }

    /** Allows the use of an unlisted type, which is reported once, where it is the user. */
    private static boolean mayUse(String from, String used) {
        String to = place(used);
        if (from.equals(WORDS_LEVEL) && !to.isEmpty()) {
            return WORDS_MAY_USE.contains(to) || CONSTANTS.contains(used);
        }
        return to.isEmpty() || to.equals(from) || level(to) < level(from);
    }

    private static String unlisted(String user, Set<String> used) {
        boolean word =
                used.stream()
                        .filter(name -> in(ROOT, name))
                        .allMatch(name -> mayUse(WORDS_LEVEL, name));
        return (user + " is in no list of types of the root package: add it to Architecture.")
                + (word ? "WORDS" : "FRONT, since it uses what words must not")
                + ", or move it to the package that it is a part of";
    }

    /** The name of a package below the root, or of a group of the root; empty if in no group. */
    private static String place(String className) {
        String packageName = className.substring(0, className.lastIndexOf('.'));
        if (!packageName.equals(ROOT)) {
            return packageName.substring(ROOT.length() + 1);
        }
        String type = className.substring(ROOT.length() + 1);
        while (!WORDS.contains(type) && !FRONT.contains(type)) {
            if (!type.contains("$")) {
                return "";
            }
            type = type.substring(0, type.lastIndexOf('$'));
        }
        return WORDS.contains(type) ? WORDS_LEVEL : FRONT_LEVEL;
    }

    /** The types of the root package that are in a list. */
    static Set<String> listed() {
        return Stream.of(WORDS, FRONT)
                .flatMap(Set::stream)
                .map(type -> ROOT + "." + type)
                .collect(Collectors.toSet());
    }

    private static int level(String place) {
        for (int level = 0; level < LEVELS.size(); level++) {
            if (LEVELS.get(level).contains(place)) {
                return level;
            }
        }
        return -1;
    }

    private static boolean in(String packageName, String className) {
        return className.startsWith(packageName + ".");
    }
}
