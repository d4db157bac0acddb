package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.crc.Crc64Nvme;
import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Makes and reads seals: the 64 bits that a {@link TupleStore} keeps of an interval, whatever the
 * format of its tuple. All that an interval's data decides in a tuple is the guard, the tags follow
 * from the context and the interval's number; so a seal is the guard, and in the room that is left
 * a digest of the data, the low bits of its CRC-64/NVME:
 *
 * <pre>
 *   format   63                47        31                             0
 *   16b      |  guard (16)     |  digest (48)                           |
 *   32b      |  guard (32)               |  digest (32)                 |
 *   64b      |  guard (64), itself a CRC-64/NVME                        |
 * </pre>
 *
 * <p>So a torn interval, part old and part new, is taken for a whole one with a probability of 1 in
 * 2^64, where a 16-bit guard alone would let 1 in 65,536 pass.
 *
 * <p>Immutable, for any thread.
 */
public final class Seals {

    /** Whether seals have a digest beside the guard. */
    public enum Digest {
        /** The guard alone: half the work, for tuples that need not survive anything. */
        NONE,
        /** All 64 bits. */
        CRC64
    }

    private final PiContext context;

    private final int interval;

    private final int guardShift;

    private final long digestMask;

    private final long ofZeros;

    /**
     * Seals of one context.
     *
     * @param context how tuples are made; of no type 0, and with guards
     * @param digest whether seals have a digest
     */
    public Seals(PiContext context, Digest digest) {
        this.context = context;
        interval = context.interval();
        guardShift =
                switch (context.format()) {
                    case GUARD_16 -> 48;
                    case GUARD_32 -> 32;
                    case GUARD_64 -> 0;
                };
        boolean digests = digest == Digest.CRC64 && context.format() != PiFormat.GUARD_64;
        digestMask = digests ? (1L << guardShift) - 1 : 0;
        ofZeros = zeros();
    }

    /**
     * Whether seals hold more than the guard.
     *
     * @return false if {@link Digest#NONE} was asked for, or the guard leaves no room
     */
    public boolean hasDigest() {
        return digestMask != 0;
    }

    private long zeros() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment tuple = arena.allocate(context.metadataSize());
            Pi.generateZeros(context, tuple, 0, 1);
            return guard(tuple, 0) | (Crc64Nvme.updateZeros(0, interval) & digestMask);
        }
    }

    /**
     * The seal of an interval of zeros, the same for all.
     *
     * @return what an interval that was never written has
     */
    public long ofZeros() {
        return ofZeros;
    }

    /**
     * The seal of an interval whose tuple was just made.
     *
     * @param data where the interval is
     * @param offset its first byte
     * @param tuples metadata
     * @param index the interval's record in it
     * @return the seal
     */
    public long of(MemorySegment data, long offset, MemorySegment tuples, long index) {
        return guard(tuples, index) | digest(data, offset);
    }

    /**
     * Whether the digest in a seal is that of an interval; the guard is not looked at.
     *
     * @param seal what was kept
     * @param data where the interval is
     * @param offset its first byte
     * @return true as well if the seal has no digest
     */
    public boolean digestMatches(long seal, MemorySegment data, long offset) {
        return (seal & digestMask) == digest(data, offset);
    }

    /**
     * Writes the tuple that an interval with this seal has.
     *
     * @param seal what was kept
     * @param number of the interval
     * @param tuples metadata
     * @param index the interval's record in it
     */
    public void putTuple(long seal, long number, MemorySegment tuples, long index) {
        Pi.putTuple(context, seal >>> guardShift, tuples, index, number);
    }

    private long guard(MemorySegment tuples, long index) {
        return Pi.guard(context, tuples, index) << guardShift;
    }

    private long digest(MemorySegment data, long offset) {
        return digestMask == 0 ? 0 : Crc64Nvme.update(0, data, offset, interval) & digestMask;
    }
}
