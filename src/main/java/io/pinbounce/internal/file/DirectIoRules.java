package io.pinbounce.internal.file;

import io.pinbounce.DirectIoStatus;
import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.Mount;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.linux.Statx;

import java.util.Set;
import java.util.function.Supplier;

/**
 * What file systems do with {@code O_DIRECT} and with memory that changes meanwhile. The kernel
 * reports little of this, so it is written down here.
 */
final class DirectIoRules {

    /** File systems that accept {@code O_DIRECT} and copy through the page cache all the same. */
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "hugetlbfs");

    /** File systems that keep a checksum of every block of data. */
    private static final Set<String> CHECKSUMMING = Set.of("btrfs", "bcachefs", "zfs");

    private final FileFacts facts;

    /** Tries where a direct write goes; asked only where nothing else tells. */
    private final Supplier<DirectTrial.Answer> trial;

    private final String fileSystem;

    DirectIoRules(FileFacts facts, Supplier<DirectTrial.Answer> trial) {
        this.facts = facts;
        this.trial = trial;
        this.fileSystem = fileSystem(facts);
    }

    /** For a file that is not written here. */
    DirectIoRules(FileFacts facts) {
        this(facts, () -> DirectTrial.Answer.UNKNOWN);
    }

    /** Whether direct I/O is real, and why. */
    record Verdict(DirectIoStatus status, String reason) {}

    /** The type of the file system; a block device has none, and a simulated file no mount. */
    String fileSystem() {
        return fileSystem;
    }

    private static String fileSystem(FileFacts facts) {
        Mount mount = facts.mount();
        if (mount != null) {
            return mount.fileSystem();
        }
        return facts.status().isBlockDevice() ? "block device" : "unknown";
    }

    Verdict directIo() {
        Statx statx = facts.statx();
        if ((facts.openFlags() & OpenFlags.O_DIRECT) == 0) {
            return buffered(
                    "the descriptor is without O_DIRECT: "
                            + fileSystem
                            + " refuses it, or it was not requested");
        }
        if (IN_MEMORY.contains(fileSystem)) {
            return buffered(fileSystem + " lives in the page cache");
        }
        if (statx.reportsDirectIo() && statx.dioOffsetAlignment() == 0) {
            return buffered("statx says that this file does no direct I/O");
        }
        if (statx.reportsDirectIo()) {
            return direct("statx reports the alignment of direct I/O");
        }
        FileFacts upper = facts.upper();
        DirectIoRules written = upper == null ? this : new DirectIoRules(upper);
        return written.fileSystem.equals("btrfs") && written.keepsChecksums()
                ? tried(trial.get())
                : direct("statx reports no alignment; " + fileSystem + " is not known to buffer");
    }

    /**
     * btrfs with checksums copies what it writes on some kernels (6.14 and later), and on others
     * not (7.3 and later), and does not tell.
     */
    private static Verdict tried(DirectTrial.Answer answer) {
        return switch (answer) {
            case DIRECT ->
                    direct(
                            "btrfs keeps checksums, and a trial beside the file wrote past the"
                                    + " cache");
            case COPIED ->
                    new Verdict(
                            DirectIoStatus.BUFFERED_WRITES,
                            "btrfs copies what it writes, to compute checksums: a trial beside the"
                                    + " file was copied");
            case UNKNOWN ->
                    new Verdict(
                            DirectIoStatus.BUFFERED_WRITES,
                            "btrfs may copy what it writes, to compute checksums, and no trial was"
                                    + " made beside the file");
        };
    }

    private static Verdict direct(String reason) {
        return new Verdict(DirectIoStatus.DIRECT, reason);
    }

    private static Verdict buffered(String reason) {
        return new Verdict(DirectIoStatus.BUFFERED, reason);
    }

    /**
     * A btrfs file with the no-copy-on-write flag has no checksums. One that was created under the
     * option {@code nodatasum} has none either, which no flag reports: so the mount option decides.
     */
    boolean keepsChecksums() {
        Mount mount = facts.mount();
        boolean off =
                (facts.inodeFlags() & FileFacts.FS_NOCOW_FL) != 0
                        || (mount != null && mount.options().contains("nodatasum"));
        return CHECKSUMMING.contains(fileSystem) && !off;
    }
}
