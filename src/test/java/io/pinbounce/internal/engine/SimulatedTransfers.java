package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import io.pinbounce.internal.engine.DiskCall.Kind;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.SimulatedHandle.Mode;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Moves bytes between memory and a simulated disk, under the disk's monitor. */
final class SimulatedTransfers {

    private final SimulatedDisk disk;

    SimulatedTransfers(SimulatedDisk disk) {
        this.disk = disk;
    }

    boolean isMisaligned(Submission submission) {
        int unit = disk.offsetAlignment();
        boolean misaligned = submission.position() % unit != 0;
        for (int i = 0; i < submission.count(); i++) {
            misaligned |= submission.address(i) % disk.memoryAlignment() != 0;
            misaligned |= submission.length(i) % unit != 0;
        }
        return misaligned;
    }

    /** Reads, or writes so that a power cut may undo it. */
    long move(SimulatedHandle handle, Submission submission) {
        SimulatedFile file = handle.file;
        boolean reads = submission.op() == Op.READ;
        DiskCall call =
                new DiskCall(
                        reads ? Kind.READ : Kind.WRITE,
                        file.path,
                        submission.position(),
                        submission.length());
        disk.tell(call);
        DiskFaults faults = disk.faults();
        faults.rot(file, call);
        long cuts = disk.cuts();
        Outcome outcome = faults.outcome(submission, call);
        if (disk.cuts() != cuts) {
            return -Errno.EIO; // a hook cut the power
        }
        long shift = reads ? 0 : faults.shift(file, call);
        long moved =
                reads
                        ? read(file, submission, outcome.moves())
                        : write(file, submission, outcome.moves(), shift);
        if (moved < 0 || outcome.result() != Outcome.AS_MOVED) {
            return moved < 0 ? moved : outcome.result();
        }
        boolean durable = !reads && handle.mode == Mode.DSYNC && !disk.isFailing();
        if (durable && !faults.dropsFlush(call)) {
            file.force((call.position() + shift) / SECTOR, moved / SECTOR);
            disk.names().force(file);
        }
        return moved;
    }

    private static long read(SimulatedFile file, Submission submission, long most) {
        long moved = 0;
        for (int i = 0; i < submission.count(); i++) {
            MemorySegment memory = submission.piece(i);
            long position = submission.position() + moved;
            long room = Math.min(memory.byteSize(), most - moved);
            long count = Math.clamp(file.size() - position, 0, room);
            for (long at = 0; at < count; at += SECTOR) {
                byte[] sector = file.cached.get((position + at) / SECTOR);
                byte[] bytes = sector == null ? SectorMap.ZEROS : sector;
                MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, SECTOR);
            }
            moved += count;
            if (count < memory.byteSize()) {
                break;
            }
        }
        return moved;
    }

    /** Writes what fits; returns the bytes written, or an error if nothing fits. */
    private long write(SimulatedFile file, Submission submission, long most, long shift) {
        long moved = 0;
        boolean full = false;
        for (int i = 0; i < submission.count() && !full; i++) {
            MemorySegment memory = submission.piece(i);
            long room = Math.min(memory.byteSize(), most - moved);
            for (long at = 0; at + SECTOR <= room && !full; at += SECTOR) {
                long number = (submission.position() + shift + moved) / SECTOR;
                full = disk.isLimited() && file.cached.get(number) == null && !disk.hasRoom(1);
                if (!full) {
                    byte[] bytes = new byte[SECTOR];
                    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, bytes, 0, SECTOR);
                    file.write(disk.next(), number, bytes);
                    moved += SECTOR;
                }
            }
        }
        if (moved > 0) {
            file.extend(disk.next(), submission.position() + moved);
        }
        return full && moved == 0 ? -Errno.ENOSPC : moved;
    }

    /** Does a write that is in flight while the power fails: the cut decides how much is left. */
    void tear(SimulatedFile file, Submission submission) {
        boolean reachable = true;
        for (int i = 0; i < submission.count(); i++) {
            reachable &= submission.segment(i).isAccessibleBy(Thread.currentThread());
        }
        if (reachable && !isMisaligned(submission)) {
            write(file, submission, Long.MAX_VALUE, 0);
        }
    }
}
