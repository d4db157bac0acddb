package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.UnnamedFile;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.sidecar.Seals.Digest;
import io.pinbounce.internal.sidecar.SidecarPlace.Attribute;
import io.pinbounce.internal.sidecar.SidecarPlace.Binding;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.SidecarSpec.Existing;
import io.pinbounce.internal.sidecar.SidecarSpec.Identity;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.SidecarSpec.Origin;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Opens one sidecar; if that fails, it closes all files and removes what it made. A sidecar that is
 * made has no name before it is whole and durable.
 */
final class SidecarOpener {

    private static final int ZEROS = 1 << 20;

    /** Bytes of the largest block that a file system has: a last one that is partial is padded. */
    private static final int MAX_BLOCK = 1 << 16;

    private final SidecarSpec spec;

    /** A sidecar of this process that reads, and whose place the new one takes. */
    private final @Nullable Sidecar readers;

    private final SidecarFiles files;

    private final int interval;

    /** Whether the sidecar has its name from this opener. */
    private boolean published;

    SidecarOpener(SidecarSpec spec, @Nullable Sidecar readers) {
        Path data = spec.data().path();
        Path path = spec.path();
        Path place = path == null ? SidecarPlace.beside(data) : path;
        SidecarFiles before = readers == null ? null : readers.files();
        this.spec = spec;
        this.readers = readers;
        this.files = new SidecarFiles(spec.engine(), data, place, before);
        this.interval = spec.context().interval();
    }

    /** Opens the sidecar; null if another process made or removed it meanwhile. */
    @Nullable Sidecar open() throws SealException {
        Sidecar sidecar = null;
        try {
            sidecar = openAll();
            return sidecar;
        } finally {
            if (sidecar == null) {
                abandon();
            }
        }
    }

    private void abandon() {
        try (files) {
            if (published) {
                files.remove(); // its lock is held, so no other process uses it
            }
        } catch (SealException _) {
            // The failure that led here is the one to report; nothing was written.
        }
    }

    private @Nullable Sidecar openAll() throws SealException {
        files.openData(spec.data(), spec.access());
        DataFile data = files.dataFile();
        Layout.requireCountable(intervals(data.length()), files.path());
        SidecarPlace place = place();
        files.place(place.path());
        if (spec.data().path().toAbsolutePath().equals(files.path().toAbsolutePath())) {
            throw refusal("a file cannot be its own sidecar; choose another path");
        }
        boolean there = files.exists();
        if (there ? !openSidecar() : place.superblock() != null) {
            return null; // it was there a moment ago
        }
        if (there && spec.data().origin() == Origin.MADE) {
            removeStale(data);
            there = false;
        }
        Superblocks found = there ? Superblocks.read(files) : Superblocks.NONE;
        Superblock superblock = found.newest();
        if (superblock == null) {
            superblock = make(data, there, found);
            if (superblock == null) {
                return null;
            }
        } else if (spec.access() == Access.WRITE && superblock.sequence() == 1) {
            files.force(); // the process that made it may have been killed before the force
        }
        boolean clean = superblock.clean() && !found.isDoubtful();
        require(superblock, data, clean, place);
        PageMap map = readMap(superblock, found.isDoubtful());
        Sidecar sidecar =
                clean
                        ? new Sidecar(spec, files, superblock, map, new Overlay())
                        : recover(superblock, map, data, found.isDoubtful());
        if (spec.access() == Access.WRITE) {
            files.beLikeData();
            boolean same = clean && superblock.data().length() == data.length();
            sidecar.begin(same || data.device() ? Long.MAX_VALUE : intervals(data.length()));
            tie(data, superblock);
        }
        published = false; // the sidecar is whole, so it stays
        return sidecar;
    }

    /** Opens the sidecar that is there; false if another process has removed it meanwhile. */
    private boolean openSidecar() throws SealException {
        try {
            files.openSidecar(spec.access());
            return files.isInPlace();
        } catch (SealException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Where the sidecar is; data that has another one, or lost its own, is refused. */
    private SidecarPlace place() throws SealException {
        Path named = spec.path();
        if (spec.identity() == Identity.ANY && named != null) {
            return new SidecarPlace(named, Binding.BOUND, null, Attribute.ABSENT);
        }
        if (spec.data().origin() == Origin.MADE) {
            return new SidecarPlace(files.path(), Binding.NONE, null, Attribute.ABSENT);
        }
        SidecarPlace place =
                SidecarPlace.find(
                        spec.engine(),
                        spec.data().handle(),
                        spec.engine().facts(spec.data().handle()),
                        spec.data().path(),
                        spec.path());
        files.place(place.path());
        if (place.binding() == Binding.GONE) {
            throw refusal(SidecarPlace.GONE);
        }
        if (named != null && place.binding() == Binding.BOUND && !place.path().equals(named)) {
            throw refusal(
                    "the data has another sidecar than the one that is named; open it with its"
                            + (" own: named=" + named));
        }
        return place;
    }

    /** Ties the data to its sidecar, which is durable by now. */
    private void tie(DataFile data, Superblock superblock) {
        if (!data.device()) {
            Path name = SidecarPlace.real(spec.data().path()); // from where the tie is followed
            Tie tie = Tie.of(data, name, superblock.identity(), files.path());
            tie.bind(spec.engine(), files.data().number());
        }
    }

    /**
     * Removes the sidecar in the place of one for data that was just made: it was left behind when
     * its data was deleted. Its lock is held, so no other process uses it.
     */
    private void removeStale(DataFile made) throws SealException {
        Path data = spec.data().path();
        if (spec.engine().status(data).errno() == 0) {
            // Whoever makes a file has its sidecar locked until the file has its name.
            throw new SealException("another process makes the file", data, -Errno.EEXIST);
        }
        Superblock stale = SidecarSearch.superblock(spec.engine(), files.path(), 0);
        if (stale == null && !SidecarSearch.isSidecar(spec.engine(), files.path())) {
            Superblocks.read(files).requireBlank(files);
        }
        boolean named = spec.path() != null; // else it was beside its data, which is gone
        if (named && stale != null && !stale.data().isOnFileSystemOf(made)) {
            throw refusal(
                    "the sidecar is that of data on another device or file system, which may not"
                            + " be mounted; mount it, or remove the sidecar");
        }
        Path renamed =
                stale == null ? null : SidecarSearch.beside(spec.engine(), data, stale.data());
        if (renamed != null && UnnamedFile.isTemporary(renamed)) {
            spec.engine().remove(renamed); // the process that made it was killed before the end
        } else if (renamed != null) {
            throw refusal(
                    "the sidecar in its place is that of a file that was renamed; rename it"
                            + (" too: file=" + renamed));
        }
        NamedFile.forceFolderOf(
                spec.engine(), data); // so that no power cut brings the old data back without it
        files.remove();
        files.closeSidecar();
    }

    /**
     * Makes a sidecar.
     *
     * @param there whether something has its name, which must not be worth keeping
     * @return null if another process was faster
     */
    private @Nullable Superblock make(DataFile data, boolean there, Superblocks found)
            throws SealException {
        if (there) {
            found.requireBlank(files);
        }
        requireNew(data);
        if (there) {
            files.remove();
            files.closeSidecar();
        }
        files.create();
        Superblock superblock = initialise(data);
        published = files.publish();
        if (!published) {
            return null;
        }
        NamedFile.forceFolderOf(spec.engine(), files.path());
        return superblock;
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
        requireSame(0);
        if (spec.access() == Access.READ) {
            throw refusal("there is no sidecar; a writer makes it, or pinbounce seal");
        }
        if ((data.device() || data.length() > 0) && spec.existing() == Existing.REFUSED) {
            throw refusal(
                    "the data has no sidecar; pinbounce seal protects what is there, and"
                            + " Existing.UNPROTECTED starts without");
        }
    }

    /** Refuses another sidecar than the one that readers of this process have open. */
    private void requireSame(long identity) throws SealException {
        if (readers != null && readers.identity() != identity) {
            throw refusal(
                    "another sidecar is there, or none, than the one that readers of this process"
                            + " have open; close those first");
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
                        LibC.system().random(),
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
        return superblock;
    }

    private void require(Superblock superblock, DataFile data, boolean clean, SidecarPlace place)
            throws SealException {
        requireSame(superblock.identity());
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
        Superblock looked = place.superblock();
        boolean accepted = looked != null && looked.identity() == superblock.identity();
        if (!superblock.data().isSameFile(data) && !accepted) {
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
        return new SealException(reason, files.path());
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
