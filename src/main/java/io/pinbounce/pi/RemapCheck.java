package io.pinbounce.pi;

/** Whether remapping looks at the reference tags that it replaces. */
public enum RemapCheck {
    /** A tag that is not the one expected is left as it is, and reported. */
    COMPARE,

    /** Every tag is replaced, whatever it was. */
    TRUST
}
