package io.pinbounce.internal.file;

import io.pinbounce.Access;
import io.pinbounce.Bypass;
import io.pinbounce.Contents;
import io.pinbounce.DirectIo;
import io.pinbounce.Durability;
import io.pinbounce.Existence;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.BouncePool;

/**
 * How a file is opened, and how its requests move data.
 *
 * @param access reading, or reading and writing
 * @param existence whether the file must exist, must not, or is made if it does not
 * @param contents what happens to data that is there
 * @param directIo what to do if direct I/O is not real on the file
 * @param durability when a write survives a power cut
 * @param transfer pin, bounce, or decide
 * @param protection whether and how data is guarded
 * @param bypass whether data that has a sidecar may be written without its protection
 * @param pool where bounced data passes through
 */
public record OpenSpec(
        Access access,
        Existence existence,
        Contents contents,
        DirectIo directIo,
        Durability durability,
        Transfer transfer,
        Protection protection,
        Bypass bypass,
        BouncePool pool) {

    /** For a file that is opened only to ask for its geometry. */
    static OpenSpec probing() {
        return new OpenSpec(
                Access.READ,
                Existence.REQUIRED,
                Contents.KEEP,
                DirectIo.PREFERRED,
                Durability.ON_FORCE,
                Transfer.AUTO,
                Protection.none(),
                Bypass.REFUSED,
                BouncePool.shared());
    }

    public boolean writes() {
        return access == Access.READ_WRITE;
    }
}
