package io.pinbounce.internal.request;

import io.pinbounce.internal.request.Request.Step;
import io.pinbounce.internal.sidecar.Intent;
import io.pinbounce.internal.sidecar.TupleStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** A group of intents on its way to the log: the request that leads the group writes it. */
final class LogRecord implements AutoCloseable {

    private final Request request;

    private final Buffers memory = new Buffers();

    /** Whose log it goes to, as long as it is under way. */
    private @Nullable TupleStore store;

    private @Nullable Intent leader;

    LogRecord(Request request) {
        this.request = request;
    }

    /** Opens a span between memory and log. */
    Step write(TupleStore store, Intent intent) {
        this.store = store;
        leader = intent;
        memory.set(intent.record());
        memory.hold();
        TupleStore.Log log = store.log();
        request.span.use(log.file(), log.block());
        return request.start(log.op(), intent.recordPosition(), memory);
    }

    /** That span has ended, well or not; the next one is of the file again. */
    void written(TupleStore store, Intent intent, long unit) throws IOException {
        request.span.use(request.file().handle(), unit);
        clear();
        store.recorded(intent, request.failedDurably());
    }

    /**
     * Lets go of the memory. Where the span never ends, since the queue has ended before, the
     * record is written in a call of its own: others than this request count on it.
     */
    @Override
    public void close() throws IOException {
        TupleStore unfinished = store;
        Intent intent = leader;
        try {
            if (unfinished != null && intent != null) {
                write(unfinished, intent);
                request.moveNow();
                unfinished.recorded(intent, request.failedDurably());
            }
        } finally {
            clear();
        }
    }

    private void clear() {
        memory.clear();
        store = null;
        leader = null;
    }
}
