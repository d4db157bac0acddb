package io.pinbounce.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Mounts of one test, each on a folder of its own; the last is taken down first. */
public final class Mounts implements AutoCloseable {

    private final Deque<Path> points = new ArrayDeque<>();

    /**
     * Mounts something.
     *
     * @param arguments of {@code mount}, but for where it is mounted
     * @return where it is mounted
     */
    public Path mount(String... arguments) {
        try {
            Path point = Files.createTempDirectory("pi");
            points.push(point);
            mountOn(point, arguments);
            return point;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Mounts something again.
     *
     * @param point where something was mounted before
     * @param arguments of {@code mount}, but for where it is mounted
     */
    public void mountOn(Path point, String... arguments) {
        String[] command = new String[arguments.length + 2];
        command[0] = "mount";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        command[command.length - 1] = point.toString();
        run(command);
    }

    private static void run(String... command) {
        Command done = Command.run(command);
        if (done.status() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + done);
        }
    }

    @Override
    public void close() {
        while (!points.isEmpty()) {
            Path point = points.pop();
            Command unmounted = Command.run("umount", point.toString());
            Command removed = Command.run("rmdir", point.toString());
            if (removed.status() != 0) {
                throw new AssertionError("still mounted: " + unmounted);
            }
        }
    }
}
