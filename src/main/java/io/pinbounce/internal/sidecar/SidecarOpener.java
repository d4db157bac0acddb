package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.Seals.Digest;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.SidecarSpec.Existing;
import io.pinbounce.internal.sidecar.SidecarSpec.Identity;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/** Opens one sidecar; if that fails, it closes all files and removes what it made. */
final class SidecarOpener {

    private static final int ZEROS = 1 << 20;

    /** Bytes of the largest block that a file system has: a last one that is partial is padded. */
    private static final int MAX_BLOCK = 1 << 16;

    private final SidecarSpec spec;

    private final SidecarFiles files;

    private final int interval;

    private boolean created;

    SidecarOpener(SidecarSpec spec) {
        this.spec = spec;
        this.files = new SidecarFiles(spec.engine(), spec.data(), spec.path());
        this.interval = spec.context().interval();
    }

    Sidecar open() throws SealException {
        boolean opened = false;
        try {
            Sidecar sidecar = openAll();
            opened = true;
            return sidecar;
        } finally {
            if (!opened) {
                abandon();
            }
        }
    }

    private void abandon() {
        try {
            files.close();
        } catch (SealException _) {
            // The failure that led here is the one to report; nothing was written.
        }
        if (created) {
            files.remove();
        }
    }

    private Sidecar openAll() throws SealException {
        if (spec.data().toAbsolutePath().equals(spec.path().toAbsolutePath())) {
            throw refusal("a file cannot be its own sidecar; choose another path");
        }
        files.openData(spec.access());
        DataFile data = files.dataFile();
        Layout.requireCountable(intervals(data.length()), files.path());
        if (!files.exists()) {
            requireNew(data);
            files.create();
            created = true;
        }
        openSidecar();
        Superblocks found = Superblocks.read(files);
        Superblock superblock = found.newest();
        if (superblock == null) {
            found.requireBlank(files);
            requireNew(data);
            superblock = initialise(data);
        } else if (spec.access() == Access.WRITE && superblock.sequence() == 1) {
            files.force(); // the process that made it may have been killed before the force
        }
        boolean clean = superblock.clean() && !found.isDoubtful();
        require(superblock, data, clean);
        PageMap map = readMap(superblock, found.isDoubtful());
        Sidecar sidecar =
                clean
                        ? new Sidecar(spec, files, superblock, map, new Overlay())
                        : recover(superblock, map, data, found.isDoubtful());
        if (spec.access() == Access.WRITE) {
            boolean same = clean && superblock.data().length() == data.length();
            sidecar.begin(same || data.device() ? Long.MAX_VALUE : intervals(data.length()));
        }
        created = false; // the sidecar is whole, so it stays
        return sidecar;
    }

    private void openSidecar() throws SealException {
        try {
            files.openSidecar(spec.access());
        } catch (SealException e) {
            created &= e.errno() != Errno.EAGAIN; // another process has locked it, and uses it
            throw e;
        }
    }

    private long intervals(long bytes) {
        return (bytes + interval - 1) / interval;
    }

    private Sidecar recover(Superblock superblock, PageMap map, DataFile data, boolean doubtful)
            throws SealException {
        if (spec.access() == Access.WRITE) {
            // What is read may be in a cache alone, and must be durable before the log is freed.
            files.forceData();
            files.force();
        }
        LogContents log = LogContents.read(files, superblock, LogContents.Reading.STRICT);
        if (spec.identity() == Identity.CHECKED && !data.device() && !doubtful) {
            requireLength(superblock, log, data.length());
        }
        Seals seals = new Seals(spec.context(), Digest.CRC64);
        Recovery recovery = new Recovery(files, superblock, map, seals, log.candidates());
        Overlay judged = recovery.judge(data.length());
        return new Sidecar(spec, files, superblock.withTail(log.nextSequence()), map, judged);
    }

    /** Refuses to make a sidecar for a reader, and for data that must have one already. */
    private void requireNew(DataFile data) throws SealException {
        if (spec.access() == Access.READ) {
            throw refusal("there is no sidecar; a writer makes it, or pinbounce seal");
        }
        if ((data.device() || data.length() > 0) && spec.existing() == Existing.REFUSED) {
            throw refusal(
                    "the data has no sidecar; pinbounce seal protects what is there, and"
                            + " Existing.UNPROTECTED starts without: path="
                            + spec.data());
        }
    }

    private Superblock initialise(DataFile data) throws SealException {
        // The process that made the data may have been killed before it forced it. After a power
        // cut, the sidecar would refuse what is left of the data, or another file in its place.
        files.forceData();
        long logSize = spec.logSize();
        try (Arena arena = Arena.ofConfined()) {
            // Written, not only reserved, so that no group of intents waits for an allocation.
            MemorySegment zeros = SidecarFiles.allocate(arena, ZEROS);
            for (long at = 0; at < logSize; at += ZEROS) {
                long size = Math.min(ZEROS, logSize - at);
                files.write(Layout.LOG + at, zeros.asSlice(0, size));
            }
        }
        files.force();
        long unprotected = spec.existing() == Existing.REFUSED ? 0 : intervals(data.length());
        Superblock superblock =
                new Superblock(
                        UUID.randomUUID().getLeastSignificantBits(),
                        /* sequence= */ 1,
                        data,
                        spec.context(),
                        spec.mode(),
                        /* clean= */ true,
                        logSize,
                        /* tail= */ 1,
                        unprotected,
                        /* maps= */ 0);
        superblock.write(files);
        files.force();
        files.forceFolder();
        return superblock;
    }

    private void require(Superblock superblock, DataFile data, boolean clean) throws SealException {
        if (!superblock.context().equals(spec.context())) {
            throw refusal(
                    "the sidecar's tuples are made in another way; open the file with its"
                            + " protection, which pinbounce info shows, or make a new sidecar with"
                            + " pinbounce seal --anew: sidecar's="
                            + (superblock.context() + " wanted=" + spec.context()));
        }
        if (spec.identity() == Identity.ANY) {
            return;
        }
        if (!superblock.data().isSameFile(data)) {
            throw refusal(
                    "the sidecar belongs to other data: if this is a copy, or was moved or"
                            + " restored, pinbounce verify --adopt checks it and accepts it; if it"
                            + " is other data, pinbounce seal --anew makes a sidecar of its own:"
                            + " data=("
                            + (data + ") sidecar's=(" + superblock.data() + ")"));
        }
        if (clean && superblock.data().length() != data.length()) {
            throw lengthDiffers(superblock.data().length(), data.length());
        }
    }

    /**
     * After a crash, the data's length is one of those that it had since it was last forced, if
     * those are on record.
     */
    private void requireLength(Superblock superblock, LogContents log, long length)
            throws SealException {
        if (superblock.mode() == Mode.NONE) {
            return;
        }
        long slack = Alignment.common(interval, MAX_BLOCK);
        if (length <= log.shortest() - slack) {
            throw lengthDiffers(log.shortest(), length);
        }
        if (length >= log.longest() + slack) {
            throw lengthDiffers(log.longest(), length);
        }
    }

    private SealException lengthDiffers(long expected, long found) {
        return refusal(
                "the data was made longer or shorter by others; pinbounce verify --adopt checks"
                        + " it, and says how to accept it: length="
                        + (found + " expected=" + expected));
    }

    private SealException refusal(String reason) {
        return new SealException(reason, spec.path());
    }

    private PageMap readMap(Superblock superblock, boolean doubtful) throws SealException {
        PageMap map = new PageMap();
        Layout layout = new Layout(superblock.logSize());
        long end = (intervals(files.dataSize()) + TuplePage.INTERVALS - 1) / TuplePage.INTERVALS;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.MAP);
            long size = files.sidecarSize();
            long most = doubtful ? Layout.MAX_MAPS : superblock.maps();
            while (map.maps() < most) {
                long position = layout.mapPosition(map.maps());
                files.read(position, memory);
                if (map.maps() >= superblock.maps()
                        && (position >= size || PageMap.isBlank(memory))) {
                    break;
                }
                map.decode(memory, superblock.identity(), position, end);
            }
        }
        return map;
    }
}
