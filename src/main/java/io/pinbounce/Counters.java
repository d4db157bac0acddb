package io.pinbounce;

import java.util.concurrent.atomic.LongAdder;

/** Counts as they grow; {@link DirectCounts} is what a user sees of them. */
final class Counters {

    final LongAdder pinnedReads = new LongAdder();

    final LongAdder bouncedReads = new LongAdder();

    final LongAdder pinnedWrites = new LongAdder();

    final LongAdder bouncedWrites = new LongAdder();

    final LongAdder lazyRereads = new LongAdder();

    final LongAdder blockReads = new LongAdder();

    final LongAdder settledWrites = new LongAdder();

    final LongAdder unverifiedIntervals = new LongAdder();

    DirectCounts snapshot() {
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
