package io.pinbounce.contract;

import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

import java.nio.file.Path;
import java.util.function.IntSupplier;

/** An engine of which one call fails, counted from when it is armed. One thread uses it. */
final class FailingCall extends HookedEngine {

    /** Calls until the one that fails; below 0, none does. */
    private int left = -1;

    private String failed = "";

    FailingCall(IoEngine engine) {
        super(engine, _ -> {});
    }

    /** Makes the call fail that comes after so many others. */
    void arm(int calls) {
        left = calls;
        failed = "";
    }

    /** Lets all calls pass; returns which one failed, or an empty string. */
    String disarm() {
        left = -1;
        return failed;
    }

    private int fail(String call, int errno, IntSupplier real) {
        if (left < 0 || left-- > 0) {
            return real.getAsInt();
        }
        failed = call + " errno=" + errno;
        return -errno;
    }

    @Override
    public int open(Path path, int flags) {
        return fail("open " + path, Errno.EMFILE, () -> super.open(path, flags));
    }

    @Override
    public int lock(int handle, Lock mode) {
        if (mode == Lock.NONE) {
            return super.lock(handle, mode);
        }
        return fail("lock " + mode, Errno.EAGAIN, () -> super.lock(handle, mode));
    }

    @Override
    public int force(int handle) {
        return fail("force", Errno.EIO, () -> super.force(handle));
    }

    @Override
    public long size(int handle) {
        return fail("size", Errno.EIO, () -> (int) super.size(handle));
    }

    @Override
    public long transfer(Submission submission) {
        boolean reads = submission.op() == Op.READ;
        return fail(
                "transfer " + submission.op(),
                reads ? Errno.ENOMEM : Errno.ENOSPC,
                () -> (int) super.transfer(submission));
    }
}
