package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a block device hands its requests on to, and how. A partition has its disk's.
 *
 * @param kind who hands them on
 * @param types how: target types of the device mapper, the level of md, or whether a loop device
 *     goes past the page cache; empty if unknown
 * @param source which interface said so, or why none did, in words
 * @param devices those beneath
 * @param file the file beneath a loop device that goes past the page cache; null for other devices,
 *     or if it cannot be found
 */
public record Layer(
        Kind kind,
        List<String> types,
        String source,
        List<BlockDevice> devices,
        @Nullable FileFacts file) {

    /** Hardware, or a driver that hands nothing on to another block device. */
    public static final Layer NONE = new Layer(Kind.NONE, List.of(), "", List.of(), null);

    /** The type of a loop device that writes to the page cache. */
    public static final String CACHED = "cached";

    /** The type of a loop device that goes past the page cache. */
    public static final String DIRECT = "direct";

    /** Keeps copies of its own. */
    public Layer {
        types = List.copyOf(types);
        devices = List.copyOf(devices);
    }

    /** What hands requests on. */
    public enum Kind {
        /** Nothing is beneath. */
        NONE,
        /** A loop device, to a file or another device. */
        LOOP,
        /** The device mapper. */
        DM,
        /** Software RAID. */
        MD,
        /** A driver of which no more is known than what it is made of. */
        OTHER,
        /** Not to be found out. */
        HIDDEN
    }

    static Layer hidden(String why) {
        return new Layer(Kind.HIDDEN, List.of(), why, List.of(), null);
    }
}
