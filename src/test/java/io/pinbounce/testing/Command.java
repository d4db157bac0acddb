package io.pinbounce.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How a program ended.
 *
 * @param status its exit status
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
public record Command(int status, String out, String err) {

    private static final long LIMIT_SECONDS = 300;

    /**
     * Runs a program to its end, without standard input.
     *
     * @param command the program and its arguments
     * @return how it ended
     */
    public static Command run(String... command) {
        return run(new ProcessBuilder(command), process -> {});
    }

    /**
     * Runs a program to its end, and does something to it meanwhile.
     *
     * @param builder the program; where its output goes is decided here
     * @param meanwhile called once it has started, for example to send it a signal
     * @return how it ended
     */
    public static Command run(ProcessBuilder builder, Consumer<Process> meanwhile) {
        try {
            // Files, not pipes: a process that outlives the program would keep a pipe open.
            Path out = Files.createTempFile("pinbounce-out", ".txt");
            Path err = Files.createTempFile("pinbounce-err", ".txt");
            try {
                Process process =
                        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
                process.getOutputStream().close();
                meanwhile.accept(process);
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroy();
                    throw new AssertionError(
                            "the program did not end: command=%s seconds=%d out=%s err=%s"
                                    .formatted(
                                            builder.command(),
                                            LIMIT_SECONDS,
                                            Files.readString(out),
                                            Files.readString(err)));
                }
                return new Command(
                        process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Sends a signal to a process, or to a whole group of processes.
     *
     * @param signal its name, such as {@code INT}
     * @param pid of the process; negative for the group that it leads
     */
    public static void signal(String signal, long pid) {
        // The shell's own kill: a small machine may have no other.
        Command kill = run("sh", "-c", "kill -s %s -- %d".formatted(signal, pid));
        if (kill.status() != 0) {
            throw new AssertionError("the signal was not sent: " + kill);
        }
    }

    /**
     * A program of the project, by its path from the project's folder, where Maven runs the tests.
     *
     * @param path such as {@code ci/loop}
     * @return the absolute path
     */
    public static String ofProject(String path) {
        return Path.of(path).toAbsolutePath().toString();
    }

    /**
     * Everything that is to be seen of it, for assertion messages.
     *
     * @return status and both outputs
     */
    @Override
    public String toString() {
        return "status=%d out=[%s] err=[%s]".formatted(status, out, err);
    }

    static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a program ran", cause);
    }
}
