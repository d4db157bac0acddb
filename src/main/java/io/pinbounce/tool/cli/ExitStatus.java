package io.pinbounce.tool.cli;

/** The four numbers with which the command line tool ends, so that a script need not read text. */
public final class ExitStatus {

    /** Done, and nothing wrong was found. */
    public static final int OK = 0;

    /** It ran and found a failure, or damage. */
    public static final int FAILURE_FOUND = 1;

    /** Bad usage, a target that does not open, a result that was not written, or a fault inside. */
    public static final int UNUSABLE = 2;

    /** It ran, but saw too little for a verdict. */
    public static final int INCONCLUSIVE = 3;

    private ExitStatus() {}
}
