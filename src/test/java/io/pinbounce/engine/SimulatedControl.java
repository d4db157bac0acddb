package io.pinbounce.engine;

import io.pinbounce.linux.Errno;
import io.pinbounce.linux.OpenFlags;

import java.nio.file.Path;

/** What the calls that move no bytes do to a simulated disk, under the disk's monitor. */
final class SimulatedControl {

    private final SimulatedDisk disk;

    SimulatedControl(SimulatedDisk disk) {
        this.disk = disk;
    }

    /** Finds a file, or makes it; 0 if it is there then, or {@code -errno}. */
    int open(Path path, int flags) {
        boolean create = (flags & OpenFlags.O_CREAT) != 0;
        boolean there = disk.names().find(path) != null;
        if (!there && !create) {
            return -Errno.ENOENT;
        }
        if (there && create && (flags & OpenFlags.O_EXCL) != 0) {
            return -Errno.EEXIST;
        }
        if (!there) {
            disk.create(path);
        }
        return 0;
    }

    int remove(Path path) {
        if (disk.names().find(path) == null) {
            return -Errno.ENOENT;
        }
        disk.names().remove(disk.next(), path);
        return 0;
    }

    int truncate(SimulatedFile file, long size) {
        int failed = disk.faults().truncate();
        if (failed == 0) {
            file.truncate(disk.next(), size);
        }
        return failed;
    }

    int allocate(SimulatedFile file, long position, long length) {
        if (disk.isLimited()) {
            if (!disk.hasRoom(file.holes(position, length))) {
                return -Errno.ENOSPC;
            }
            file.fillHoles(position, length);
        }
        file.extend(disk.next(), position + length);
        return 0;
    }

    /** Makes a file durable, unless the disk's power fails meanwhile. */
    int force(SimulatedFile file) {
        int failed = disk.faults().force();
        if (failed == 0 && !disk.isFailing()) {
            file.force();
            disk.names().force(file);
            disk.countFlush();
        }
        return failed;
    }

    /** Makes a folder's names durable, unless the disk's power fails meanwhile. */
    int forceFolder(Path folder) {
        if (!disk.isFailing()) {
            disk.names().forceFolder(folder);
        }
        return 0;
    }
}
