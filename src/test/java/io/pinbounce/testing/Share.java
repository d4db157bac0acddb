package io.pinbounce.testing;

/**
 * How much of a long test is done: a small share, which can fail as well, or with {@code
 * -Dpinbounce.share=full}, which {@code mvn -Pfull} sets, its full share.
 */
public final class Share {

    private static final String PROPERTY = "pinbounce.share";

    private Share() {}

    /** Whether the full share is wanted. */
    public static boolean isFull() {
        return System.getProperty(PROPERTY, "small").equals("full");
    }

    /**
     * How often something is done.
     *
     * @param property that says so itself, if it is set
     * @param small share
     * @param full share
     */
    public static int of(String property, int small, int full) {
        return Integer.getInteger(property, isFull() ? full : small);
    }
}
