package io.pinbounce.internal.linux;

import java.util.List;

/**
 * The mount through which a file was opened: one line of {@code /proc/self/mountinfo} (proc(5)).
 *
 * @param id the number that {@code /proc/self/fdinfo} gives for a descriptor opened through it
 * @param point where it is mounted, as this process sees it
 * @param fileSystem type, for example {@code "ext4"}
 * @param source what is mounted: a device's path, or a name that means nothing ({@code "tmpfs"})
 * @param options the file system's own options, for example {@code "nodatasum"}
 */
public record Mount(int id, String point, String fileSystem, String source, List<String> options) {

    /** Copies the options. */
    public Mount {
        options = List.copyOf(options);
    }
}
