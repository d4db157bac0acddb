package io.pinbounce;

import io.pinbounce.engine.IoEngine;
import io.pinbounce.engine.Submission;
import io.pinbounce.linux.FileFacts;
import io.pinbounce.linux.FileStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Another engine, during whose next write somebody changes memory: once, and always. */
final class ScribblingEngine implements IoEngine {

    private final IoEngine engine;

    private final MemorySegment memory;

    private boolean armed;

    ScribblingEngine(IoEngine engine, MemorySegment memory) {
        this.engine = engine;
        this.memory = memory;
    }

    void arm() {
        armed = true;
    }

    @Override
    public long transfer(Submission submission) {
        if (armed && submission.op() == Submission.Op.WRITE) {
            armed = false;
            for (long at = 7; at < memory.byteSize(); at += 4096) {
                memory.set(
                        ValueLayout.JAVA_BYTE,
                        at,
                        (byte) (memory.get(ValueLayout.JAVA_BYTE, at) + 1));
            }
        }
        return engine.transfer(submission);
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public FileStatus status(Path path) {
        return engine.status(path);
    }

    @Override
    public int open(Path path, int flags) {
        return engine.open(path, flags);
    }

    @Override
    public FileFacts facts(int handle) {
        return engine.facts(handle);
    }

    @Override
    public long size(int handle) {
        return engine.size(handle);
    }

    @Override
    public int truncate(int handle, long size) {
        return engine.truncate(handle, size);
    }

    @Override
    public int allocate(int handle, long position, long length) {
        return engine.allocate(handle, position, length);
    }

    @Override
    public int force(int handle) {
        return engine.force(handle);
    }

    @Override
    public int forceFolder(Path folder) {
        return engine.forceFolder(folder);
    }

    @Override
    public long cachedPages(int handle, long position, long length) {
        return engine.cachedPages(handle, position, length);
    }

    @Override
    public int close(int handle) {
        return engine.close(handle);
    }

    @Override
    public int remove(Path path) {
        return engine.remove(path);
    }
}
