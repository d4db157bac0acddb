package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.TupleStore.State;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What is known of {@value #INTERVALS} consecutive intervals, as a page of a sidecar holds it:
 * eight sectors, each with the seals and states of {@value #PER_SECTOR} intervals.
 *
 * <pre>
 *   0                                     488                 504       512
 *   |  61 seals, 8 bytes each              |  61 states, 2 bits |  check  |
 * </pre>
 *
 * <p>A state is its {@link State#code()}; the first interval's is in the lowest bits of the first
 * byte.
 */
final class TuplePage {

    static final int PER_SECTOR = 61;

    static final int INTERVALS = Layout.SECTORS * PER_SECTOR;

    private static final int STATES = PER_SECTOR * Long.BYTES;

    private static final int STATES_PER_BYTE = 4;

    private final long[] seals = new long[INTERVALS];

    private final byte[] states = new byte[INTERVALS];

    /**
     * The page of intervals that were never written.
     *
     * @param first number of the first interval
     * @param unprotected intervals below this are unprotected, the others are zeros
     * @param ofZeros the seal of zeros
     */
    static TuplePage unwritten(long first, long unprotected, long ofZeros) {
        TuplePage page = new TuplePage();
        int boundary = Math.clamp(unprotected - first, 0, INTERVALS);
        Arrays.fill(page.states, 0, boundary, State.UNPROTECTED.code());
        Arrays.fill(page.seals, boundary, INTERVALS, ofZeros);
        return page;
    }

    /** Reads a page from a sidecar, as {@link #decode}. */
    static TuplePage read(SidecarFiles files, long identity, long position) throws SealException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = SidecarFiles.allocate(arena, Layout.PAGE);
            files.read(position, memory);
            return decode(memory, identity, position);
        }
    }

    /**
     * Takes a page apart. Intervals of a sector that does not check are lost.
     *
     * @param memory a page
     * @param identity the sidecar's
     * @param position of the page in the sidecar
     */
    static TuplePage decode(MemorySegment memory, long identity, long position) {
        TuplePage page = new TuplePage();
        for (int sector = 0; sector < Layout.SECTORS; sector++) {
            int at = sector * Sector.SIZE;
            int first = sector * PER_SECTOR;
            if (!Sector.isGood(memory, at, identity, position + at)) {
                Arrays.fill(page.states, first, first + PER_SECTOR, State.LOST.code());
                continue;
            }
            MemorySegment.copy(memory, Sector.U64, at, page.seals, first, PER_SECTOR);
            for (int i = 0; i < PER_SECTOR; i++) {
                int bits = memory.get(ValueLayout.JAVA_BYTE, stateAt(at, i));
                page.states[first + i] = (byte) (bits >> shift(i) & 3);
            }
        }
        return page;
    }

    /** Writes the page, with the checks of all sectors. */
    void encode(MemorySegment memory, long identity, long position) {
        memory.asSlice(0, Layout.PAGE).fill((byte) 0);
        for (int sector = 0; sector < Layout.SECTORS; sector++) {
            int at = sector * Sector.SIZE;
            int first = sector * PER_SECTOR;
            MemorySegment.copy(seals, first, memory, Sector.U64, at, PER_SECTOR);
            for (int i = 0; i < PER_SECTOR; i++) {
                long byteAt = stateAt(at, i);
                int bits = memory.get(ValueLayout.JAVA_BYTE, byteAt);
                memory.set(
                        ValueLayout.JAVA_BYTE,
                        byteAt,
                        (byte) (bits | states[first + i] << shift(i)));
            }
            Sector.stamp(memory, at, identity, position + at);
        }
    }

    private static long stateAt(int sector, int index) {
        return (long) sector + STATES + index / STATES_PER_BYTE;
    }

    private static int shift(int index) {
        return index % STATES_PER_BYTE * 2;
    }

    State state(int index) {
        return State.of(states[index]);
    }

    long seal(int index) {
        return seals[index];
    }

    void set(int index, State state, long seal) {
        states[index] = state.code();
        seals[index] = seal;
    }

    /** Forgets intervals from an index on: they are zeros. */
    void forget(int from, long ofZeros) {
        Arrays.fill(states, from, INTERVALS, State.PROTECTED.code());
        Arrays.fill(seals, from, INTERVALS, ofZeros);
    }

    TuplePage copy() {
        TuplePage copy = new TuplePage();
        System.arraycopy(seals, 0, copy.seals, 0, INTERVALS);
        System.arraycopy(states, 0, copy.states, 0, INTERVALS);
        return copy;
    }
}
