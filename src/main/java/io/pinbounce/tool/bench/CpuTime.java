package io.pinbounce.tool.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * For how long processors were busy with something. Immutable.
 *
 * <p>The kernel counts a thread's time on a processor in nanoseconds, but without the mode ({@code
 * schedstat}); by mode it counts in hundredths of a second ({@code stat}). So the sum is from the
 * former, and how it splits from the latter, which is worth something over a second or more. The
 * former is brought up to date when a thread leaves its processor: one that asks for its own leaves
 * it first.
 *
 * @param nanos in both modes; 0 if unknown
 * @param user what of it was in user mode, as a weight beside the other
 * @param system what of it was in the kernel
 */
record CpuTime(double nanos, double user, double system) {

    /** Not measured. */
    static final CpuTime UNKNOWN = new CpuTime(0, 0, 0);

    private static final Path TASKS = Path.of("/proc/self/task");

    private static final Path OWN = Path.of("/proc/thread-self/schedstat");

    /** Fields of a task's stat behind its name (proc(5): utime is the 14th of all). */
    private static final int USER_FIELD = 11;

    /** What the current thread used until now, in nanoseconds. */
    static long ofThread() throws IOException {
        LockSupport.parkNanos(1);
        return nanos(OWN);
    }

    /** The first number is time on a processor (Documentation/scheduler, Linux). */
    private static long nanos(Path schedstat) throws IOException {
        String text = Files.readString(schedstat);
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    CpuTime plus(CpuTime other) {
        return new CpuTime(nanos + other.nanos, user + other.user, system + other.system);
    }

    private CpuTime minus(CpuTime other) {
        return new CpuTime(nanos - other.nanos, user - other.user, system - other.system);
    }

    /** How much of the time was in user mode, 0 to 1; 0 if unknown. */
    double userShare() {
        return user + system == 0 ? 0 : user / (user + system);
    }

    /** What every thread of this process used until now. */
    static final class Snapshot {

        private final Map<String, CpuTime> threads = new HashMap<>();

        private Snapshot() {}

        /**
         * Looks at all threads but those that compile: what they do ends, and has no part in a
         * request.
         */
        static Snapshot take() throws IOException {
            LockSupport.parkNanos(1);
            Snapshot snapshot = new Snapshot();
            try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
                for (Path task : tasks) {
                    snapshot.add(task);
                }
            }
            return snapshot;
        }

        private void add(Path task) throws IOException {
            try {
                String stat = Files.readString(task.resolve("stat"));
                int name = stat.indexOf('(') + 1;
                if (stat.startsWith("C1 ", name) || stat.startsWith("C2 ", name)) {
                    return;
                }
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                threads.put(
                        String.valueOf(task.getFileName()),
                        new CpuTime(
                                nanos(task.resolve("schedstat")),
                                Long.parseLong(fields[USER_FIELD]),
                                Long.parseLong(fields[USER_FIELD + 1])));
            } catch (NoSuchFileException e) {
                // The thread has ended meanwhile.
            }
        }

        /** What was used from then to now, by threads that are still there. */
        CpuTime since(Snapshot start) {
            CpuTime sum = UNKNOWN;
            for (Map.Entry<String, CpuTime> thread : threads.entrySet()) {
                CpuTime before = start.threads.getOrDefault(thread.getKey(), UNKNOWN);
                sum = sum.plus(thread.getValue().minus(before));
            }
            return sum;
        }
    }
}
