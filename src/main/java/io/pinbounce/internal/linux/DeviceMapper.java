package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The target types of a device of the device mapper, from its control node (linux/dm-ioctl.h). The
 * control node answers root only. For other users, the UUID that LVM2, multipath-tools and
 * cryptsetup give a device tells the types of most devices.
 */
final class DeviceMapper {

    /** {@code _IOWR(0xfd, 12, struct dm_ioctl)}. */
    static final long DM_TABLE_STATUS = 0xC138FD0CL;

    /** {@code sizeof(struct dm_ioctl)}. */
    static final int HEADER = 312;

    // Offsets in struct dm_ioctl.
    static final int DATA_SIZE = 12;

    static final int DATA_START = 16;

    static final int TARGET_COUNT = 20;

    static final int FLAGS = 28;

    static final int DEV = 40;

    /** {@code sizeof(struct dm_target_spec)}: the target's status follows as text. */
    static final int SPEC = 40;

    // Offsets in struct dm_target_spec.
    static final int NEXT = 20;

    static final int TARGET_TYPE = 24;

    /** The answer did not fit. */
    static final int DM_BUFFER_FULL_FLAG = 1 << 8;

    /** A pool of thin volumes does not write its metadata before it answers. */
    static final int DM_NOFLUSH_FLAG = 1 << 11;

    private static final String CONTROL = "/dev/mapper/control";

    private static final int VERSION = 4; // DM_VERSION_MAJOR

    private static final int MIN_ANSWER = 16 << 10;

    private static final int MAX_ANSWER = 1 << 20;

    /**
     * LVM2 names a volume "LVM-" and two ids of 32 characters; a part of a volume also has a
     * suffix, for example "-tpool".
     */
    private static final String LVM = "LVM-";

    /** Suffixes of parts on which LVM2 puts only targets that pass data on unchanged. */
    private static final List<String> PARTS_OF_PLAIN =
            List.of("-tpool", "-tdata", "-tmeta", "-real", "-cow");

    private final LibC libc;

    DeviceMapper(LibC libc) {
        this.libc = libc;
    }

    /**
     * The target types of a device.
     *
     * @param targets types, each once; empty if they are unknown
     * @param source which interface reported them, or why none did
     */
    record Answer(List<String> targets, String source) {}

    /**
     * Asks about a device.
     *
     * @param number the device's number
     * @param uuid the device's UUID
     * @param beneath UUIDs of its slaves; empty for a slave of another driver
     */
    Answer ask(DeviceNumber number, String uuid, List<String> beneath) {
        int control = libc.open(CONTROL, OpenFlags.O_RDWR, 0);
        if (control < 0) {
            return byUuid(uuid, beneath, CONTROL + ": " + Errno.describe(-control));
        }
        try {
            return byTable(control, number, uuid, beneath);
        } finally {
            libc.close(control);
        }
    }

    private Answer byTable(int control, DeviceNumber number, String uuid, List<String> beneath) {
        try (Arena arena = Arena.ofConfined()) {
            for (int size = MIN_ANSWER; size <= MAX_ANSWER; size *= 4) {
                MemorySegment answer = arena.allocate(size, 8);
                answer.set(JAVA_INT, 0, VERSION);
                answer.set(JAVA_INT, DATA_SIZE, size);
                answer.set(JAVA_INT, DATA_START, HEADER);
                answer.set(JAVA_INT, FLAGS, DM_NOFLUSH_FLAG);
                answer.set(JAVA_LONG, DEV, number.packed());
                long failed = libc.ioctl(control, DM_TABLE_STATUS, answer);
                if (failed < 0) {
                    String why = "ioctl DM_TABLE_STATUS: " + Errno.describe((int) -failed);
                    return byUuid(uuid, beneath, why);
                }
                if ((answer.get(JAVA_INT, FLAGS) & DM_BUFFER_FULL_FLAG) == 0) {
                    return new Answer(targets(answer), "ioctl DM_TABLE_STATUS");
                }
            }
        }
        return byUuid(uuid, beneath, "ioctl DM_TABLE_STATUS: its answer is too long");
    }

    /** Offsets from one target to the next count from the first one on. */
    private static List<String> targets(MemorySegment answer) {
        List<String> targets = new ArrayList<>();
        MemorySegment specs = answer.asSlice(answer.get(JAVA_INT, DATA_START));
        int count = answer.get(JAVA_INT, TARGET_COUNT);
        long at = 0;
        for (int i = 0; i < count; i++) {
            String type = specs.getString(at + TARGET_TYPE);
            if (type.equals("raid")) {
                type = specs.getString(at + SPEC).split(" ", 2)[0]; // begins with its level
            }
            if (!targets.contains(type)) {
                targets.add(type);
            }
            at = specs.get(JAVA_INT, at + NEXT);
        }
        return targets;
    }

    private static Answer byUuid(String uuid, List<String> beneath, String why) {
        List<String> targets = uuid.startsWith(LVM) ? ofVolume(beneath) : ofOther(uuid);
        String name = "sysfs dm/uuid=" + (uuid.isEmpty() ? "none" : uuid);
        return new Answer(targets, targets.isEmpty() ? name + ", and " + why : name);
    }

    /**
     * A linear or striped volume lies on physical volumes, every other volume on parts of itself.
     * The UUIDs of parts name only thin volumes, their pools and snapshots.
     */
    private static List<String> ofVolume(List<String> beneath) {
        boolean thin = false;
        boolean plain = !beneath.isEmpty();
        for (String part : beneath) {
            if (part.startsWith(LVM)) {
                thin = true;
                plain &= PARTS_OF_PLAIN.stream().anyMatch(part::endsWith);
            }
        }
        if (!plain) {
            return List.of();
        }
        return thin ? List.of("thin", "thin-pool", "snapshot") : List.of("linear", "striped");
    }

    private static List<String> ofOther(String uuid) {
        if (uuid.startsWith("mpath-")) {
            return List.of("multipath");
        }
        if (uuid.matches("part[0-9]+-.*")) { // kpartx: a partition of another device
            return List.of("linear");
        }
        if (uuid.startsWith("CRYPT-VERITY-")) {
            return List.of("verity");
        }
        if (uuid.startsWith("CRYPT-INTEGRITY-")) {
            return List.of("integrity");
        }
        // While such a device is being encrypted, the rest of it is passed on unchanged.
        return uuid.matches("CRYPT-(LUKS[12]|PLAIN|LOOPAES|TCRYPT|BITLK|FVAULT2)-.*")
                ? List.of("crypt", "linear")
                : List.of();
    }
}
