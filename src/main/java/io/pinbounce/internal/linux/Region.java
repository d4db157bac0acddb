package io.pinbounce.internal.linux;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A piece of {@link PinnedPages} that a ring registers as one buffer. It is told apart by identity,
 * never by address: the kernel keeps writing to the pages that it was told of, while the address
 * may belong to other memory by then. So that no address is reused while a ring knows it, the pages
 * are unmapped once the arena and all rings have let go.
 */
public final class Region extends Registrable {

    /** The largest buffer that a ring registers (io_uring/rsrc.c). */
    static final long MAX_LENGTH = 1L << 30;

    private final Mapping mapping;

    private final long address;

    private final long length;

    /** One mmap, unmapped when all its regions are freed. */
    record Mapping(LibC libc, long address, long length, AtomicInteger regions) {}

    Region(Mapping mapping, long address, long length) {
        this.mapping = mapping;
        this.address = address;
        this.length = length;
    }

    /**
     * Where it starts.
     *
     * @return an address, which is mapped until the region is freed
     */
    public long address() {
        return address;
    }

    /**
     * How long it is.
     *
     * @return bytes
     */
    public long length() {
        return length;
    }

    boolean contains(long start, long size) {
        return start >= address && size <= length && start - address <= length - size;
    }

    @Override
    protected void free() {
        if (mapping.regions.decrementAndGet() == 0) {
            mapping.libc.munmap(mapping.address, mapping.length);
        }
    }
}
