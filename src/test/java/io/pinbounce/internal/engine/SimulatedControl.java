package io.pinbounce.internal.engine;

import io.pinbounce.internal.engine.DiskCall.Kind;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import java.nio.file.Path;

/** The control calls of a simulated disk, under the disk's monitor. */
final class SimulatedControl {

    private final SimulatedDisk disk;

    SimulatedControl(SimulatedDisk disk) {
        this.disk = disk;
    }

    private int faults(Kind kind, Path path, long position, long length) {
        return disk.faults().result(told(new DiskCall(kind, path, position, length)));
    }

    private DiskCall told(DiskCall call) {
        disk.tell(call);
        return call;
    }

    /** Finds a file, or makes it; returns 0 or {@code -errno}. */
    int open(Path path, int flags) {
        boolean create = (flags & OpenFlags.O_CREAT) != 0;
        boolean there = disk.names().find(path) != null;
        if (!there && !create) {
            return -Errno.ENOENT;
        }
        if (there && create && (flags & OpenFlags.O_EXCL) != 0) {
            return -Errno.EEXIST;
        }
        int failed = faults(there ? Kind.OPEN : Kind.CREATE, path, 0, 0);
        if (failed == 0 && !there) {
            disk.create(path);
        }
        return failed;
    }

    /** Makes a file without a name; returns 0 or {@code -errno}. */
    int openUnnamed(Path path) {
        return faults(Kind.CREATE, path, 0, 0);
    }

    int link(SimulatedFile file, Path path) {
        if (disk.names().find(path) != null) {
            return -Errno.EEXIST;
        }
        int failed = faults(Kind.LINK, path, 0, 0);
        if (failed == 0) {
            disk.names().add(disk.next(), path, file);
        }
        return failed;
    }

    int rename(Path from, Path to) {
        SimulatedFile file = disk.names().find(from);
        if (file == null) {
            return -Errno.ENOENT;
        }
        int failed = link(file, to);
        if (failed == 0) {
            disk.names().remove(disk.next(), from);
        }
        return failed;
    }

    int setAttribute(SimulatedFile file, byte[] value) {
        if (value.length == 0 && file.attribute().length == 0) {
            return -Errno.ENODATA;
        }
        int failed = faults(Kind.ATTRIBUTE, file.path, 0, value.length);
        if (failed == 0) {
            file.setAttribute(disk.next(), value);
        }
        return failed;
    }

    int remove(Path path) {
        if (disk.names().find(path) == null) {
            return -Errno.ENOENT;
        }
        int failed = faults(Kind.REMOVE, path, 0, 0);
        if (failed == 0) {
            disk.names().remove(disk.next(), path);
        }
        return failed;
    }

    int truncate(SimulatedFile file, long size) {
        int failed = faults(Kind.TRUNCATE, file.path, 0, size);
        if (failed == 0) {
            file.truncate(disk.next(), size);
        }
        return failed;
    }

    int allocate(SimulatedFile file, long position, long length) {
        int failed = faults(Kind.ALLOCATE, file.path, position, length);
        if (failed < 0) {
            return failed;
        }
        if (disk.isLimited()) {
            if (!disk.hasRoom(file.holes(position, length))) {
                return -Errno.ENOSPC;
            }
            file.fillHoles(position, length);
        }
        file.extend(disk.next(), position + length);
        return 0;
    }

    /** Makes a file durable, unless the flush is dropped or the power fails meanwhile. */
    int force(SimulatedFile file) {
        DiskCall call = told(new DiskCall(Kind.FORCE, file.path, 0, 0));
        disk.faults().rot(file, call);
        int failed = disk.faults().result(call);
        if (failed == 0 && !disk.isFailing()) {
            if (!disk.faults().dropsFlush(call)) {
                file.force();
                disk.names().force(file);
            }
            disk.countFlush();
        }
        return failed;
    }

    /** Makes a folder's names durable, unless the flush is dropped or the power fails meanwhile. */
    int forceFolder(Path folder) {
        DiskCall call = told(new DiskCall(Kind.FORCE_FOLDER, folder, 0, 0));
        int failed = disk.faults().result(call);
        if (failed == 0 && !disk.isFailing() && !disk.faults().dropsFlush(call)) {
            disk.names().forceFolder(folder);
        }
        return failed;
    }
}
