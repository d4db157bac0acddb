package io.pinbounce.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
}
