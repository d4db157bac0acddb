package io.pinbounce.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of another JVM like this one, on the class path. */
public final class ChildJvm {

    /** The leave to call native code. */
    public static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private ChildJvm() {}

    /** Where this JVM finds classes, those of the tests last. */
    public static List<Path> classPath() {
        List<Path> found = new ArrayList<>();
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            Pattern.compile(File.pathSeparator)
                    .splitAsStream(System.getProperty(property, ""))
                    .filter(entry -> !entry.isEmpty())
                    .forEach(entry -> found.add(Path.of(entry)));
        }
        found.add(Path.of(System.getProperty("pinbounce.test.classes", "target/test-classes")));
        return found;
    }

    /**
     * A command line.
     *
     * @param options of the JVM, besides the class path and leave to call native code
     * @param classPath where it finds classes
     * @param main what it runs, and the arguments of that
     */
    public static List<String> command(List<String> options, List<Path> classPath, String... main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add(NATIVE_ACCESS);
        command.add("-cp");
        command.add(
                classPath.stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
        command.addAll(List.of(main));
        return command;
    }

    /**
     * A copy of where this JVM finds classes, which any user may read: the original may lie in a
     * folder of root's alone.
     *
     * @param folder that of a test; any user may look into it from now on
     */
    public static List<Path> classPathForAll(Path folder) throws IOException {
        permit(folder, "rwxr-xr-x");
        List<Path> copies = new ArrayList<>();
        for (Path entry : classPath()) {
            copies.add(copyForAll(entry, folder));
        }
        return copies;
    }

    /**
     * Copies a file or a folder for all to read.
     *
     * @param entry what is copied
     * @param folder where the copy goes
     * @return the copy
     */
    public static Path copyForAll(Path entry, Path folder) throws IOException {
        Path parent = Files.createTempDirectory(folder, "copy");
        permit(parent, "rwxr-xr-x");
        Path copy = parent.resolve(entry.getFileName());
        try (Stream<Path> walk = Files.walk(entry)) {
            for (Path path : walk.toList()) {
                Path target = copy.resolve(entry.relativize(path).toString());
                Files.copy(path, target);
                permit(target, Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--");
            }
        }
        return copy;
    }

    /** Sets permissions, such as {@code rwxr-xr-x}, whatever the umask. */
    public static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
