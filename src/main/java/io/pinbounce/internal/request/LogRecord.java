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

    /** The store whose log the record goes to; null unless the record is under way. */
    private @Nullable TupleStore store;

    private @Nullable Intent leader;

    LogRecord(Request request) {
        this.request = request;
    }

    /** Opens a span from the record in memory to the log. */
    Step write(TupleStore store, Intent intent) {
        this.store = store;
        leader = intent;
        memory.set(intent.record());
        memory.hold();
        TupleStore.Log log = store.log();
        request.span.use(log.file(), log.block());
        return request.start(log.op(), intent.recordPosition(), memory);
    }

    /** Takes the end of that span, well or not; the next span is of the file again. */
    void written(TupleStore store, Intent intent, long unit) throws IOException {
        request.span.use(request.file().handle(), unit);
        clear();
        store.recorded(intent, request.failedDurably());
    }

    /**
     * Releases the memory. If the span never ended, because the queue has ended before, this writes
     * the record in a call of its own: other requests of the group wait for it.
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
