package io.pinbounce.internal.file;

import io.pinbounce.DirectCounts;

import java.util.concurrent.atomic.LongAdder;

/** The counters of an open file; a user gets their values as {@link DirectCounts}. */
public final class Counters {

    public final LongAdder pinnedReads = new LongAdder();

    public final LongAdder bouncedReads = new LongAdder();

    public final LongAdder pinnedWrites = new LongAdder();

    public final LongAdder bouncedWrites = new LongAdder();

    public final LongAdder lazyRereads = new LongAdder();

    public final LongAdder blockReads = new LongAdder();

    public final LongAdder settledWrites = new LongAdder();

    public final LongAdder unverifiedIntervals = new LongAdder();

    public DirectCounts snapshot() {
        return new DirectCounts(
                pinnedReads.sum(),
                bouncedReads.sum(),
                pinnedWrites.sum(),
                bouncedWrites.sum(),
                lazyRereads.sum(),
                blockReads.sum(),
                settledWrites.sum(),
                unverifiedIntervals.sum());
    }
}
