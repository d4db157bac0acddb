package io.pinbounce.tool.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * How often a device was told to write out its cache, since the machine started and by any process,
 * as the kernel counts it. A device without a volatile cache is never told.
 */
final class Flushes implements LongSupplier {

    /** Index among the numbers in a device's stat (Documentation/block/stat.rst, Linux 5.5). */
    private static final int FIELD = 15;

    private static final Pattern BLANKS = Pattern.compile(" +");

    private final @Nullable Path device;

    private Flushes(@Nullable Path device) {
        this.device = device;
    }

    /**
     * Of the device that a file is on, or that it is.
     *
     * @param file its path
     */
    static Flushes of(Path file) throws IOException {
        String attribute = Files.isRegularFile(file) ? "unix:dev" : "unix:rdev";
        long number = ((Number) Files.getAttribute(file, attribute)).longValue();
        // As the C library packs them (sys/sysmacros.h).
        long major = (number >>> 8 & 0xfff) | (number >>> 32 & 0xfffff000L);
        long minor = (number & 0xff) | (number >>> 12 & 0xffffff00L);
        Path entry = Path.of("/sys/dev/block/" + major + ":" + minor);
        if (!Files.exists(entry)) {
            return new Flushes(null); // a file system over several devices, or over none
        }
        Path device = entry.toRealPath();
        // Only the whole disk has a cache.
        return new Flushes(Files.exists(device.resolve("partition")) ? device.getParent() : device);
    }

    /** The device, and what kind of cache it says that it has. */
    String device() throws IOException {
        return device == null
                ? "unknown"
                : device.getFileName()
                        + ", cache: "
                        + Files.readString(device.resolve("queue/write_cache")).strip();
    }

    /** How many so far; 0 if unknown. */
    @Override
    public long getAsLong() {
        if (device == null) {
            return 0;
        }
        try {
            String stat = Files.readString(device.resolve("stat")).strip();
            return Long.parseLong(BLANKS.splitAsStream(stat).skip(FIELD).findFirst().orElse("0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
