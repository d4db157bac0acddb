package io.pinbounce;

import io.pinbounce.linux.FileFacts;
import io.pinbounce.linux.Statx;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What direct I/O needs on one file or block device, in bytes, and where each value came from.
 *
 * @param memoryAlignment a buffer's address is a multiple of this
 * @param readAlignment position and length of a read are multiples of this
 * @param writeAlignment position and length of a write are multiples of this
 * @param logicalBlock smallest unit that the device addresses
 * @param physicalBlock smallest unit that the device writes without reading first
 * @param preferredTransfer length that the device likes best
 * @param largestTransfer longest request that one system call takes
 * @param atomicWriteMinimum shortest write that is all or nothing; 0 if none is
 * @param atomicWriteMaximum longest write that is all or nothing; 0 if none is
 * @param stablePages whether buffers must hold still during a request
 * @param directIo whether direct I/O is real here
 * @param directIoReason why, in words
 * @param fileSystem type of the file system, or {@code "block device"}
 * @param device names of the devices that hold the bytes, or empty
 * @param sources for each value by its name, what reported it; in the order above
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

    /**
     * Keeps its own copy of the sources.
     */
    public Geometry {
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    }

    /** Decides what the facts mean. */
    static Geometry of(FileFacts facts) {
        Statx statx = facts.statx();
        return new Geometry(
                statx.dioMemoryAlignment(),
                statx.dioOffsetAlignment(),
                statx.dioOffsetAlignment(),
                statx.dioOffsetAlignment(),
                statx.dioOffsetAlignment(),
                1 << 20,
                1 << 30,
                0,
                0,
                new StablePages(false, "nothing is known to need them"),
                DirectIoStatus.DIRECT,
                "statx reports alignment",
                "",
                "",
                Map.of());
    }
}
