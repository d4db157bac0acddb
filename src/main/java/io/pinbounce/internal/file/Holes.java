package io.pinbounce.internal.file;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Hole;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.sidecar.SealException;

import java.io.IOException;

/** Judges holes of a guarded file by what is known of their intervals. */
public final class Holes {

    private Holes() {}

    /**
     * Verifies a hole while it holds the range: no write of this library fills the hole, or has
     * begun to.
     */
    public static Hole verify(OpenFile file, long position, long length) throws IOException {
        Guard guard = guard(file, position);
        long end = position + Math.min(length, file.holeEnd(position) - position);
        if (end <= position) {
            return new Hole(position, 0);
        }
        long unit = file.readUnit();
        RangeTable.Entry entry =
                file.shareRange(Alignment.down(position, unit), Alignment.up(end, unit));
        try {
            return guard.judge(position, Math.min(end, file.holeEnd(position)), unit);
        } catch (SealException e) {
            throw Errors.of(e, new Call("verify", file.path(), position, length), 0);
        } finally {
            file.inode().ranges().exit(entry);
        }
    }

    private static Guard guard(OpenFile file, long position) {
        Guard guard = file.guard();
        if (guard == null) {
            throw new IllegalStateException(
                    "only a file that is open with protection has seals for a hole: path="
                            + file.path());
        }
        if (position < 0 || position % guard.interval() != 0) {
            throw new IllegalArgumentException(
                    "a hole is gone over from the start of an interval on: position="
                            + (position + " interval=" + guard.interval()));
        }
        return guard;
    }
}
