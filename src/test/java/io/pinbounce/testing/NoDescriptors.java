package io.pinbounce.testing;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.Host;
import io.pinbounce.Protection;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that asks about the machine while it has no descriptor left, opens files with sidecars
 * while it has few, gives all back, and then goes on a {@link Tour}. Start it with a small limit of
 * descriptors.
 */
public final class NoDescriptors {

    private static final int FEW = 20;

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
        for (int few = 1; !taken.isEmpty(); few++) {
            taken.removeLast().close();
            if (few <= FEW) {
                openGuarded(Path.of(args[0], "few" + few));
            }
        }
        Tour.main(args);
    }

    private static void openGuarded(Path path) throws IOException {
        DirectOptions options =
                DirectOptions.readWrite()
                        .create()
                        .directIo(DirectIo.PREFERRED)
                        .protection(Protection.t10(4096).sidecar());
        try (DirectFile file = DirectFile.open(path, options)) {
            file.write(MemorySegment.ofArray(new byte[1]), 0);
            System.out.println("opened " + path);
        } catch (DirectIoException e) {
            if (!String.valueOf(e.getMessage()).contains("EMFILE")) {
                throw e;
            }
        }
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
