package io.pinbounce.tool.bench;

import io.pinbounce.internal.linux.InstructionSet;
import io.pinbounce.internal.linux.StubLibrary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the figures were measured on.
 *
 * @param kernel the release of Linux
 * @param processor the processor's own name
 * @param processors how many this process may use
 * @param features of the processor that guards can use
 * @param guards what computes them
 * @param memoryBytes of the machine; 0 if unknown
 * @param java the release of Java
 * @param load how busy the machine was in the last minute, before anything was measured
 */
public record Machine(
        String kernel,
        String processor,
        int processors,
        List<String> features,
        String guards,
        long memoryBytes,
        String java,
        double load) {

    private static final Set<String> FEATURES =
            Set.of("ssse3", "avx2", "avx512f", "avx512bw", "pclmulqdq", "vpclmulqdq", "pmull");

    private static final int KIB = 1024;

    /** Keeps its own copy of the features. */
    public Machine {
        features = List.copyOf(features);
    }

    /**
     * Looks at this machine.
     *
     * @return what the kernel and the JVM report of it
     */
    public static Machine here() {
        List<String> cpuinfo = text("/proc/cpuinfo").lines().toList();
        InstructionSet guards = StubLibrary.instructions();
        return new Machine(
                text("/proc/sys/kernel/osrelease"),
                field(cpuinfo, "model name", System.getProperty("os.arch", "unknown")),
                Runtime.getRuntime().availableProcessors(),
                features(field(cpuinfo, "flags", field(cpuinfo, "Features", ""))),
                guards == null
                        ? "Java, because " + StubLibrary.reason()
                        : guards + " of the native library",
                number(field(text("/proc/meminfo").lines().toList(), "MemTotal", "0")) * KIB,
                System.getProperty("java.version", "unknown"),
                Double.parseDouble("0" + text("/proc/loadavg").split(" ", 2)[0]));
    }

    private static List<String> features(String all) {
        return Arrays.stream(all.split(" ", -1)).filter(FEATURES::contains).sorted().toList();
    }

    /** The first value of that name, in lines of a name, a colon, and a value. */
    static String field(List<String> lines, String name, String missing) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(missing);
    }

    private static long number(String text) {
        String digits = text.split(" ", 2)[0];
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
    }

    /**
     * What the kernel says of a device's queue.
     *
     * @param devices kernel names, as in {@link io.pinbounce.Geometry#device()}
     * @return scheduler, cache and kind of each, or an empty string if it says nothing
     */
    public static String queues(String devices) {
        return Stream.of(devices.split("[ ,]+"))
                .filter(name -> !name.isEmpty())
                .map(Machine::queue)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String queue(String device) {
        Path entry = Path.of("/sys/class/block", device);
        try {
            Path real = entry.toRealPath();
            Path parent = real.getParent();
            Path disk = Files.exists(real.resolve("queue")) || parent == null ? real : parent;
            String queue = disk.resolve("queue") + "/";
            String schedulers = text(queue + "scheduler");
            String scheduler = schedulers.replaceFirst(".*\\[(.*)].*", "$1");
            String kind = text(queue + "rotational").equals("1") ? "rotating" : "not rotating";
            String cache = text(queue + "write_cache");
            return "scheduler %s, %s, cache: %s".formatted(scheduler, kind, cache);
        } catch (IOException e) {
            return "";
        }
    }

    /** Which files there are depends on the kernel, and on containers that hide them. */
    private static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
