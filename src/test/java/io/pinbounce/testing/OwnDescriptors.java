package io.pinbounce.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The descriptors that a test may have left open: those of files in its own places, and those of
 * rings. Other code in the process opens and closes descriptors too: the JDK closes the three pipes
 * of a child process some time after {@code waitFor} has returned.
 */
public final class OwnDescriptors {

    private static final Path FOLDER = Path.of("/proc/self/fd");

    private final List<Path> places;

    private final Set<String> before;

    private OwnDescriptors(List<Path> places) {
        this.places = places;
        before = now();
    }

    /**
     * Takes down what is open already.
     *
     * @param places files, or folders whose files are meant
     */
    public static OwnDescriptors watch(Path... places) {
        return new OwnDescriptors(Stream.of(places).map(Path::toAbsolutePath).toList());
    }

    /** What is open and was not at the start, as {@code number -> file}; a ring is a file, too. */
    public Set<String> left() {
        Set<String> left = now();
        left.removeAll(before);
        return left;
    }

    private Set<String> now() {
        try (Stream<Path> links = Files.list(FOLDER)) {
            Set<String> found = new TreeSet<>();
            for (Path link : links.toList()) {
                addIfOwn(found, link);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addIfOwn(Set<String> found, Path link) throws IOException {
        try {
            Path file = Files.readSymbolicLink(link);
            if (file.toString().contains("io_uring")
                    || places.stream().anyMatch(file::startsWith)) {
                found.add(link.getFileName() + " -> " + file);
            }
        } catch (NoSuchFileException _) {
            // Closed by now, as is the descriptor that listed the folder.
        }
    }
}
