package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.pinbounce.internal.engine.FileHandle;

import java.lang.foreign.MemorySegment;

/**
 * Registered files: the kernel need not look the number up, and a number that was closed and given
 * to another file is never used by mistake. The last place holds the descriptor of {@link
 * TeardownWatch}.
 */
final class FileTable extends RingTable<FileHandle> {

    private static final int FREE = -1; // no descriptor

    private final KernelRing ring;

    /** {@code struct io_uring_rsrc_update}, and the descriptor that it points to. */
    private final MemorySegment update;

    private final long descriptor;

    private FileTable(KernelRing ring, int capacity) {
        super("files", capacity);
        this.ring = ring;
        descriptor = RegisterLayout.RSRC_UPDATE2_SIZE;
        update = ring.allocate(descriptor + Integer.BYTES);
    }

    /**
     * Registers a table with free places.
     *
     * @param guest a descriptor that the ring holds open from now on
     * @return a table, without places if the kernel refuses
     */
    static FileTable register(KernelRing ring, int capacity, int guest) {
        MemorySegment all = ring.allocate((capacity + 1L) * Integer.BYTES);
        for (int i = 0; i < capacity; i++) {
            all.setAtIndex(JAVA_INT, i, FREE);
        }
        all.setAtIndex(JAVA_INT, capacity, guest);
        int result = ring.register(RegisterLayout.IORING_REGISTER_FILES, all, capacity + 1);
        FileTable table = new FileTable(ring, result < 0 ? 0 : capacity);
        if (result < 0) {
            table.refused(-result);
        }
        return table;
    }

    /** Registered files use nothing that is scarce, so they are registered at their first use. */
    @Override
    long threshold(FileHandle file) {
        return 0;
    }

    @Override
    int register(int index, FileHandle file) {
        return update(index, file.number());
    }

    @Override
    int unregister(int index) {
        return update(index, FREE);
    }

    @Override
    void discard() {
        ring.register(RegisterLayout.IORING_UNREGISTER_FILES, MemorySegment.NULL, 0);
    }

    private int update(int index, int fd) {
        update.set(JAVA_INT, RegisterLayout.RSRC_UPDATE_OFFSET, index);
        update.set(JAVA_LONG, RegisterLayout.RSRC_UPDATE_DATA, update.address() + descriptor);
        update.set(JAVA_INT, descriptor, fd);
        return ring.register(RegisterLayout.IORING_REGISTER_FILES_UPDATE, update, 1);
    }
}
