package io.pinbounce.internal.file;

import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Durability;
import io.pinbounce.Existence;
import io.pinbounce.Geometry;
import io.pinbounce.Protection;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.UnnamedFile;
import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.SidecarPlace;
import io.pinbounce.internal.sidecar.SidecarSpec.Data;
import io.pinbounce.internal.sidecar.SidecarSpec.Origin;
import io.pinbounce.internal.thread.ControlThreads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens one file; whatever goes wrong on the way, nothing is left behind. */
public final class Opener {

    /** How often a file is opened or made that other processes make and remove meanwhile. */
    private static final int MAX_TRIES = 16;

    private final IoEngine engine;

    private final Path path;

    private final OpenSpec spec;

    private final Call call;

    private final OpenRules rules;

    private boolean created;

    public Opener(IoEngine engine, Path path, OpenSpec spec) {
        OpenRules.requireKernelName(path);
        this.engine = engine;
        this.path = path;
        this.spec = spec;
        this.call = new Call("open", path);
        this.rules = new OpenRules(spec, path, call);
    }

    /** Opens a path only to ask for its geometry; no data is read. */
    public static Geometry probe(IoEngine engine, Path path) throws DirectIoException {
        Opener opener = new Opener(engine, path, OpenSpec.probing());
        int handle = opener.openHandle();
        try {
            FileFacts facts = engine.facts(handle);
            opener.rules.requireKind(facts.status());
            return GeometryRules.decide(facts, () -> engine.tryDirect(handle));
        } finally {
            engine.close(handle); // nothing was written, so a failure to close loses nothing
        }
    }

    /** Opens the file; the caller empties it if the options say so. */
    public OpenFile open() throws IOException {
        for (int tries = 1; ; tries++) {
            OpenFile made = ControlThreads.call(this::makesGuarded) ? makeGuarded() : null;
            if (made != null) {
                return made;
            }
            try {
                return openNamed();
            } catch (DirectIoException e) {
                // Another process has removed the file since it was found to be there.
                boolean mayBeMade =
                        spec.protection().sidecar() != null && spec.existence() == Existence.CREATE;
                if (e.errno() != Errno.ENOENT || !mayBeMade || tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Whether the file may be new and have a sidecar. A link that leads nowhere now has a name
     * already, and what lies beside it may be the sidecar of data that is not mounted.
     */
    private boolean makesGuarded() {
        boolean mayBeMade =
                switch (spec.existence()) {
                    case REQUIRED -> false;
                    case CREATE_NEW -> !Files.isSymbolicLink(path);
                    case CREATE -> true;
                };
        return mayBeMade
                && spec.protection().sidecar() != null
                && engine.status(path).errno() == Errno.ENOENT;
    }

    /**
     * Makes a file and its sidecar. The file gets its name last, so no other process or thread sees
     * it without its sidecar.
     *
     * @return null if another process made the file meanwhile, and that may be
     */
    private @Nullable OpenFile makeGuarded() throws IOException {
        boolean mustBeNew = spec.existence() == Existence.CREATE_NEW;
        Path name = mustBeNew ? path : SidecarPlace.real(path);
        UnnamedFile file = ControlThreads.call(() -> makeUnnamed(name));
        int handle = file.handle();
        created = true;
        boolean named = false;
        try {
            Found found = ControlThreads.call(() -> look(handle));
            Data data = new Data(handle, name, Origin.MADE, file::reopen);
            OpenFile open = join(data, found);
            named = publish(file, name, open);
            return named ? open : null;
        } catch (IOException e) {
            if (ControlThreads.call(() -> engine.status(path).errno()) != 0) {
                throw e;
            }
            return requireOld(e);
        } finally {
            if (!named) {
                created = false;
                ControlThreads.run(
                        () -> {
                            file.discard();
                            engine.close(handle);
                        });
            }
        }
    }

    private UnnamedFile makeUnnamed(Path name) throws DirectIoException {
        UnnamedFile file = UnnamedFile.make(engine, name, flags() | OpenFlags.O_DIRECT);
        if (file.handle() == -Errno.EINVAL && spec.directIo() == DirectIo.PREFERRED) {
            file = UnnamedFile.make(engine, name, flags());
        }
        requireHandle(file.handle());
        return file;
    }

    /** Another process has made the file: that is an error if it must be new. */
    private @Nullable OpenFile requireOld(@Nullable IOException cause) throws IOException {
        if (spec.existence() != Existence.CREATE_NEW) {
            return null;
        }
        DirectIoException failure = Errors.of(call, -Errno.EEXIST, 0);
        if (cause != null) {
            failure.addSuppressed(cause);
        }
        throw failure;
    }

    /** Gives a file its name, durably; if that fails, its sidecar is gone, too. */
    private boolean publish(UnnamedFile file, Path name, OpenFile open) throws IOException {
        int failed = ControlThreads.call(() -> file.publish(name));
        if (failed == 0) {
            try {
                ControlThreads.run(() -> forceFolderOf(name));
                return true;
            } catch (IOException e) {
                ControlThreads.run(() -> remove(name, open));
                open.inode().discard(open.handle());
                throw e;
            }
        }
        open.inode().discard(open.handle());
        if (failed != -Errno.EEXIST) {
            throw Errors.of(call, failed, 0);
        }
        requireOld(null);
        return false;
    }

    /** Removes a file's name, unless another file has got it meanwhile. */
    private void remove(Path name, OpenFile open) {
        if (engine.status(name).isSameFile(engine.status(open.handle().number()))) {
            engine.remove(name);
        }
    }

    private OpenFile openNamed() throws IOException {
        int handle = ControlThreads.call(this::openHandle);
        boolean opened = false;
        try {
            Found found = ControlThreads.call(() -> look(handle));
            if (created) {
                ControlThreads.run(() -> forceFolderOf(path));
            }
            OpenFile file = join(Data.found(engine, handle, path), found);
            opened = true;
            return file;
        } finally {
            if (!opened) {
                ControlThreads.run(() -> abandon(handle));
            }
        }
    }

    /** What the kernel says of the open file, and what follows. */
    private record Found(FileFacts facts, Geometry geometry, int bypassed) {}

    private void abandon(int handle) {
        engine.close(handle);
        if (created) {
            engine.remove(path);
        }
    }

    /** Whether this opener has made the file. */
    public boolean hasCreated() {
        return created;
    }

    private int openHandle() throws DirectIoException {
        // The type is asked for before opening: opening a FIFO would wait for its other end.
        FileStatus before = engine.status(path);
        boolean missing = before.errno() == Errno.ENOENT;
        if (before.errno() == 0) {
            rules.requireKind(before);
        }
        boolean isMadeByName = spec.protection().sidecar() == null;
        int handle =
                switch (spec.existence()) {
                    case REQUIRED -> openDirect(0);
                    case CREATE_NEW -> isMadeByName ? create() : -Errno.EEXIST;
                    case CREATE -> missing && isMadeByName ? create() : openDirect(0);
                };
        if (handle == -Errno.EEXIST && spec.existence() == Existence.CREATE) {
            // Another process made the file meanwhile, or the path is a link to a missing file.
            handle = openDirect(OpenFlags.O_CREAT);
        }
        return requireHandle(handle);
    }

    private int requireHandle(int handle) throws DirectIoException {
        if (handle == -Errno.EINVAL) {
            throw new DirectIoException(
                    "the file system does not take O_DIRECT; DirectIo.PREFERRED goes on without",
                    call,
                    Errno.EINVAL,
                    0);
        }
        if (handle < 0) {
            throw Errors.of(call, handle, 0);
        }
        return handle;
    }

    private int create() {
        int handle = openDirect(OpenFlags.O_CREAT | OpenFlags.O_EXCL);
        created = handle >= 0;
        return handle;
    }

    private int flags() {
        return (spec.writes() ? OpenFlags.O_RDWR : OpenFlags.O_RDONLY)
                | (spec.durability() == Durability.DSYNC ? OpenFlags.O_DSYNC : 0);
    }

    private int openDirect(int extra) {
        int flags = flags() | extra;
        int handle = engine.open(path, flags | OpenFlags.O_DIRECT);
        if (handle == -Errno.EINVAL) {
            if (spec.directIo() == DirectIo.PREFERRED) {
                handle = engine.open(path, flags & ~OpenFlags.O_EXCL);
            }
            if (handle < 0 && (flags & OpenFlags.O_EXCL) != 0) {
                engine.remove(path); // the kernel makes a file before it looks at O_DIRECT
            }
        }
        return handle;
    }

    private Found look(int handle) throws DirectIoException {
        FileFacts facts = engine.facts(handle);
        rules.requireKind(facts.status());
        Geometry geometry =
                GeometryRules.decide(
                        facts,
                        () ->
                                spec.writes()
                                        ? engine.tryDirect(handle)
                                        : DirectTrial.Answer.UNKNOWN);
        rules.check(facts.status(), geometry);
        boolean mayBypass = !created && facts.status().isRegular();
        int bypassed =
                mayBypass ? BypassRule.bypassedInterval(engine, handle, facts, spec, call) : 0;
        return new Found(facts, geometry, bypassed);
    }

    private OpenFile join(Data data, Found found) throws IOException {
        FileHandle handle = new FileHandle(data.handle());
        FileFacts facts = found.facts();
        boolean writes = spec.writes();
        Protection protection = spec.protection();
        // Where statx reports direct I/O, the first write need not be checked.
        boolean vouched = facts.statx().dioMemoryAlignment() != 0;
        Inode inode =
                Inode.join(
                        engine,
                        facts.status(),
                        data,
                        () -> askSize(data.handle()),
                        protection,
                        writes);
        if (writes && protection.sidecar() != null) {
            shareLock(handle, inode);
        }
        return new OpenFile(
                engine,
                handle,
                path,
                facts.status().isBlockDevice(),
                found.geometry(),
                inode,
                protection.context() == null ? null : inode.guard(),
                found.bypassed(),
                spec,
                spec.directIo() == DirectIo.REQUIRED && !vouched,
                new Counters(),
                new AtomicBoolean());
    }

    /**
     * Shares the lock that the sidecar has on the data: if this process is killed, the kernel keeps
     * the lock until all requests of this handle have ended.
     */
    private void shareLock(FileHandle handle, Inode inode) throws IOException {
        IoEngine.Lock shared = IoEngine.Lock.SHARED;
        int failed = ControlThreads.call(() -> engine.lock(handle.number(), shared));
        if (failed < 0) {
            DirectIoException failure = Errors.of(new Call("lock", path), failed, 0);
            try {
                inode.leave(/* writes= */ true, handle);
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
    }

    private long askSize(int handle) throws DirectIoException {
        long size = engine.size(handle);
        if (size < 0) {
            throw Errors.of(call, size, 0);
        }
        return size;
    }

    /** Syncs the folder: the name of a new file must survive the same power cuts as its data. */
    private void forceFolderOf(Path file) throws DirectIoException {
        Path folder = file.toAbsolutePath().getParent();
        int failed = folder == null ? 0 : engine.forceFolder(folder);
        if (failed < 0) {
            throw Errors.of(new Call("sync folder", path), failed, 0);
        }
    }
}
