package io.pinbounce.tool.scrub;

/** Is told several times a second, and once at the end, how a run is getting on. */
@FunctionalInterface
public interface ScrubListener {

    /**
     * Some requests are done.
     *
     * @param soFar how far it is, in the thread that runs it
     */
    void update(ScrubProgress soFar);
}
