package io.pinbounce.pi;

import java.util.Set;

/**
 * Collects the values of a {@link PiContext}, which checks them when it is built. For one thread.
 *
 * {@snippet :
 * PiContext context =
 *         PiContext.t10(4096).toBuilder().type(PiType.TYPE_2).refSeed(firstTag).build();
 * }
 */
public final class PiContextBuilder {

    private PiFormat format;
    private PiType type;
    private int interval;
    private int metadataSize;
    private TuplePosition tuplePosition;
    private int appTag;
    private int appMask;
    private int storageTagSize;
    private long storageTag;
    private long refSeed;
    private long guardSeed;
    private Set<PiCheck> checks;

    PiContextBuilder(PiContext context) {
        format = context.format();
        type = context.type();
        interval = context.interval();
        metadataSize = context.metadataSize();
        tuplePosition = context.tuplePosition();
        appTag = context.appTag();
        appMask = context.appMask();
        storageTagSize = context.storageTagSize();
        storageTag = context.storageTag();
        refSeed = context.refSeed();
        guardSeed = context.guardSeed();
        checks = context.checks();
    }

    /**
     * Sets the format.
     *
     * @param format the layout of the tuples
     * @return this
     */
    public PiContextBuilder format(PiFormat format) {
        this.format = format;
        return this;
    }

    /**
     * Sets the type.
     *
     * @param type what the reference tag means
     * @return this
     */
    public PiContextBuilder type(PiType type) {
        this.type = type;
        return this;
    }

    /**
     * Sets the interval.
     *
     * @param interval data bytes per tuple
     * @return this
     */
    public PiContextBuilder interval(int interval) {
        this.interval = interval;
        return this;
    }

    /**
     * Sets the size of the metadata.
     *
     * @param metadataSize metadata bytes per interval
     * @return this
     */
    public PiContextBuilder metadataSize(int metadataSize) {
        this.metadataSize = metadataSize;
        return this;
    }

    /**
     * Sets the place of the tuple.
     *
     * @param tuplePosition where the tuple sits in larger metadata
     * @return this
     */
    public PiContextBuilder tuplePosition(TuplePosition tuplePosition) {
        this.tuplePosition = tuplePosition;
        return this;
    }

    /**
     * Sets the application tag.
     *
     * @param appTag 0 to 0xFFFE
     * @return this
     */
    public PiContextBuilder appTag(int appTag) {
        this.appTag = appTag;
        return this;
    }

    /**
     * Sets the mask of the application tag.
     *
     * @param appMask the bits that are compared, 0 to 0xFFFF
     * @return this
     */
    public PiContextBuilder appMask(int appMask) {
        this.appMask = appMask;
        return this;
    }

    /**
     * Sets the size and the value of the storage tag.
     *
     * @param storageTagSize bits that it takes from the reference tag
     * @param storageTag the tag, an unsigned number of that size
     * @return this
     */
    public PiContextBuilder storageTag(int storageTagSize, long storageTag) {
        this.storageTagSize = storageTagSize;
        this.storageTag = storageTag;
        return this;
    }

    /**
     * Sets the start of the reference tag.
     *
     * @param refSeed the reference tag of interval 0
     * @return this
     */
    public PiContextBuilder refSeed(long refSeed) {
        this.refSeed = refSeed;
        return this;
    }

    /**
     * Sets the seed of the guard.
     *
     * @param guardSeed what the guard's CRC starts from
     * @return this
     */
    public PiContextBuilder guardSeed(long guardSeed) {
        this.guardSeed = guardSeed;
        return this;
    }

    /**
     * Sets the checks.
     *
     * @param checks the fields that are generated and verified
     * @return this
     */
    public PiContextBuilder checks(Set<PiCheck> checks) {
        this.checks = checks;
        return this;
    }

    /**
     * Checks the values and makes the context.
     *
     * @return the context
     * @throws IllegalArgumentException if a value, or two together, cannot be; the message names
     *     them
     */
    public PiContext build() {
        return new PiContext(
                format,
                type,
                interval,
                metadataSize,
                tuplePosition,
                appTag,
                appMask,
                storageTagSize,
                storageTag,
                refSeed,
                guardSeed,
                checks);
    }
}
