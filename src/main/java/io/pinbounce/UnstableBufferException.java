package io.pinbounce;

/**
 * A pinned, guarded write whose memory changed before the write was done. The intervals it covered
 * hold unknown data, and read as protection errors until they are written again.
 *
 * <p>What to do: keep the buffer still until the write returns, or write with {@link
 * Transfer#BOUNCE}.
 */
public final class UnstableBufferException extends DirectIoException {

    private static final long serialVersionUID = 1;

    /**
     * Memory that changed; for the library, and for code that stands in for it.
     *
     * @param call what was asked for
     * @param bytesDone bytes known to be written
     */
    public UnstableBufferException(Call call, long bytesDone) {
        super(
                "the buffer changed while it was being written; keep it still, or use"
                        + " Transfer.BOUNCE",
                call,
                0,
                bytesDone);
    }
}
