package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Small text files in which the kernel answers. Which of them exist depends on its version and
 * configuration, and a container may hide any, so a missing one is an answer as well.
 */
final class KernelFiles {

    private KernelFiles() {}

    /** The trimmed content, or the empty string. */
    static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    /** A decimal number, or 0. */
    static long number(Path file) {
        String text = text(file);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Where a link leads, or null when it leads nowhere. */
    static @Nullable Path resolve(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException e) {
            return null;
        }
    }

    /** What a directory holds, in the order of names; nothing if there is no such directory. */
    static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
