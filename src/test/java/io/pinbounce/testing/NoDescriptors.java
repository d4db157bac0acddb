package io.pinbounce.testing;

import io.pinbounce.Host;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that asks about the machine while it has no descriptor left, gives all back, and then
 * goes on a {@link Tour}. Start it with a small limit of descriptors.
 */
public final class NoDescriptors {

    private NoDescriptors() {}

    /** The argument is the folder of the tour. */
    public static void main(String[] args) throws Exception {
        loadLibrary();
        List<FileInputStream> taken = new ArrayList<>(1 << 20);
        try {
            while (true) {
                taken.add(new FileInputStream("/dev/null"));
            }
        } catch (FileNotFoundException _) {
            System.out.println("limit: " + Host.probe().memoryLockLimit());
        }
        for (FileInputStream one : taken) {
            one.close();
        }
        Tour.main(args);
    }

    /** In a folder, unlike in a jar, each class would need a descriptor of its own. */
    private static void loadLibrary() throws Exception {
        Path classes =
                Path.of(Host.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.toList()) {
                String name = classes.relativize(file).toString();
                if (name.startsWith("io/pinbounce/") && name.endsWith(".class")) {
                    String type = name.replace('/', '.').replaceFirst("\\.class$", "");
                    Class.forName(type, false, Host.class.getClassLoader());
                }
            }
        }
    }
}
