package io.pinbounce.internal.sidecar;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The copies of the superblock that are good.
 *
 * @param good those whose check is right
 * @param blank how many were never written
 * @param strays what is in the rest of their pages, where nothing should be
 */
record Superblocks(List<Superblock> good, int blank, List<String> strays) {

    /** Of a sidecar that is not there. */
    static final Superblocks NONE =
            new Superblocks(List.of(), Layout.SUPERBLOCKS.length, List.of());

    private static final int WINDOW = 1 << 20;

    static Superblocks read(SidecarFiles files) throws SealException {
        List<Superblock> good = new ArrayList<>();
        List<String> strays = new ArrayList<>();
        int blank = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.PAGE);
            for (long position : Layout.SUPERBLOCKS) {
                files.read(position, memory);
                if (Superblock.isThere(memory, position)) {
                    Superblock superblock = decode(memory, files);
                    requireRoom(superblock, files);
                    good.add(superblock);
                } else if (Sector.isBlank(memory, 0)) {
                    blank++;
                }
                for (int at = Sector.SIZE; at < Layout.PAGE; at += Sector.SIZE) {
                    if (!Sector.isBlank(memory, at)) {
                        strays.add("behind a superblock, unused: position=" + (position + at));
                    }
                }
            }
        }
        return new Superblocks(good, blank, strays);
    }

    private static Superblock decode(MemorySegment memory, SidecarFiles files)
            throws SealException {
        try {
            return Superblock.decode(memory);
        } catch (IllegalArgumentException e) {
            SealException failure = new SealException(String.valueOf(e.getMessage()), files.path());
            failure.initCause(e);
            throw failure;
        }
    }

    /** Refuses a sidecar that ends before the log or the map that its superblock names. */
    private static void requireRoom(Superblock superblock, SidecarFiles files)
            throws SealException {
        long size = files.sidecarSize();
        if (new Layout(superblock.logSize()).end(superblock.maps()) > size) {
            throw new SealException(
                    "the sidecar was cut short; restore it, or make a new one with pinbounce seal"
                            + " --anew:"
                            + (" size=" + size + " logSize=" + superblock.logSize())
                            + (" maps=" + superblock.maps()),
                    files.path());
        }
    }

    @Nullable Superblock newest() {
        Superblock newest = null;
        for (Superblock superblock : good) {
            if (newest == null || superblock.sequence() > newest.sequence()) {
                newest = superblock;
            }
        }
        return newest;
    }

    /** Whether the newer copy may be the one that is damaged. */
    boolean isDoubtful() {
        Superblock newest = newest();
        return newest != null
                && good.size() < Layout.SUPERBLOCKS.length
                && (blank == 0 || newest.sequence() > 1);
    }

    /**
     * With no superblock, only a sidecar whose making was cut short may be made again: there is
     * nothing but zeros.
     */
    void requireBlank(SidecarFiles files) throws SealException {
        long size = files.sidecarSize();
        if (blank < Layout.SUPERBLOCKS.length || !isBlank(files, size)) {
            throw new SealException(
                    "this is no sidecar, or both its superblocks are damaged; restore it, or make"
                            + (" a new one with pinbounce seal --anew: size=" + size),
                    files.path());
        }
    }

    private static boolean isBlank(SidecarFiles files, long size) throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, WINDOW);
            for (long position = 0; position < size; position += WINDOW) {
                files.read(position, memory);
                for (long at = 0; at < WINDOW; at += Sector.SIZE) {
                    if (!Sector.isBlank(memory, at)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** What is wrong with the copies, and with the rest of their pages, in words. */
    List<String> damage(Superblock newest) {
        List<String> found = new ArrayList<>(strays);
        for (long position : Layout.SUPERBLOCKS) {
            boolean due = newest.sequence() > 1 || newest.position() == position;
            boolean there = good.stream().anyMatch(copy -> copy.position() == position);
            if (!there && (due || isDoubtful())) {
                found.add("a superblock, the other copy serves: position=" + position);
            }
        }
        return found;
    }
}
