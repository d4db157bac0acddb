package io.pinbounce.crash;

/** What ended a writer, which decides what may be lost. */
enum Cut {

    /** It was killed: everything that completed is there. */
    PROCESS,

    /** The power of the devices went: everything is there that was forced. */
    POWER
}
