package io.pinbounce.internal.linux;

/**
 * A block device, or a partition of one.
 *
 * @param name the kernel's name, for example {@code "vda1"}
 * @param size bytes; 0 if unknown
 * @param sizes block sizes that the device's own descriptor reported; {@link BlockSizes#UNKNOWN}
 *     for the device under a file system, which is not open
 * @param queue limits of its request queue; a partition has its disk's
 * @param integrity the protection information it keeps
 * @param layer the layer that it passes its requests on to
 */
public record BlockDevice(
        String name,
        long size,
        BlockSizes sizes,
        BlockQueue queue,
        IntegrityProfile integrity,
        Layer layer) {

    /** The same device with the layer beneath it, once that is known. */
    BlockDevice over(Layer beneath) {
        return new BlockDevice(name, size, sizes, queue, integrity, beneath);
    }
}
