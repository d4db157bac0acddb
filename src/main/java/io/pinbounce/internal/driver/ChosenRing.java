package io.pinbounce.internal.driver;

import io.pinbounce.Engine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.PooledRing;
import io.pinbounce.internal.engine.RingUnavailableException;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A ring, and why it is of this kind.
 *
 * @param ring for the thread that opened it
 * @param reason in words
 */
public record ChosenRing(IoRing ring, String reason) {

    private static final System.Logger LOG = System.getLogger("io.pinbounce");

    /** The line that was logged last, so that it is logged once and not for each queue. */
    private static final AtomicReference<String> SAID = new AtomicReference<>("");

    /** Opens the best ring that is wanted and allowed. */
    public static ChosenRing open(IoEngine engine, int depth, Engine wanted) throws IOException {
        ChosenRing rings =
                wanted == Engine.SYSCALL
                        ? new ChosenRing(
                                new PooledRing(engine, depth), "Engine.SYSCALL was asked for")
                        : best(engine, depth, wanted);
        String line = "requests are moved by " + rings.ring.name() + ": " + rings.reason;
        if (!SAID.getAndSet(line).equals(line)) {
            LOG.log(System.Logger.Level.INFO, line);
        }
        return rings;
    }

    private static ChosenRing best(IoEngine engine, int depth, Engine wanted) throws IOException {
        try {
            IoRing ring = engine.openRing(depth);
            return new ChosenRing(ring, "this process may use " + ring.name());
        } catch (RingUnavailableException e) {
            String reason = String.valueOf(e.getMessage());
            if (wanted == Engine.REQUIRED_URING) {
                throw new IOException(
                        "io_uring is required but cannot be used; Engine.AUTO does not need it: "
                                + reason,
                        e);
            }
            return new ChosenRing(new PooledRing(engine, depth), reason);
        }
    }
}
