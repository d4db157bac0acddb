package io.pinbounce;

/**
 * What a file's requests did since the file was opened. A request that is split counts once for
 * each part.
 *
 * @param pinnedReads reads straight into the caller's memory
 * @param bouncedReads reads through the pool, second readings included
 * @param pinnedWrites writes straight from the caller's memory
 * @param bouncedWrites writes through the pool
 * @param lazyRereads pinned reads of {@link Transfer#AUTO} that were read again bounced, since they
 *     failed or did not verify
 * @param blockReads blocks that were read because a write covers them only in part
 * @param settledWrites guarded writes that failed and were read back
 * @param unverifiedIntervals intervals that were read without protection, on a file that has it, or
 *     of data that has a sidecar which the file leaves out
 */
public record DirectCounts(
        long pinnedReads,
        long bouncedReads,
        long pinnedWrites,
        long bouncedWrites,
        long lazyRereads,
        long blockReads,
        long settledWrites,
        long unverifiedIntervals) {}
