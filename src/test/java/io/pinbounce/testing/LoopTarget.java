package io.pinbounce.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A loop device, or a file on a file system on one, for one test.
 *
 * <pre>{@code
 * Requirements.loop();
 * try (LoopTarget target = LoopTarget.open("--size", "512M", "--fs", "xfs")) {
 *     use(target.path());
 * }
 * }</pre>
 *
 * <p>{@code ci/loop} makes it and holds it for as long as the standard input of its command stays
 * open. The end of this JVM closes that, however it comes: nothing is left behind by a test that
 * crashes.
 */
public final class LoopTarget implements AutoCloseable {

    private static final long LIMIT_SECONDS = 300;

    private final Process script;

    private final Path path;

    private LoopTarget(Process script, Path path) {
        this.script = script;
        this.path = path;
    }

    /**
     * Makes a target; what {@code ci/loop} has to say goes to standard error.
     *
     * @param options of {@code ci/loop}, such as {@code "--sector-size", "4096"}
     * @return the target, ready to be opened
     * @throws AssertionError if {@code ci/loop} did not make it
     */
    public static LoopTarget open(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Command.ofProject("ci/loop"));
        command.addAll(List.of(options));
        command.addAll(List.of("--", "sh", "-c", "echo \"$1\"; exec cat", "sh", "{}"));
        try {
            Process script =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            BufferedReader out = script.inputReader(StandardCharsets.UTF_8);
            String path = out.readLine();
            if (path == null) {
                throw new AssertionError(
                        "ci/loop made no target, standard error says why: command=%s status=%d"
                                .formatted(command, script.waitFor()));
            }
            return new LoopTarget(script, Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw Command.interrupted(e);
        }
    }

    /**
     * Where it is.
     *
     * @return the block device; with {@code --fs}, a file that does not exist yet
     */
    public Path path() {
        return path;
    }

    /**
     * Takes it down and waits for the end of that; whatever was opened on it must be closed.
     *
     * @throws AssertionError if something was left in use
     */
    @Override
    public void close() {
        try {
            script.getOutputStream().close();
            if (!script.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                script.destroy();
                throw new AssertionError("ci/loop did not end: path=" + path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw Command.interrupted(e);
        }
        if (script.exitValue() != 0) {
            throw new AssertionError(
                    "ci/loop could not take everything down: path=%s status=%d"
                            .formatted(path, script.exitValue()));
        }
    }
}
