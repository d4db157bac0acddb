package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Another engine, with a hook that runs before each of its transfers, and of its openings. */
public class HookedEngine implements IoEngine {

    private final IoEngine engine;

    private final Consumer<Submission> before;

    private final Runnable beforeOpen;

    public HookedEngine(IoEngine engine, Consumer<Submission> before) {
        this(engine, before, () -> {});
    }

    public HookedEngine(IoEngine engine, Consumer<Submission> before, Runnable beforeOpen) {
        this.engine = engine;
        this.before = before;
        this.beforeOpen = beforeOpen;
    }

    @Override
    public long transfer(Submission submission) {
        before.accept(submission);
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
        beforeOpen.run();
        return engine.open(path, flags);
    }

    @Override
    public int reopen(int handle, int flags) {
        beforeOpen.run();
        return engine.reopen(handle, flags);
    }

    @Override
    public int openUnnamed(Path path, int flags) {
        beforeOpen.run();
        return engine.openUnnamed(path, flags);
    }

    @Override
    public int link(int handle, Path path) {
        return engine.link(handle, path);
    }

    @Override
    public int renameNew(Path from, Path to) {
        return engine.renameNew(from, to);
    }

    @Override
    public int own(int handle, FileStatus like) {
        return engine.own(handle, like);
    }

    @Override
    public long attribute(int handle, String name, MemorySegment value) {
        return engine.attribute(handle, name, value);
    }

    @Override
    public int setAttribute(int handle, String name, MemorySegment value) {
        return engine.setAttribute(handle, name, value);
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
    public long nextData(int handle, long position) {
        return engine.nextData(handle, position);
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
    public int lock(int handle, Lock mode) {
        return engine.lock(handle, mode);
    }

    @Override
    public void background(Runnable task) {
        engine.background(task);
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
