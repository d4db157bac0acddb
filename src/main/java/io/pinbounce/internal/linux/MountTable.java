package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the mount of a descriptor in {@code /proc} (proc(5)).
 *
 * <p>The way is the mount's number, which {@code fdinfo} tells for every descriptor. The device
 * number would lead astray: on btrfs, {@code fstat} reports another anonymous number for each
 * subvolume, and none of them stands in {@code mountinfo}.
 */
final class MountTable {

    private static final int MOUNT_POINT = 4;

    private static final int OPTIONAL_FIELDS = 6;

    private final Path proc;

    MountTable(Path proc) {
        this.proc = proc;
    }

    /** A mount of another mount namespace is not in the table: then there is no answer. */
    @Nullable Mount of(int fd) {
        String id = descriptorField(fd, "mnt_id:");
        for (String line : KernelFiles.lines(proc.resolve("self/mountinfo"))) {
            if (!id.isEmpty() && line.startsWith(id + " ")) {
                return parse(line);
            }
        }
        return null;
    }

    /** The {@code O_*} flags that a descriptor has now; -1 if unknown. */
    int flags(int fd) {
        String octal = descriptorField(fd, "flags:");
        return octal.isEmpty() ? -1 : Integer.parseInt(octal, 8);
    }

    private String descriptorField(int fd, String name) {
        for (String line : KernelFiles.lines(proc.resolve("self/fdinfo/" + fd))) {
            if (line.startsWith(name)) {
                return line.substring(name.length()).strip();
            }
        }
        return "";
    }

    /**
     * Reads one line; a hyphen ends the optional fields, of which there may be any number:
     *
     * <pre>
     * 36 35 98:0 /root /mount/point rw,noatime shared:1 - ext4 /dev/vda1 rw,discard
     * id            4: mount point             optional   type source    options
     * </pre>
     */
    static @Nullable Mount parse(String line) {
        List<String> fields = Arrays.asList(line.split(" ", -1));
        int hyphen = fields.size();
        for (int i = fields.size() - 1; i >= OPTIONAL_FIELDS; i--) {
            hyphen = fields.get(i).equals("-") ? i : hyphen;
        }
        if (hyphen + 3 >= fields.size()) {
            return null;
        }
        return new Mount(
                Integer.parseInt(fields.getFirst()),
                unescape(fields.get(MOUNT_POINT)),
                fields.get(hyphen + 1),
                unescape(fields.get(hyphen + 2)),
                Arrays.asList(fields.get(hyphen + 3).split(",", -1)));
    }

    /** Blanks, tabs, line feeds and backslashes stand as a backslash and three octal digits. */
    private static String unescape(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
