package io.pinbounce.pi;

/**
 * What the reference tag means: the protection types of T10 SBC-3 and of the NVM Command Set
 * specification.
 */
public enum PiType {
    /** No protection information: tuples are neither written nor looked at. */
    TYPE_0,

    /**
     * The reference tag counts intervals, and finds data that went to the wrong place. Devices want
     * the low bits of the logical block address: a seed of 0 where intervals are the device's own.
     */
    TYPE_1,

    /** As type 1, from a seed that is the caller's free choice. */
    TYPE_2,

    /** The reference tag belongs to the application: written as given, never compared. */
    TYPE_3;

    /** Whether the reference tag counts intervals, and is worth comparing. */
    boolean countsIntervals() {
        return this == TYPE_1 || this == TYPE_2;
    }
}
