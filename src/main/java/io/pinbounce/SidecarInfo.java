package io.pinbounce;

import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.pi.PiContext;

import java.nio.file.Path;
import java.util.List;

/**
 * What a sidecar says of itself and of its data, read without changing anything.
 *
 * @param path the sidecar's own
 * @param version of its format
 * @param identity the random number that it got when it was made, in hexadecimal
 * @param context how tuples are made
 * @param mode the mode that it was last opened in
 * @param clean whether it was closed in order; if not, the next writer recovers it
 * @param device whether the data is on a block device
 * @param volume what tells the inode, or the device, from another one of the same number, in
 *     hexadecimal
 * @param inode of the data; 0 for a device
 * @param length bytes of the data when the sidecar last recorded its length
 * @param logSize bytes of the log
 * @param liveGroups groups of intents in the log that a recovery has to look at
 * @param tuplePages pages of 4096 bytes that hold tuples
 * @param protectedIntervals intervals up to the length that have a tuple
 * @param unprotectedIntervals intervals that have no tuple
 * @param damagedIntervals intervals that a failed write left damaged
 * @param lostIntervals intervals whose tuple is on a damaged sector
 * @param damage what is wrong with the sidecar itself, in words; empty if nothing is
 */
public record SidecarInfo(
        Path path,
        int version,
        String identity,
        PiContext context,
        Mode mode,
        boolean clean,
        boolean device,
        String volume,
        long inode,
        long length,
        long logSize,
        long liveGroups,
        long tuplePages,
        long protectedIntervals,
        long unprotectedIntervals,
        long damagedIntervals,
        long lostIntervals,
        List<String> damage) {

    /** Keeps its own copy of the list. */
    public SidecarInfo {
        damage = List.copyOf(damage);
    }
}
