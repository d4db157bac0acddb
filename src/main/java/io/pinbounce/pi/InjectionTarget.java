package io.pinbounce.pi;

/** Where an error is injected. */
public enum InjectionTarget {
    /** The data of an interval. */
    DATA,
    /** The guard. */
    GUARD,
    /** The application tag. */
    APP_TAG,
    /** The reference tag. */
    REF_TAG,
    /** The storage tag. */
    STORAGE_TAG
}
