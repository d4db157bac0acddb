package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.engine.Progress;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Blocking calls on an open file, whose failures name it. */
record NamedFile(IoEngine engine, FileHandle handle, Path path) {

    /**
     * Moves all bytes; a read fills with zeros what lies behind the end of the file.
     *
     * @param unit bytes that a transfer which was cut short goes on at a multiple of
     */
    void move(Op op, int unit, long position, MemorySegment memory) throws SealException {
        Submission submission = new Submission();
        Progress progress = new Progress();
        progress.start(op, memory.byteSize(), memory.byteSize(), unit);
        do {
            submission.prep(op, handle, position + progress.from());
            submission.add(memory, progress.from(), progress.next());
        } while (progress.again(engine.transfer(submission)));
        String failure = op == Op.READ ? "it cannot be read" : "it cannot be written";
        requireDone(progress.failed(), path, failure);
        if (op == Op.READ) {
            memory.asSlice(progress.moved()).fill((byte) 0);
        }
    }

    long size() throws SealException {
        return requireDone(engine.size(handle.number()), path, "its size cannot be told");
    }

    void force() throws SealException {
        requireDone(engine.force(handle.number()), path, "it cannot be forced");
    }

    void lock(Lock mode) throws SealException {
        int failed = engine.lock(handle.number(), mode);
        if (failed == -Errno.EAGAIN) {
            throw new SealException(
                    mode == Lock.EXCLUSIVE
                            ? "others have it open with protection; close those first, since there"
                                    + " is one writer or many readers"
                            : "a writer has it open with protection; close that first, since there"
                                    + " is one writer or many readers",
                    path,
                    failed);
        }
        requireDone(failed, path, "it cannot be locked");
    }

    /** Makes the names in a file's folder durable. */
    static void forceFolderOf(IoEngine engine, Path file) throws SealException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            requireDone(engine.forceFolder(folder), folder, "it cannot be forced");
        }
    }

    /** The result of a call, unless it is {@code -errno}. */
    static long requireDone(long result, Path path, String failure) throws SealException {
        if (result < 0) {
            throw new SealException(failure, path, result);
        }
        return result;
    }
}
