package io.pinbounce.internal.request;

import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.OpenFile;

import java.io.IOException;

/** Makes completed writes durable. A failure is final for the file. */
public final class ForceRequest extends Request {

    private boolean forced;

    public ForceRequest(Caller caller, Runnable waiter) {
        super(caller, waiter);
    }

    public void set(OpenFile file) {
        set(file, "force", -1, -1, 1);
        forced = false;
    }

    @Override
    public long done() {
        return 0;
    }

    @Override
    protected boolean admit() {
        return true;
    }

    @Override
    protected Step stageIn() {
        return forced ? Step.DONE : start(Submission.Op.FORCE, 0, 0, 0);
    }

    @Override
    protected void apply() throws IOException {
        file().forceTuples();
    }

    @Override
    protected void stageOut() throws IOException {
        forced = true;
        if (span.failed() != 0) {
            file().failForce();
            throw Errors.of(call(), span.failed(), 0);
        }
    }
}
