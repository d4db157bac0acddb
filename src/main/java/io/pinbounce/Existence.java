package io.pinbounce;

/** Whether a file must exist when it is opened. */
public enum Existence {
    /** It must exist. */
    REQUIRED,
    /** It is made if it does not exist, and its folder synced. */
    CREATE,
    /** It must not exist, and is made; its folder is synced. */
    CREATE_NEW
}
