package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What lies beneath a block device, and how the device passes its requests on. A partition has its
 * disk's layer.
 *
 * @param kind the driver that passes requests on
 * @param types target types of the device mapper, the level of md, or whether a loop device goes
 *     past the page cache; empty if unknown
 * @param source which interface reported it, or why none did, in words
 * @param devices the block devices beneath
 * @param file the file beneath a loop device that goes past the page cache; null for other devices,
 *     or if it cannot be found
 */
public record Layer(
        Kind kind,
        List<String> types,
        String source,
        List<BlockDevice> devices,
        @Nullable FileFacts file) {

    /** Hardware, or a driver that passes nothing on to another block device. */
    public static final Layer NONE = new Layer(Kind.NONE, List.of(), "", List.of(), null);

    /** The type of a loop device that writes to the page cache. */
    public static final String CACHED = "cached";

    /** The type of a loop device that goes past the page cache. */
    public static final String DIRECT = "direct";

    /** Copies the lists. */
    public Layer {
        types = List.copyOf(types);
        devices = List.copyOf(devices);
    }

    /** The driver that passes requests on. */
    public enum Kind {
        /** Nothing is beneath. */
        NONE,
        /** A loop device, to a file or another device. */
        LOOP,
        /** The device mapper. */
        DM,
        /** Software RAID. */
        MD,
        /** Another driver; only the devices beneath it are known. */
        OTHER,
        /** Unknown: the layer's source says why. */
        HIDDEN
    }

    static Layer hidden(String why) {
        return new Layer(Kind.HIDDEN, List.of(), why, List.of(), null);
    }
}
