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

    /** The same for an error that a sidecar reports. */
    public static DirectIoException of(SealException cause, Call call, long bytesDone) {
        DirectIoException failure =
                new DirectIoException(
                        String.valueOf(cause.getMessage()), call, cause.errno(), bytesDone);
        failure.initCause(cause);
        return failure;
    }

    private static String reason(Call call, int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "there is no such file or folder";
            case Errno.EEXIST -> "the file is there already";
            case Errno.EACCES, Errno.EPERM -> "the process may not do this";
            case Errno.EROFS -> "the file system is mounted read-only";
            case Errno.ENOSPC ->
                    "no room: the file system is full, or the end of the device is reached";
            case Errno.EFAULT -> "the buffer is not accessible memory";
            case Errno.EILSEQ -> "the device refused the data's protection information";
            case Errno.EIO -> "the device or file system failed";
            default -> call.op() + " failed";
        };
    }
}
