package io.pinbounce;

import io.pinbounce.Request.Step;
import io.pinbounce.seal.Intent;
import io.pinbounce.seal.TupleStore;

import java.io.IOException;

/** A group of intents on its way to the log: the request that leads the group writes it. */
final class LogRecord {

    private final Request request;

    private final Buffers memory = new Buffers();

    LogRecord(Request request) {
        this.request = request;
    }

    /** Opens a span between memory and log. */
    Step write(TupleStore store, Intent intent) {
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

    void clear() {
        memory.clear();
    }
}
