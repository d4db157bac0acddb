package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoEngine.Lock;
import io.pinbounce.internal.engine.Progress;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileStatus;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Blocking calls on an open file, whose failures name it. */
record NamedFile(IoEngine engine, FileHandle handle, Path path) {

    /** The attribute with the permissions of further users and groups: see acl(5). */
    private static final String ACL = "system.posix_acl_access";

    /** Bytes that ext4 and XFS have for one at the most, in blocks of the usual size. */
    private static final int MAX_ACL = 4096;

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

    /**
     * Gives the file the owner, group and permissions of another, those of further users and groups
     * among them, as far as this user may.
     */
    void beLike(FileHandle other) {
        FileStatus like = engine.status(other.number());
        if (!like.isRegular()) {
            return;
        }
        if (!like.isOwnedLike(engine.status(handle.number()))) {
            engine.own(handle.number(), like);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = permissionsOfOthers(arena, other);
            if (wanted.mismatch(permissionsOfOthers(arena, handle)) >= 0) {
                engine.setAttribute(handle.number(), ACL, wanted);
            }
        }
    }

    private MemorySegment permissionsOfOthers(Arena arena, FileHandle file) {
        MemorySegment value = arena.allocate(MAX_ACL);
        long size = engine.attribute(file.number(), ACL, value);
        return value.asSlice(0, Math.max(0, size));
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
