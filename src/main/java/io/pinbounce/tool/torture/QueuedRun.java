package io.pinbounce.tool.torture;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A cell whose requests go through a queue, as many at once as the cell is deep. */
abstract class QueuedRun extends CellRun {

    final InFlightBatch batch;

    QueuedRun(Setting setting, InFlightBatch batch) {
        super(setting);
        this.batch = batch;
    }

    @Override
    final void operate() throws IOException {
        runBatch();
        misplace(batch.takeMisplaced());
    }

    /** Has one batch in flight, until all of it is done, and judges it. */
    abstract void runBatch() throws IOException;

    @Override
    final String engine() {
        return batch.engine();
    }

    @Override
    public void close() {
        try {
            batch.abandon();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        super.close();
    }
}
