package io.pinbounce;

/** What if a file is there, or is not. */
public enum Existence {
    /** It must be there. */
    REQUIRED,
    /** It is made if it is not there, and its folder synced. */
    CREATE,
    /** It must not be there, and is made. */
    CREATE_NEW
}
