package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.TupleStore.Waiter;

import org.jspecify.annotations.Nullable;

/** A change of the data's size on its way to the log of a sidecar, one at a time. */
final class Resize {

    private final Sidecar sidecar;

    private final SidecarFiles files;

    private final int interval;

    private final Intent intent = new Intent(null, this::tell);

    private volatile @Nullable Waiter waiter;

    Resize(Sidecar sidecar, SidecarFiles files, int interval) {
        this.sidecar = sidecar;
        this.files = files;
        this.interval = interval;
    }

    Intent intent() {
        return intent;
    }

    /**
     * Puts the change on record, and waits until it is durable.
     *
     * @param size bytes that the data will have
     * @param cut what the interval that the end lies in will be, if it changes
     * @param base what that interval is, if it is unprotected
     * @param resizer how the caller's thread waits
     */
    void record(long size, SealRun cut, SealRun base, Waiter resizer) throws SealException {
        waiter = resizer;
        intent.resize(size, size / interval, cut, base);
        sidecar.enter(intent);
        Intent.Step step = sidecar.next(intent);
        while (step != Intent.Step.RECORDED) {
            if (step == Intent.Step.LEAD) {
                sidecar.recorded(intent, write());
            } else {
                resizer.await();
            }
            step = sidecar.next(intent);
        }
    }

    private long write() {
        try {
            files.writeDurably(intent.recordPosition(), intent.record());
            return 0;
        } catch (SealException e) {
            return -Math.max(e.errno(), 1);
        }
    }

    private void tell() {
        Waiter told = waiter;
        if (told != null) {
            told.run();
        }
    }
}
