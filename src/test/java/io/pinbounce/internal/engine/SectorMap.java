package io.pinbounce.internal.engine;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of a sparse file, by sectors. A sector is never changed in place, so that maps can
 * share sectors.
 *
 * <p>Bytes past the size are never read, and are dropped by the next {@link #resize}.
 */
final class SectorMap {

    /** Bytes that a disk writes wholly or not at all. */
    static final int SECTOR = 512;

    /** A shared sector of zeros. */
    static final byte[] ZEROS = new byte[SECTOR];

    /** Sectors in a chunk. */
    private static final int CHUNK = 256;

    private static final byte[] @Nullable [] NO_CHUNK = {};

    private final TreeMap<Long, byte[] @Nullable []> chunks = new TreeMap<>();

    private long size;

    private long count;

    /** The chunk that was used last; {@link #NO_CHUNK} if it is not there. */
    private byte[] @Nullable [] chunk = NO_CHUNK;

    private long chunkNumber = -1;

    SectorMap() {}

    /** Makes an independent map with the same sectors. */
    SectorMap(SectorMap other) {
        other.chunks.forEach((number, sectors) -> chunks.put(number, sectors.clone()));
        size = other.size;
        count = other.count;
    }

    /** Sectors that a number of bytes reaches into. */
    static long sectors(long bytes) {
        return (bytes + SECTOR - 1) / SECTOR;
    }

    long size() {
        return size;
    }

    /** How many sectors are not holes. */
    long count() {
        return count;
    }

    /** A sector, not to be changed; null for a hole. */
    byte @Nullable [] get(long number) {
        find(number / CHUNK);
        return chunk.length == 0 ? null : chunk[(int) (number % CHUNK)];
    }

    /** Sets a sector, or makes a hole. */
    void set(long number, byte @Nullable [] sector) {
        find(number / CHUNK);
        if (chunk.length == 0) {
            if (sector == null) {
                return;
            }
            chunk = new byte[CHUNK][];
            chunks.put(chunkNumber, chunk);
        }
        int index = (int) (number % CHUNK);
        count += (sector == null ? 0 : 1) - (chunk[index] == null ? 0 : 1);
        chunk[index] = sector;
    }

    /**
     * The first sector at or after a number that is no hole; {@link Long#MAX_VALUE} if there is
     * none.
     */
    long next(long from) {
        for (var entry : chunks.tailMap(from / CHUNK).entrySet()) {
            long first = entry.getKey() * CHUNK;
            for (long number = Math.max(from, first); number < first + CHUNK; number++) {
                if (entry.getValue()[(int) (number - first)] != null) {
                    return number;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    private void find(long number) {
        if (number != chunkNumber) {
            byte[] @Nullable [] found = chunks.get(number);
            chunk = found == null ? NO_CHUNK : found;
            chunkNumber = number;
        }
    }

    /** Makes the file longer, if it is shorter. */
    void extend(long bytes) {
        size = Math.max(size, bytes);
    }

    /** Changes the size; bytes past it are dropped, and read as zeros if the file grows again. */
    void resize(long bytes) {
        long kept = sectors(bytes);
        drop(kept);
        int within = (int) (bytes % SECTOR);
        byte[] last = within == 0 ? null : get(kept - 1);
        if (last != null) {
            set(kept - 1, cleared(last, within));
        }
        size = bytes;
    }

    /** A copy of a sector with zeros from an offset on. */
    static byte[] cleared(byte[] sector, int from) {
        byte[] cleared = sector.clone();
        Arrays.fill(cleared, from, SECTOR, (byte) 0);
        return cleared;
    }

    /** Makes a hole of all sectors from a number on. */
    private void drop(long first) {
        long number = first / CHUNK;
        byte[] @Nullable [] cut = chunks.get(number);
        if (cut != null) {
            int from = (int) (first % CHUNK);
            count -= countOf(cut, from);
            Arrays.fill(cut, from, CHUNK, null);
        }
        Map<Long, byte[] @Nullable []> gone = chunks.tailMap(number + 1);
        for (byte[] @Nullable [] one : gone.values()) {
            count -= countOf(one, 0);
        }
        gone.clear();
        chunkNumber = -1;
    }

    private static int countOf(byte[] @Nullable [] sectors, int from) {
        int there = 0;
        for (int i = from; i < CHUNK; i++) {
            there += sectors[i] == null ? 0 : 1;
        }
        return there;
    }

    /** Takes another map's sectors, from a number on; the size stays. */
    void copyTail(SectorMap other, long first) {
        drop(first);
        long number = first / CHUNK;
        for (var entry : other.chunks.tailMap(number).entrySet()) {
            int from = entry.getKey() == number ? (int) (first % CHUNK) : 0;
            byte[] @Nullable [] copy =
                    chunks.computeIfAbsent(entry.getKey(), _ -> new byte[CHUNK][]);
            System.arraycopy(entry.getValue(), from, copy, from, CHUNK - from);
            count += countOf(copy, from);
        }
        chunkNumber = -1;
    }

    /** Reads bytes up to the end of the file. */
    byte[] read(long position, long length) {
        byte[] bytes = new byte[(int) Math.clamp(size - position, 0, length)];
        for (int done = 0; done < bytes.length; ) {
            int from = (int) ((position + done) % SECTOR);
            int some = Math.min(bytes.length - done, SECTOR - from);
            byte[] sector = get((position + done) / SECTOR);
            if (sector != null) {
                System.arraycopy(sector, from, bytes, done, some);
            }
            done += some;
        }
        return bytes;
    }
}
