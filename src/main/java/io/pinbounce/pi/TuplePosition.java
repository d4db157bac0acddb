package io.pinbounce.pi;

/** Where the tuple sits in an interval's metadata, when the metadata is larger than the tuple. */
public enum TuplePosition {
    /** The first bytes. The metadata behind the tuple is not guarded. */
    FIRST,

    /** The last bytes. The guard covers the data, then the metadata in front of the tuple. */
    LAST
}
