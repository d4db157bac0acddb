package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.pinbounce.internal.linux.Region;

import java.lang.foreign.MemorySegment;

/**
 * Registered memory, which the kernel has pinned once and need not pin for each request. It counts
 * as locked memory, once for each ring, and users other than root have little of that. So a ring
 * registers no more memory than it has moved bytes: a region is registered once as many bytes as it
 * is long have gone through it.
 */
final class BufferTable extends RingTable<Region> {

    private final KernelRing ring;

    /** {@code struct io_uring_rsrc_update2}, and the iovec that it points to. */
    private final MemorySegment update;

    private final long iovec;

    private BufferTable(KernelRing ring, int capacity) {
        super("buffers", capacity);
        this.ring = ring;
        iovec = RegisterLayout.RSRC_UPDATE2_SIZE;
        update = ring.allocate(iovec + RegisterLayout.IOVEC_SIZE);
    }

    /**
     * Registers a table with free places.
     *
     * @return a table, without places if the kernel refuses
     */
    static BufferTable register(KernelRing ring, int capacity) {
        MemorySegment all = ring.allocate(RegisterLayout.RSRC_REGISTER_SIZE);
        all.set(JAVA_INT, RegisterLayout.RSRC_REGISTER_NR, capacity);
        all.set(
                JAVA_INT,
                RegisterLayout.RSRC_REGISTER_FLAGS,
                RegisterLayout.IORING_RSRC_REGISTER_SPARSE);
        int result =
                ring.register(
                        RegisterLayout.IORING_REGISTER_BUFFERS2,
                        all,
                        (int) RegisterLayout.RSRC_REGISTER_SIZE);
        BufferTable table = new BufferTable(ring, result < 0 ? 0 : capacity);
        if (result < 0) {
            table.refused(-result);
        }
        return table;
    }

    @Override
    long threshold(Region region) {
        return region.length();
    }

    @Override
    int register(int index, Region region) {
        return update(index, region.address(), region.length());
    }

    @Override
    int unregister(int index) {
        return update(index, 0, 0);
    }

    @Override
    void discard() {
        ring.register(RegisterLayout.IORING_UNREGISTER_BUFFERS, MemorySegment.NULL, 0);
    }

    private int update(int index, long address, long length) {
        update.set(JAVA_INT, RegisterLayout.RSRC_UPDATE_OFFSET, index);
        update.set(JAVA_LONG, RegisterLayout.RSRC_UPDATE_DATA, update.address() + iovec);
        update.set(JAVA_INT, RegisterLayout.RSRC_UPDATE2_NR, 1);
        update.set(JAVA_LONG, iovec, address);
        update.set(JAVA_LONG, iovec + RegisterLayout.IOV_LEN, length);
        return ring.register(
                RegisterLayout.IORING_REGISTER_BUFFERS_UPDATE,
                update,
                (int) RegisterLayout.RSRC_UPDATE2_SIZE);
    }
}
