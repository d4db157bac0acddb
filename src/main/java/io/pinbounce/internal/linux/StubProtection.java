package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How the intervals of one request are protected: {@code struct pinbounce_protection} of
 * native-stubs/pinbounce.h, which says what each value means. For one thread at a time; it can be
 * filled again for the next request. Everything starts as 0.
 */
public final class StubProtection {

    static final long SIZE = 88;
    static final long GUARD_SEED = 0;
    static final long REFERENCE = 8;
    static final long STEP = 16;
    static final long REFERENCE_MASK = 24;
    static final long FIXED = 32;
    static final long CHECKED = 40;
    static final long ESCAPE = 48;
    static final long FIXED_HIGH = 56;
    static final long CHECKED_HIGH = 58;
    static final long ESCAPE_HIGH = 60;
    static final long APP_TAG = 62;
    static final long APP_CHECKED = 64;
    static final long GUARD = 66;
    static final long KERNEL = 67;
    static final long GUARDED = 68;
    static final long INTERVAL = 72;
    static final long METADATA_SIZE = 76;
    static final long TUPLE_OFFSET = 80;

    private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, 8);

    /** Protection that is still to be filled. */
    public StubProtection() {}

    MemorySegment memory() {
        return memory;
    }

    /**
     * The guard that is computed and compared.
     *
     * @param instructions a set that {@linkplain StubLibrary#runs runs} here
     * @param guard which CRC, and with it the layout of the tuples
     * @param seed what the CRC starts from
     * @param guarded whether it is; if not, it is written as 0 and never compared
     */
    public void guard(
            InstructionSet instructions, StubLibrary.Guard guard, long seed, boolean guarded) {
        memory.set(JAVA_BYTE, KERNEL, (byte) instructions.number);
        memory.set(JAVA_BYTE, GUARD, (byte) guard.number);
        memory.set(JAVA_LONG, GUARD_SEED, seed);
        memory.set(JAVA_INT, GUARDED, guarded ? 1 : 0);
    }

    /**
     * Where data and tuples lie.
     *
     * @param interval data bytes per tuple
     * @param metadataSize metadata bytes per interval
     * @param tupleOffset where the tuple starts in them; so many are guarded with the data
     */
    public void geometry(int interval, int metadataSize, int tupleOffset) {
        memory.set(JAVA_INT, INTERVAL, interval);
        memory.set(JAVA_INT, METADATA_SIZE, metadataSize);
        memory.set(JAVA_INT, TUPLE_OFFSET, tupleOffset);
    }

    /**
     * The application tag.
     *
     * @param tag what is written
     * @param checked the bits that are compared
     */
    public void appTag(int tag, int checked) {
        memory.set(JAVA_SHORT, APP_TAG, (short) tag);
        memory.set(JAVA_SHORT, APP_CHECKED, (short) checked);
    }

    /**
     * The reference tag of interval i: {@code (first + i * step) & mask}.
     *
     * @param first that of the first interval
     * @param step 1 if it counts intervals, else 0
     * @param mask its bits
     */
    public void refTag(long first, long step, long mask) {
        memory.set(JAVA_LONG, REFERENCE, first);
        memory.set(JAVA_LONG, STEP, step);
        memory.set(JAVA_LONG, REFERENCE_MASK, mask);
    }

    /**
     * The low 64 bits of the field that holds storage and reference tag.
     *
     * @param fixed the storage tag's bits
     * @param checked the bits that are compared
     * @param escape the bits that must be ones, beside an application tag FFFF, to escape
     */
    public void field(long fixed, long checked, long escape) {
        memory.set(JAVA_LONG, FIXED, fixed);
        memory.set(JAVA_LONG, CHECKED, checked);
        memory.set(JAVA_LONG, ESCAPE, escape);
    }

    /**
     * The same for the upper 16 bits of the 80 that the tuple of a 32-bit guard has.
     *
     * @param fixed the storage tag's bits
     * @param checked the bits that are compared
     * @param escape the bits that must be ones to escape
     */
    public void fieldHigh(int fixed, int checked, int escape) {
        memory.set(JAVA_SHORT, FIXED_HIGH, (short) fixed);
        memory.set(JAVA_SHORT, CHECKED_HIGH, (short) checked);
        memory.set(JAVA_SHORT, ESCAPE_HIGH, (short) escape);
    }
}
