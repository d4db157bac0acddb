package io.pinbounce.internal.file;

import io.pinbounce.Geometry;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.linux.BlockDevice;
import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.Statx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Decides every value of a {@link Geometry}: the file's own answer first ({@code statx}), then the
 * open device's ({@code ioctl}), then sysfs, then the block size of the file system or the page
 * size, which are never too small. Of several devices, the most demanding one counts.
 */
final class GeometryRules {

    private static final long DEFAULT_TRANSFER = 1 << 20;

    private final FileFacts facts;

    private final Statx statx;

    private final DirectIoRules rules;

    private final Map<String, String> sources = new LinkedHashMap<>();

    private GeometryRules(FileFacts facts, Supplier<DirectTrial.Answer> trial) {
        this.facts = facts;
        this.statx = facts.statx();
        this.rules = new DirectIoRules(facts, trial);
    }

    /** A value and the source that reported it; 0 if none did. */
    private record Found(long value, String source) {

        Found or(Found next) {
            return value > 0 ? this : next;
        }

        Found max(Found other) {
            return other.value > value ? other : this;
        }
    }

    /**
     * Decides what the facts mean.
     *
     * @param trial tries where a direct write goes; asked only if the facts do not tell
     */
    static Geometry decide(FileFacts facts, Supplier<DirectTrial.Answer> trial) {
        return new GeometryRules(facts, trial).decide();
    }

    private Geometry decide() {
        Found offset = statx("stx_dio_offset_align", statx.dioOffsetAlignment());
        Found logical = logicalBlock().or(offset).or(page());
        Found write = offset.or(unreported(logical));
        Found read = statx("stx_dio_read_offset_align", statx.dioReadOffsetAlignment()).or(write);
        Found memory =
                statx("stx_dio_mem_align", statx.dioMemoryAlignment())
                        .or(
                                unreported(logical)
                                        .max(
                                                queue(
                                                        "dma_alignment",
                                                        d -> d.queue().dmaAlignment())));
        long unit = Math.max(read.value(), write.value());
        Found largest =
                new Found(
                        Alignment.down(Integer.MAX_VALUE - (facts.pageSize() - 1L), unit),
                        "MAX_RW_COUNT of linux/fs.h");
        DirectIoRules.Verdict verdict = rules.directIo();
        // Arguments are evaluated from left to right: so the sources are in the record's order.
        return new Geometry(
                (int) note("memoryAlignment", memory),
                (int) note("readAlignment", read),
                (int) note("writeAlignment", write),
                (int) note("logicalBlock", logical),
                (int) note("physicalBlock", physicalBlock(logical)),
                note("preferredTransfer", preferredTransfer(unit, largest.value())),
                note("largestTransfer", largest),
                (int) note("atomicWriteMinimum", atomic("min", statx.atomicWriteMinimum())),
                (int) note("atomicWriteMaximum", atomic("max", statx.atomicWriteMaximum())),
                StackRules.judge(facts),
                verdict.status(),
                verdict.reason(),
                rules.fileSystem(),
                facts.devices().stream().map(BlockDevice::name).collect(Collectors.joining(", ")),
                sources);
    }

    private Found logicalBlock() {
        return ioctl("BLKSSZGET", d -> d.sizes().logicalBlock())
                .or(queue("logical_block_size", d -> d.queue().logicalBlock()));
    }

    private Found physicalBlock(Found logical) {
        return ioctl("BLKPBSZGET", d -> d.sizes().physicalBlock())
                .or(queue("physical_block_size", d -> d.queue().physicalBlock()))
                .or(new Found(logical.value(), "the logical block"));
    }

    /**
     * The alignment of a file about which statx is silent. Linux before 6.1 wants whole logical
     * blocks, in memory too. btrfs accepts any alignment, and goes through the page cache when
     * position, length or address is no multiple of its own block.
     */
    private Found unreported(Found logical) {
        boolean ownBlock = rules.fileSystem().equals("btrfs");
        return ownBlock ? statx("stx_blksize", statx.blockSize()).or(page()) : logical;
    }

    private Found preferredTransfer(long unit, long largest) {
        long bytes = Math.min(largest, least(d -> d.queue().largestTransfer()));
        return new Found(Alignment.down(bytes, unit), "sysfs queue/max_sectors_kb")
                .or(new Found(Alignment.down(DEFAULT_TRANSFER, unit), "not reported"));
    }

    private static Found atomic(String end, int bytes) {
        return new Found(bytes, bytes > 0 ? "statx stx_atomic_write_unit_" + end : "not reported");
    }

    private static Found statx(String field, int bytes) {
        return new Found(Integer.toUnsignedLong(bytes), "statx " + field);
    }

    private Found ioctl(String request, ToLongFunction<BlockDevice> value) {
        return new Found(most(value), "ioctl " + request);
    }

    private Found queue(String file, ToLongFunction<BlockDevice> value) {
        return new Found(most(value), "sysfs queue/" + file);
    }

    private Found page() {
        return new Found(facts.pageSize(), "page size (last resort)");
    }

    private long note(String name, Found found) {
        sources.put(name, found.source());
        return found.value();
    }

    private long most(ToLongFunction<BlockDevice> value) {
        return known(value).max().orElse(0);
    }

    private long least(ToLongFunction<BlockDevice> value) {
        return known(value).min().orElse(0);
    }

    private LongStream known(ToLongFunction<BlockDevice> value) {
        return facts.devices().stream().mapToLong(value).filter(v -> v > 0);
    }
}
