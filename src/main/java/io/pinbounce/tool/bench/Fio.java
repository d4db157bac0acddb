package io.pinbounce.tool.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs fio, to compare with, on io_uring with registered files and buffers. Its processor time is
 * that of its one job, as it reports.
 */
public final class Fio {

    /** The flags that fio is started with. */
    enum Flags {
        /** As fio does unless told otherwise: each request by itself, in pages of 4 KiB. */
        DEFAULT,
        /** As a queue does: all that are ready in one call, in huge pages if they fill one. */
        BEST;

        private List<String> options(int depth) {
            return switch (this) {
                case DEFAULT -> List.of();
                case BEST ->
                        List.of(
                                "--iodepth_batch_submit=" + depth,
                                "--iodepth_batch_complete_max=" + depth);
            };
        }

        /** fio's memory comes from malloc, which glibc 2.35 and later makes of huge pages. */
        private Map<String, String> environment() {
            return switch (this) {
                case DEFAULT -> Map.of();
                case BEST -> Map.of("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
            };
        }
    }

    private Fio() {}

    /**
     * Why there is no fio.
     *
     * @return a sentence; empty if fio is there
     */
    public static String missing() {
        try {
            version();
            return "";
        } catch (IOException e) {
            return "fio is not found; install it (Debian: fio)";
        }
    }

    /** The name and version that fio prints, for example {@code fio-3.33}. */
    static String version() throws IOException {
        return output(List.of("fio", "--version"), Map.of()).strip();
    }

    static Measurement run(Path target, Traffic traffic, Window window, Flags flags)
            throws IOException {
        return parse(report(target, traffic, window, flags));
    }

    /** Runs fio and returns what it prints. */
    static String report(Path target, Traffic traffic, Window window, Flags flags)
            throws IOException {
        List<String> command = command(target, traffic, window);
        command.addAll(flags.options(traffic.depth()));
        return output(command, flags.environment());
    }

    private static String output(List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        byte[] output = process.getInputStream().readAllBytes();
        String report = new String(output, StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("fio failed: " + report + " command=" + command);
        }
        return report;
    }

    /** How long requests took, from being handed to the kernel to being handed back. */
    static Latency latency(String report) {
        return new Latency(
                sum(report, "50.000000") / 1e3,
                sum(report, "99.000000") / 1e3,
                sum(report, "99.900000") / 1e3);
    }

    private static List<String> command(Path path, Traffic traffic, Window window) {
        String random = traffic.pattern() == AccessPattern.RANDOM ? "rand" : "";
        return new ArrayList<>(
                List.of(
                        "fio",
                        "--name=rival",
                        "--ioengine=io_uring",
                        "--fixedbufs",
                        "--registerfiles",
                        "--direct=1",
                        "--time_based",
                        "--output-format=json",
                        "--filename=" + path,
                        "--size=" + traffic.span(),
                        "--rw=" + random + traffic.direction().name().toLowerCase(Locale.ROOT),
                        "--bs=" + traffic.size(),
                        "--iodepth=" + traffic.depth(),
                        "--ramp_time=" + millis(window.rampNanos()),
                        "--runtime=" + millis(window.nanos())));
    }

    /** At least one: without a time, fio would go on for a day. */
    private static String millis(long nanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)) + "ms";
    }

    /** Reads the figures of a report; those of a direction that was not asked for are 0. */
    static Measurement parse(String report) {
        double requests = sum(report, "total_ios");
        double runtime = sum(report, "job_runtime"); // in milliseconds
        double user = sum(report, "usr_cpu") / 100 * runtime;
        double system = sum(report, "sys_cpu") / 100 * runtime;
        return new Measurement(
                (long) requests,
                requests / sum(report, "iops") * 1e9,
                new CpuTime((user + system) * 1e6, user, system),
                0);
    }

    private static double sum(String report, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\" : ([0-9.]+)").matcher(report);
        double sum = 0;
        int found = 0;
        while (matcher.find()) {
            sum += Double.parseDouble(matcher.group(1));
            found++;
        }
        if (found == 0) {
            throw new IllegalArgumentException("fio's report lacks " + name + ": " + report);
        }
        return sum;
    }
}
