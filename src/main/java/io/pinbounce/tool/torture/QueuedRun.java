package io.pinbounce.tool.torture;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A cell whose requests go through a queue, as many at once as the cell is deep. */
abstract class QueuedRun extends CellRun {

    final Volley volley;

    QueuedRun(Setting setting, Volley volley) {
        super(setting);
        this.volley = volley;
    }

    @Override
    final void operate() throws IOException {
        fire();
        misplace(volley.takeStrays());
    }

    /** Has one volley in flight, until all of it is done, and judges it. */
    abstract void fire() throws IOException;

    @Override
    final String engine() {
        return volley.engine();
    }

    @Override
    public void close() {
        try {
            volley.abandon();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        super.close();
    }
}
