package consumer;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.buffer.PinnedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Uses the library as a linked application does; any exception fails the build. */
public final class Consumer {

    private Consumer() {}

    public static void main(String[] args) throws IOException {
        requireThere("io.pinbounce.tool.cli.Main"); // the library's jar is on the class path
        requireThere("jnr.posix.POSIX"); // and so is what it needs
        requireAbsent("picocli.CommandLine"); // but not what only its own tool needs
        useIt(Files.createTempFile(Path.of("target"), "consumer", ".bin"));
        System.out.println("consumer: ok");
    }

    /** Pins, bounces and guards, as the README shows it. */
    private static void useIt(Path path) throws IOException {
        DirectOptions options = DirectOptions.readWrite().directIo(DirectIo.PREFERRED);
        byte[] greeting = "held still".getBytes(StandardCharsets.UTF_8);
        try (DirectFile file =
                        DirectFile.open(
                                path, options.protection(Protection.t10(4096).memory()));
                PinnedArena arena = PinnedArena.ofShared()) {
            file.write(arena.allocate(1 << 20), 0);
            file.write(MemorySegment.ofArray(greeting), 12_345);
            byte[] back = new byte[greeting.length];
            file.read(MemorySegment.ofArray(back), 12_345);
            if (!Arrays.equals(greeting, back)) {
                throw new IllegalStateException("read something else than was written");
            }
        } finally {
            Files.delete(path);
        }
    }

    private static void requireThere(String type) {
        if (!isThere(type)) {
            throw new IllegalStateException("a linked application lacks " + type);
        }
    }

    private static void requireAbsent(String type) {
        if (isThere(type)) {
            throw new IllegalStateException("a linked application inherits " + type);
        }
    }

    private static boolean isThere(String type) {
        String file = type.replace('.', '/') + ".class";
        return Consumer.class.getClassLoader().getResource(file) != null;
    }
}
