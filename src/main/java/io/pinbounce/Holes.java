package io.pinbounce;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.seal.SealException;

import java.io.IOException;
import java.util.Objects;

/** Judges holes of a guarded file by what is known of them. */
final class Holes {

    private Holes() {}

    /** Holds the range meanwhile: no write by this library fills it, or has begun to. */
    static Hole verify(OpenFile file, long position, long length) throws IOException {
        Guard guard = Objects.requireNonNull(file.guard());
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
            throw DirectIoException.of(e, new Call("verify", file.path(), position, length), 0);
        } finally {
            file.inode().ranges().exit(entry);
        }
    }
}
