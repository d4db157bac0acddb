package io.pinbounce.tool.scrub;

/** How a run came to its end. */
public enum Ending {
    /** Everything was seen. */
    COMPLETE,
    /** It was told to stop: all bytes before some position were seen, and none behind it. */
    STOPPED
}
