package io.pinbounce.tool.scrub;

/** How a run came to its end. */
public enum Ending {
    /** It saw everything. */
    COMPLETE,
    /** It was told to stop: all bytes before that place were seen, and none behind it. */
    STOPPED
}
