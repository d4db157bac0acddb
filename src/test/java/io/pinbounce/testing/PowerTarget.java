package io.pinbounce.testing;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Files on devices with a volatile write cache, whose power can be cut.
 *
 * <pre>{@code
 * Requirements.powerCut();
 * try (PowerTarget target = PowerTarget.open(2)) {
 *     long writer = startWriter(target.paths());
 *     target.cut(writer);
 *     check(target.paths());
 * }
 * }</pre>
 *
 * <p>{@code ci/power-cut} makes them and holds them for as long as its standard input stays open.
 * The end of this JVM closes that, however it comes: nothing is left behind by a test that crashes.
 */
public final class PowerTarget implements AutoCloseable {

    private static final long LIMIT_SECONDS = 300;

    private final Process script;

    private final BufferedReader out;

    private final BufferedWriter in;

    private final List<Path> paths = new ArrayList<>();

    private PowerTarget(Process script) {
        this.script = script;
        out = script.inputReader(StandardCharsets.UTF_8);
        in = script.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Makes files; what {@code ci/power-cut} has to say goes to standard error.
     *
     * @param files how many, each on a device of its own
     * @param options of {@code ci/power-cut}, such as {@code "--fs", "ext4"}
     * @return the target, ready to be opened
     * @throws AssertionError if {@code ci/power-cut} did not make it
     */
    public static PowerTarget open(int files, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Command.ofProject("ci/power-cut"));
        command.addAll(List.of("--files", Integer.toString(files)));
        command.addAll(List.of(options));
        try {
            PowerTarget target =
                    new PowerTarget(
                            new ProcessBuilder(command)
                                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                                    .start());
            for (int i = 0; i < files; i++) {
                target.paths.add(Path.of(target.answer()));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("ci/power-cut has ended, standard error says why");
        }
        return line;
    }

    /**
     * Where the files are.
     *
     * @return the same after each cut
     */
    public List<Path> paths() {
        return List.copyOf(paths);
    }

    /**
     * Cuts the power and gives it back. All that was not synced is gone.
     *
     * @param pid a process that uses the files, which is killed at the same instant
     */
    public void cut(long pid) {
        order("cut " + pid);
    }

    /** Cuts the power and gives it back, while no process uses the files. */
    public void cut() {
        order("cut");
    }

    private void order(String order) {
        try {
            in.write(order + "\n");
            in.flush();
            if (!answer().equals("on")) {
                throw new AssertionError("ci/power-cut did not do it: order=" + order);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes all down and waits for the end of that; whatever was opened must be closed.
     *
     * @throws AssertionError if something was left in use
     */
    @Override
    public void close() {
        try {
            in.close();
            if (!script.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                script.destroy();
                throw new AssertionError("ci/power-cut did not end: paths=" + paths);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw Command.interrupted(e);
        }
        if (script.exitValue() != 0) {
            throw new AssertionError(
                    "ci/power-cut could not take everything down: paths=%s status=%d"
                            .formatted(paths, script.exitValue()));
        }
    }
}
