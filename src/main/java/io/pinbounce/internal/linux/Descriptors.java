package io.pinbounce.internal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The file descriptors of this process, and of which files they are ({@code /proc/self/fd}). */
public final class Descriptors {

    private static final Path FOLDER = Path.of("/proc/self/fd");

    /** What the JDK opens at once to load classes and native code, or to begin to log. */
    private static final int FEW = 16;

    private Descriptors() {}

    /**
     * Whether a few more can be opened now. What the JDK initialises while there are none, it
     * cannot initialise ever after.
     *
     * @param libc opens some and closes them again
     * @return true if there are enough to load classes and native code
     */
    static boolean left(LibC libc) {
        List<Integer> opened = new ArrayList<>();
        int fd = 0;
        while (fd >= 0 && opened.size() < FEW) {
            fd = libc.open("/dev/null", OpenFlags.O_RDONLY, 0);
            opened.add(fd);
        }
        opened.forEach(libc::close);
        return fd >= 0;
    }

    /**
     * The descriptors that refer to a file now.
     *
     * @param file a path of it
     * @return their numbers
     * @throws IOException if there is no such file, or no procfs
     */
    public static List<Integer> of(Path file) throws IOException {
        Path target = file.toRealPath();
        List<Integer> found = new ArrayList<>();
        try (Stream<Path> links = Files.list(FOLDER)) {
            for (Path link : links.toList()) {
                // The descriptor that lists the folder is gone by now.
                if (Files.exists(link) && Files.readSymbolicLink(link).equals(target)) {
                    found.add(Integer.parseInt(String.valueOf(link.getFileName())));
                }
            }
        }
        return found;
    }

    /**
     * The flags that a descriptor was opened with ({@code /proc/self/fdinfo}, in octal).
     *
     * @param fd its number
     * @return {@code O_*}
     * @throws IOException if it is closed
     */
    public static int flags(int fd) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).trim(), 8);
            }
        }
        throw new IOException("no flags, fd=" + fd);
    }
}
