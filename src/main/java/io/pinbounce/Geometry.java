package io.pinbounce;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What direct I/O needs on one file or block device, and where each number came from. All numbers
 * are bytes. A geometry is a value: it holds nothing open and may be shared between threads. {@link
 * DirectFile#probe} asks for it, {@link DirectFile#geometry()} has that of an open file.
 *
 * <p>Reading and writing have alignments of their own: a file system that never overwrites in place
 * may write in larger units than it reads. Position and length have the same alignment. Direct I/O
 * that is not aligned fails ({@code EINVAL}) on most file systems, and goes through the page cache
 * on others (btrfs); Pinbounce refuses it under {@code PIN} and accepts it under {@code BOUNCE}.
 *
 * <p>The file itself is asked first: {@code statx} reports the alignment since Linux 6.1, atomic
 * writes since 6.11, a read alignment since 6.14. Then comes the open block device ({@code ioctl}:
 * {@code BLKSSZGET}, {@code BLKPBSZGET}), then its queue in sysfs; on btrfs, the file system's own
 * block; in the end the page size, which is never too small. A file system on several devices gets
 * the strictest value of all.
 *
 * <p>Whatever a geometry says, the kernel may send a single request through the page cache, for
 * example for a compressed extent: {@code directIo} says what is known before the first request.
 *
 * @param memoryAlignment a buffer's address is a multiple of this
 * @param readAlignment position and length of a read are multiples of this
 * @param writeAlignment position and length of a write are multiples of this
 * @param logicalBlock smallest unit that the device addresses
 * @param physicalBlock smallest unit that the device writes without reading first
 * @param preferredTransfer longest request that reaches the device as one command
 * @param largestTransfer longest request that one system call takes
 * @param atomicWriteMinimum shortest write that is all or nothing; 0 if none is
 * @param atomicWriteMaximum longest write that is all or nothing; 0 if none is
 * @param stablePages whether buffers must hold still during a request, and which layer needs that
 * @param directIo whether direct I/O is real here
 * @param directIoReason why, in words
 * @param fileSystem its type ({@code /proc/self/mountinfo}), or {@code "block device"}
 * @param device kernel names of the devices that hold the bytes, or empty when they are out of
 *     sight (overlay, network) or there are none (tmpfs)
 * @param sources for each number by its name, in the order above, the source that reported it: for
 *     example {@code "statx stx_dio_mem_align"} or {@code "sysfs queue/logical_block_size"}
 */
public record Geometry(
        int memoryAlignment,
        int readAlignment,
        int writeAlignment,
        int logicalBlock,
        int physicalBlock,
        long preferredTransfer,
        long largestTransfer,
        int atomicWriteMinimum,
        int atomicWriteMaximum,
        StablePages stablePages,
        DirectIoStatus directIo,
        String directIoReason,
        String fileSystem,
        String device,
        Map<String, String> sources) {

    /** Keeps its own copy of the sources. */
    public Geometry {
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    }

    /**
     * What {@link Transfer#AUTO} chooses here for an aligned write, from memory that can be pinned,
     * without protection.
     *
     * @return {@link Transfer#BOUNCE} where pages must hold still, else {@link Transfer#PIN}
     */
    public Transfer recommendedTransfer() {
        return stablePages.needed() ? Transfer.BOUNCE : Transfer.PIN;
    }
}
