package io.pinbounce.internal.request;

/** What the span of a {@link WriteRequest} that is under way is for, in order for each part. */
enum WriteStage {
    /** Look at the old tail before anything is written: it may turn out damaged. */
    CHECK_TAIL,
    /** Read the unit that the part starts in. */
    READ_HEAD,
    /** Read the unit that the part ends in. */
    READ_TAIL,
    /** Look at data that nobody vouches for, before it is written over. */
    READ_BASE,
    /** All is copied; the intent is put on record before the data goes out. */
    RECORD,
    /** Write the part. */
    WRITE,
    /** All is written, and is yet to be made durable. */
    FORCE,
    /** A guarded write has failed: see what is there now. */
    READ_BACK
}
