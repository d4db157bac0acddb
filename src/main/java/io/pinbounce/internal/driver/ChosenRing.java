package io.pinbounce.internal.driver;

import io.pinbounce.Engine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.PooledRing;
import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.linux.Log;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A ring, and why it is of this kind.
 *
 * @param ring for the thread that opened it
 * @param reason in words
 * @param passing whether it is made of threads only for a shortage, which may have passed
 */
public record ChosenRing(IoRing ring, String reason, boolean passing) {

    /** The line that was logged last, so that it is logged once and not for each queue. */
    private static final AtomicReference<String> SAID = new AtomicReference<>("");

    /** Opens the best ring that is wanted and allowed. */
    public static ChosenRing open(IoEngine engine, int depth, Engine wanted) throws IOException {
        if (wanted == Engine.SYSCALL) {
            return threads(engine, depth, "Engine.SYSCALL was asked for", false);
        }
        try {
            return ring(engine, depth);
        } catch (RingUnavailableException e) {
            String reason = String.valueOf(e.getMessage());
            if (wanted == Engine.REQUIRED_URING) {
                throw new IOException(
                        "io_uring is required but cannot be used; Engine.AUTO does not need it: "
                                + reason,
                        e);
            }
            return threads(engine, depth, reason, e.passing());
        }
    }

    /** Opens the engine's own ring. */
    static ChosenRing ring(IoEngine engine, int depth) throws RingUnavailableException {
        IoRing ring = engine.openRing(depth);
        return new ChosenRing(ring, "this process may use " + ring.name(), false).say();
    }

    /** Makes a ring of threads. */
    static ChosenRing threads(IoEngine engine, int depth, String reason, boolean passing) {
        return new ChosenRing(new PooledRing(engine, depth), reason, passing).say();
    }

    private ChosenRing say() {
        String line = "requests are moved by " + ring.name() + ": " + reason;
        if (!SAID.getAndSet(line).equals(line)) {
            Log.say(System.Logger.Level.INFO, line);
        }
        return this;
    }
}
