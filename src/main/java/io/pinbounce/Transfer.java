package io.pinbounce;

/** How data moves between the caller's memory and the file. */
public enum Transfer {

    /**
     * The kernel uses the caller's memory itself: no copy. The memory must hold still until a write
     * completes. Buffer, position and length must be aligned as {@link Geometry} says, or the
     * request is refused. A read that reaches the end of the file may overwrite all of the buffer,
     * also past the bytes it returns. Protection is verified in place, strictly, and touches the
     * memory from Java: it must be accessible.
     */
    PIN,

    /**
     * Data is copied through private, aligned memory. What is written are the bytes as they were
     * when the call copied them; what is read reaches the caller's memory only after it has arrived
     * and verified, so an error leaves that memory as it was. Any memory, position and length will
     * do; a write that covers a block only in part reads the rest of the block first.
     */
    BOUNCE,

    /**
     * The default: bounce where the target, or a layer beneath it, needs stable pages, or may need
     * them and cannot be asked, or where the memory, position or length cannot be pinned; else pin.
     * {@link StablePages} says which layer needs them. Where a pinned write is refused with {@code
     * EILSEQ} all the same, the bytes that are not known to be written are sent again as a copy,
     * once; if the device accepts the copy, all later writes to the device are bounced. Reads are
     * lazy: pinned and verified, and on a mismatch, or when the kernel reports {@code EIO} or
     * {@code EILSEQ}, read once more bounced; only the bounced answer counts. The block that holds
     * the end of the file is bounced.
     */
    AUTO
}
