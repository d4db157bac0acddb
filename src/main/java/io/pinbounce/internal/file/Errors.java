package io.pinbounce.internal.file;

import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.SealException;

/** Makes exceptions of what the kernel and sidecars report. */
public final class Errors {

    private Errors() {}

    /**
     * The one place where the number of a failed call becomes an exception.
     *
     * @param failed {@code -errno}
     */
    public static DirectIoException of(Call call, long failed, long bytesDone) {
        int errno = (int) -failed;
        return new DirectIoException(reason(call, errno), call, errno, bytesDone);
    }

    /**
     * The same for a request that keeps a part of a block as it is, and could not read it.
     *
     * @param block where the block starts
     */
    public static DirectIoException ofOldBlock(Call call, long block, long failed, long bytesDone) {
        int errno = (int) -failed;
        String reason =
                "the old block at "
                        + block
                        + " could not be read, which the request keeps in part"
                        + (bytesDone == 0 ? "; nothing was written" : "; the rest was not written")
                        + "; a write of whole blocks needs no reading ("
                        + reason(new Call("read", call.path()), errno)
                        + ")";
        return new DirectIoException(reason, call, errno, bytesDone);
    }

    /** The same for an error that a sidecar reports. */
    public static DirectIoException of(SealException cause, Call call, long bytesDone) {
        String known = known(call, cause.errno());
        String reason = (known.isEmpty() ? "" : known + "; ") + cause.reason(call.path());
        DirectIoException failure = new DirectIoException(reason, call, cause.errno(), bytesDone);
        failure.initCause(cause);
        return failure;
    }

    private static String reason(Call call, int errno) {
        String known = known(call, errno);
        return known.isEmpty() ? call.op() + " failed" : known;
    }

    /** What an error number means, and what to do; empty if that depends on the call. */
    private static String known(Call call, int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "there is no such file or folder";
            case Errno.EEXIST -> "the file is there already";
            case Errno.EACCES, Errno.EPERM -> "the process may not do this";
            case Errno.EROFS -> "the file system is mounted read-only";
            case Errno.ENOSPC ->
                    "no room: the file system is full, or the end of the device is reached; make"
                            + " room there";
            case Errno.EMFILE ->
                    "this process has no file descriptor left: close files and queues, or raise"
                            + " the limit (ulimit -n), and try again";
            case Errno.ENFILE ->
                    "this machine has no file descriptor left: raise fs.file-max, or close files"
                            + " of other processes, and try again";
            case Errno.EFAULT -> "the buffer is not accessible memory";
            case Errno.EILSEQ ->
                    call.op().equals("read")
                            ? "what arrived does not match the device's protection information:"
                                    + " it is damaged where it is stored, or the buffer changed"
                                    + " meanwhile, which Transfer.BOUNCE and AUTO rule out"
                            : "the data did not match its protection information when the device"
                                    + " took it: the buffer changed on the way, which"
                                    + " Transfer.BOUNCE and AUTO rule out, or what lies between"
                                    + " damages data";
            case Errno.EIO -> "the device or file system failed";
            default -> "";
        };
    }
}
