package io.pinbounce.internal.request;

import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.file.RangeTable;
import io.pinbounce.internal.sidecar.SealRun;

import java.io.IOException;

/** Reserves room on the device for a range of a file, which grows to cover it. */
public final class AllocateRequest extends Request {

    private long end;

    public AllocateRequest(Caller caller, Runnable waiter) {
        super(caller, waiter);
    }

    public void set(OpenFile file, long position, long length) {
        set(file, "allocate", position, length, 1);
        end = position + length;
    }

    @Override
    public long done() {
        return 0;
    }

    @Override
    protected boolean admit() {
        if (!range.hasEntered()) {
            range.enter(file(), 0, 0, RangeTable.Use.SHARED, RangeTable.Size.CHANGE);
        }
        return range.isGranted();
    }

    @Override
    protected Step stageIn() {
        return Step.DONE;
    }

    @Override
    protected void stageOut() {
        throw new AssertionError("nothing is transferred");
    }

    @Override
    protected void apply() throws IOException {
        OpenFile file = file();
        long before = file.askSize(call());
        boolean grows = file.guard() != null && end > before;
        if (grows) {
            file.resizing(end, new SealRun(), new SealRun());
        }
        int failed = file.allocate(call().position(), call().length());
        long after = before;
        try {
            after = file.askSize(call()); // after a failure, part of the room may be there
            file.inode().publishSize(after);
        } finally {
            if (grows) {
                file.resized(after, new SealRun());
            }
        }
        if (failed < 0) {
            throw Errors.of(call(), failed, 0);
        }
    }
}
