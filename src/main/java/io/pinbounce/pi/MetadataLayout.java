package io.pinbounce.pi;

/** Where the metadata of an interval lies. */
public enum MetadataLayout {
    /** Behind the interval's data: extended LBA, DIF. */
    INTERLEAVED,

    /** In memory of its own: DIX. */
    SEPARATE
}
