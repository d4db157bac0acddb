package io.pinbounce.pi;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How intervals are protected: everything about their tuples that does not change from one request
 * to the next. Immutable; any number of threads may share one.
 *
 * <p>{@link #t10} and {@link #of} give the usual ones; {@link #toBuilder} makes others from them.
 *
 * @param format the layout of the tuples and the CRC of the guard
 * @param type what the reference tag means
 * @param interval data bytes per tuple, a multiple of {@link PiFormat#intervalUnit}
 * @param metadataSize metadata bytes per interval, at least {@link PiFormat#tupleSize}
 * @param tuplePosition where the tuple sits in larger metadata
 * @param appTag the application tag, 0 to 0xFFFE: 0xFFFF would switch every check off
 * @param appMask the bits of the application tag that are compared, 0 to 0xFFFF
 * @param storageTagSize bits that the storage tag takes from the reference tag, {@link
 *     PiFormat#minStorageTagSize} to {@link PiFormat#maxStorageTagSize}
 * @param storageTag the storage tag, an unsigned number of that size
 * @param refSeed the reference tag of interval 0, any number; tags are truncated to their width
 * @param guardSeed what the guard's CRC starts from, normally 0; at most {@link PiFormat#guardMask}
 * @param checks the fields that are generated and verified; a field that is not among them is
 *     written as 0 and not compared
 */
public record PiContext(
        PiFormat format,
        PiType type,
        int interval,
        int metadataSize,
        TuplePosition tuplePosition,
        int appTag,
        int appMask,
        int storageTagSize,
        long storageTag,
        long refSeed,
        long guardSeed,
        Set<PiCheck> checks) {

    /**
     * Checks every value, once for all requests.
     *
     * @throws IllegalArgumentException if a value, or two together, cannot be; the message names
     *     them
     */
    public PiContext {
        require(
                interval > 0 && interval % format.intervalUnit() == 0,
                "The interval must be a positive multiple of " + format.intervalUnit() + " bytes",
                "interval=" + interval + " format=" + format);
        require(
                metadataSize >= format.tupleSize(),
                "The metadata must have room for a tuple of " + format.tupleSize() + " bytes",
                "metadataSize=" + metadataSize + " format=" + format);
        require(
                appTag >= 0 && appTag <= 0xFFFF,
                "The application tag must be 0 to 0xFFFE",
                "appTag=" + PiTuple.hex(appTag));
        require(
                appTag != PiTuple.ESCAPE_APP_TAG,
                "The application tag 0xFFFF switches every check off; choose 0 to 0xFFFE",
                "appTag=0xffff");
        require(
                appMask >= 0 && appMask <= 0xFFFF,
                "The application tag's mask must be 0 to 0xFFFF",
                "appMask=" + PiTuple.hex(appMask));
        require(
                storageTagSize >= format.minStorageTagSize()
                        && storageTagSize <= format.maxStorageTagSize(),
                "The storage tag must have "
                        + format.minStorageTagSize()
                        + " to "
                        + format.maxStorageTagSize()
                        + " bits",
                "storageTagSize=" + storageTagSize + " format=" + format);
        require(
                (storageTag & ~PiFormat.ones(storageTagSize)) == 0,
                "The storage tag must be 0 to " + PiTuple.hex(PiFormat.ones(storageTagSize)),
                "storageTag=" + PiTuple.hex(storageTag) + " storageTagSize=" + storageTagSize);
        require(
                (guardSeed & ~format.guardMask()) == 0,
                "The guard's seed must be 0 to " + PiTuple.hex(format.guardMask()),
                "guardSeed=" + PiTuple.hex(guardSeed) + " format=" + format);
        EnumSet<PiCheck> copy = EnumSet.noneOf(PiCheck.class);
        copy.addAll(checks);
        checks = Collections.unmodifiableSet(copy);
    }

    /**
     * The usual protection: 8-byte tuples of type 1 in 8-byte metadata, all fields checked, every
     * tag and seed 0.
     *
     * @param interval data bytes per tuple, a multiple of 512
     * @return the context
     * @throws IllegalArgumentException if the interval cannot be
     */
    public static PiContext t10(int interval) {
        return of(PiFormat.GUARD_16, interval);
    }

    /**
     * The usual protection in some format: tuples of type 1, metadata no larger than they are, the
     * smallest storage tag, all fields checked, every tag and seed 0.
     *
     * @param format the layout of the tuples
     * @param interval data bytes per tuple, a multiple of {@link PiFormat#intervalUnit}
     * @return the context
     * @throws IllegalArgumentException if the interval cannot be
     */
    public static PiContext of(PiFormat format, int interval) {
        return new PiContext(
                format,
                PiType.TYPE_1,
                interval,
                format.tupleSize(),
                TuplePosition.FIRST,
                0,
                0xFFFF,
                format.minStorageTagSize(),
                0,
                0,
                0,
                EnumSet.allOf(PiCheck.class));
    }

    /**
     * A builder that starts with this context's values.
     *
     * @return a new builder
     */
    public PiContextBuilder toBuilder() {
        return new PiContextBuilder(this);
    }

    /**
     * The bits that a reference tag has; larger numbers are truncated to them.
     *
     * @return as many ones as the storage tag leaves to the reference tag, at most 64
     */
    public long refTagMask() {
        return PiFormat.ones(refTagSize());
    }

    int refTagSize() {
        return format.tagBits() - storageTagSize;
    }

    /** Bytes of an interval and its metadata, as they lie together on the medium. */
    long blockSize() {
        return (long) interval + metadataSize;
    }

    boolean checks(PiCheck field) {
        return checks.contains(field);
    }

    /**
     * Where the tuple starts in an interval's metadata. The guard covers just the metadata in front
     * of it, so this is also how much metadata is guarded.
     */
    int tupleOffset() {
        return switch (tuplePosition) {
            case FIRST -> 0;
            case LAST -> metadataSize - format.tupleSize();
        };
    }

    int generatedAppTag() {
        return checks(PiCheck.APP_TAG) ? appTag : 0;
    }

    long generatedStorageTag() {
        return checks(PiCheck.STORAGE_TAG) ? storageTag : 0;
    }

    long generatedRefTag(long number) {
        if (!checks(PiCheck.REF_TAG)) {
            return 0;
        }
        return (type.countsIntervals() ? refSeed + number : refSeed) & refTagMask();
    }

    /** Whether a stored tuple switches its own checks off. */
    boolean escapes(int storedAppTag, long storedRefTag) {
        return storedAppTag == PiTuple.ESCAPE_APP_TAG
                && (type.countsIntervals() || storedRefTag == refTagMask());
    }

    /*
     * The shared bits, of which the format hands out the low 64 and those above:
     *
     *   high | low                          GUARD_32, the others have only low
     *   [ storage tag   |  reference tag ]
     *                    <- refTagSize ->
     *
     * A shift by 64 is no shift in Java, so the ends of the range are told apart.
     */

    long refTagOf(long low) {
        return low & refTagMask();
    }

    long storageTagOf(int high, long low) {
        int refTagSize = refTagSize();
        return refTagSize == Long.SIZE ? high : ((long) high << -refTagSize) | (low >>> refTagSize);
    }

    int highTagBits(long storageTag) {
        int above = Long.SIZE - refTagSize();
        return (int) (storageTag >>> above);
    }

    long lowTagBits(long storageTag, long refTag) {
        int refTagSize = refTagSize();
        return refTagSize == Long.SIZE ? refTag : (storageTag << refTagSize) | refTag;
    }

    private static void require(boolean condition, String rule, String values) {
        if (!condition) {
            throw new IllegalArgumentException(rule + ", " + values);
        }
    }
}
