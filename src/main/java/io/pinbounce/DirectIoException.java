package io.pinbounce;

import io.pinbounce.internal.linux.Errno;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A request, or a call on a file, that the kernel or the library could not carry out.
 *
 * <p>An error does not mean that nothing happened: {@link #bytesDone()} says how much is known to
 * have been written, or delivered by a read; the bytes behind may be old, new or a mixture.
 */
public class DirectIoException extends IOException {

    private static final long serialVersionUID = 1;

    private final String op;

    private final String path;

    private final long position;

    private final long length;

    private final int errno;

    private final long bytesDone;

    /**
     * A failed call; for the library, and for code that stands in for it.
     *
     * @param reason what went wrong and what to do, without the values that follow it
     * @param call what was asked for
     * @param errno the kernel's error number, 0 if the kernel reported none
     * @param bytesDone bytes known to be written or delivered
     */
    public DirectIoException(String reason, Call call, int errno, long bytesDone) {
        super(
                reason
                        + (": " + call)
                        + (errno == 0 ? "" : " errno=" + Errno.describe(errno))
                        + (call.isTransfer() ? " bytesDone=" + bytesDone : ""));
        this.op = call.op();
        this.path = call.path().toString();
        this.position = call.position();
        this.length = call.length();
        this.errno = errno;
        this.bytesDone = bytesDone;
    }

    /**
     * What was being done.
     *
     * @return for example {@code "read"}, {@code "write"}, {@code "open"}
     */
    public String op() {
        return op;
    }

    /**
     * The file, as it was named when opened.
     *
     * @return its path
     */
    public Path path() {
        return Path.of(path);
    }

    /**
     * Where in the file.
     *
     * @return bytes from its start; -1 for calls on the whole file
     */
    public long position() {
        return position;
    }

    /**
     * How much was asked for.
     *
     * @return bytes; -1 for calls on the whole file
     */
    public long length() {
        return length;
    }

    /**
     * What the kernel said.
     *
     * @return a number of errno(3), or 0 if the kernel reported no error
     */
    public int errno() {
        return errno;
    }

    /**
     * How far the request is known to have got.
     *
     * @return bytes from {@link #position()} on that are written, or delivered to the caller
     */
    public long bytesDone() {
        return bytesDone;
    }

    /**
     * What was asked for.
     *
     * @param op what was being done, for example {@code "read"}
     * @param path the file, as it was named when opened
     * @param position bytes from its start, -1 for the whole file
     * @param length bytes, -1 for the whole file
     */
    public record Call(String op, Path path, long position, long length) {

        /**
         * Checks the values.
         *
         * @throws NullPointerException if a name is missing
         */
        public Call {
            Objects.requireNonNull(op, "op");
            Objects.requireNonNull(path, "path");
        }

        /**
         * A call on the whole file.
         *
         * @param op what was being done, for example {@code "open"}
         * @param path the file
         */
        public Call(String op, Path path) {
            this(op, path, -1, -1);
        }

        private boolean isTransfer() {
            return length >= 0;
        }

        @Override
        public String toString() {
            String text = "op=" + op + " path=" + path;
            return isTransfer() ? text + " position=" + position + " length=" + length : text;
        }
    }
}
