package io.pinbounce.internal.file;

import io.pinbounce.Contents;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Durability;
import io.pinbounce.Existence;
import io.pinbounce.Geometry;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.UnnamedFile;
import io.pinbounce.internal.linux.DirectTrial;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.SidecarPlace;
import io.pinbounce.internal.sidecar.SidecarSpec;
import io.pinbounce.internal.sidecar.SidecarSpec.Origin;
import io.pinbounce.internal.thread.ControlThreads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens one file; whatever goes wrong on the way, nothing is left behind. */
public final class Opener {

    private final IoEngine engine;

    private final Path path;

    private final OpenSpec spec;

    private final Call call;

    private boolean created;

    public Opener(IoEngine engine, Path path, OpenSpec spec) {
        requireKernelName(path);
        this.engine = engine;
        this.path = path;
        this.spec = spec;
        this.call = new Call("open", path);
    }

    /** Refuses a path that cannot be encoded: the kernel would get the name of another file. */
    private static void requireKernelName(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException(
                    "direct I/O needs a path of the default file system: path=" + path);
        }
        if (!survivesAsText(path)) {
            throw new IllegalArgumentException(
                    "the path is no text in this process's encoding; rename the file, or start"
                            + (" with LC_ALL=C.UTF-8: path=" + path));
        }
    }

    private static boolean survivesAsText(Path path) {
        try {
            return path.equals(Path.of(path.toString()));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Opens a path only to ask for its geometry; no data is read. */
    public static Geometry probe(IoEngine engine, Path path) throws DirectIoException {
        Opener opener = new Opener(engine, path, OpenSpec.probing());
        int handle = opener.openHandle();
        try {
            FileFacts facts = engine.facts(handle);
            opener.requireKind(facts.status());
            return GeometryRules.decide(facts, () -> engine.tryDirect(handle));
        } finally {
            engine.close(handle); // nothing was written, so a failure to close loses nothing
        }
    }

    /** Opens the file; the caller empties it if the options say so. */
    public OpenFile open() throws IOException {
        return ControlThreads.call(this::openHere);
    }

    private OpenFile openHere() throws IOException {
        OpenFile made = makesGuarded() ? makeGuarded() : null;
        return made == null ? openNamed() : made;
    }

    /** Whether the file may be new and have a sidecar. */
    private boolean makesGuarded() {
        return spec.protection().sidecar() != null
                && spec.existence() != Existence.REQUIRED
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
        UnnamedFile file = UnnamedFile.make(engine, name, flags() | OpenFlags.O_DIRECT);
        if (file.handle() == -Errno.EINVAL && spec.directIo() == DirectIo.PREFERRED) {
            file = UnnamedFile.make(engine, name, flags());
        }
        int handle = requireHandle(file.handle());
        created = true;
        boolean named = false;
        try {
            OpenFile open = finish(handle, new SidecarSpec.Data(handle, name, Origin.MADE));
            named = publish(file, name, open);
            return named ? open : null;
        } catch (IOException e) {
            if (engine.status(path).errno() != 0) {
                throw e;
            }
            return requireOld(e);
        } finally {
            if (!named) {
                created = false;
                file.discard();
                engine.close(handle);
            }
        }
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
        int failed = file.publish(name);
        if (failed == 0) {
            try {
                forceFolderOf(name);
                return true;
            } catch (IOException e) {
                engine.remove(name);
                open.inode().discard();
                throw e;
            }
        }
        open.inode().discard();
        if (failed != -Errno.EEXIST) {
            throw Errors.of(call, failed, 0);
        }
        requireOld(null);
        return false;
    }

    private OpenFile openNamed() throws IOException {
        int handle = openHandle();
        boolean opened = false;
        try {
            OpenFile file = finish(handle, new SidecarSpec.Data(handle, path, Origin.FOUND));
            if (created) {
                forceFolderOf(path);
            }
            opened = true;
            return file;
        } finally {
            if (!opened) {
                engine.close(handle);
                removeIfCreated();
            }
        }
    }

    /** Whether this opener has made the file. */
    public boolean hasCreated() {
        return created;
    }

    private void removeIfCreated() {
        if (created) {
            engine.remove(path);
        }
    }

    private int openHandle() throws DirectIoException {
        // The type is asked for before opening: opening a FIFO would wait for its other end.
        FileStatus before = engine.status(path);
        boolean missing = before.errno() == Errno.ENOENT;
        if (before.errno() == 0) {
            requireKind(before);
        }
        int handle =
                switch (spec.existence()) {
                    case REQUIRED -> openDirect(0);
                    case CREATE_NEW -> create();
                    case CREATE -> missing ? create() : openDirect(0);
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

    private OpenFile finish(int handle, SidecarSpec.Data data) throws IOException {
        FileFacts facts = engine.facts(handle);
        requireKind(facts.status());
        Geometry geometry =
                GeometryRules.decide(
                        facts,
                        () ->
                                spec.writes()
                                        ? engine.tryDirect(handle)
                                        : DirectTrial.Answer.UNKNOWN);
        boolean required = spec.directIo() == DirectIo.REQUIRED;
        if (required && isBuffered(geometry)) {
            throw new DirectIoException(
                    "direct I/O is required, but is not real here ("
                            + geometry.directIoReason()
                            + "); DirectIo.PREFERRED accepts that",
                    call,
                    0,
                    0);
        }
        if (facts.status().isBlockDevice() && spec.contents() == Contents.DISCARD) {
            throw new IllegalArgumentException("a block device cannot be emptied: path=" + path);
        }
        requireFittingPool(geometry);
        return join(data, facts, geometry);
    }

    private boolean isBuffered(Geometry geometry) {
        return switch (geometry.directIo()) {
            case DIRECT -> false;
            case BUFFERED_WRITES -> spec.writes();
            case BUFFERED -> true;
        };
    }

    private OpenFile join(SidecarSpec.Data data, FileFacts facts, Geometry geometry)
            throws IOException {
        int handle = data.handle();
        boolean writes = spec.writes();
        Protection protection = spec.protection();
        // Where statx reports direct I/O, the first write need not be checked.
        boolean vouched = facts.statx().dioMemoryAlignment() != 0;
        requireFittingSidecar(facts.status(), writes);
        int bypassed =
                created || !facts.status().isRegular()
                        ? 0
                        : BypassRule.bypassedInterval(engine, handle, spec, call);
        Inode inode =
                Inode.join(engine, facts.status(), data, () -> askSize(handle), protection, writes);
        if (writes && protection.sidecar() != null) {
            shareLock(handle, inode);
        }
        return new OpenFile(
                engine,
                new FileHandle(handle),
                path,
                facts.status().isBlockDevice(),
                geometry,
                inode,
                protection.context() == null ? null : inode.guard(),
                bypassed,
                spec,
                spec.directIo() == DirectIo.REQUIRED && !vouched,
                new Counters(),
                new AtomicBoolean());
    }

    /**
     * Shares the lock that the sidecar has on the data: if this process is killed, the kernel keeps
     * the lock until all requests of this handle have ended.
     */
    private void shareLock(int handle, Inode inode) throws IOException {
        int failed = engine.lock(handle, IoEngine.Lock.SHARED);
        if (failed < 0) {
            DirectIoException failure = Errors.of(new Call("lock", path), failed, 0);
            try {
                inode.leave(/* writes= */ true);
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

    private void requireFittingSidecar(FileStatus status, boolean writes) {
        SidecarOptions sidecar = spec.protection().sidecar();
        if (sidecar == null) {
            return;
        }
        if (status.isBlockDevice() && sidecar.path() == null) {
            throw new IllegalArgumentException(
                    "a block device's sidecar is not beside it, say where with Protection.sidecar:"
                            + (" path=" + path));
        }
        if (writes && sidecar.identity() == SidecarOptions.Identity.ANY) {
            throw new IllegalArgumentException(
                    "a sidecar that may be of other data is for reading only, path=" + path);
        }
    }

    /** Syncs the folder: the name of a new file must survive the same power cuts as its data. */
    private void forceFolderOf(Path file) throws DirectIoException {
        Path folder = file.toAbsolutePath().getParent();
        int failed = folder == null ? 0 : engine.forceFolder(folder);
        if (failed < 0) {
            throw Errors.of(new Call("sync folder", path), failed, 0);
        }
    }

    private void requireFittingPool(Geometry geometry) {
        long unit = Alignment.common(geometry.readAlignment(), geometry.writeAlignment());
        if (spec.protection().context() != null) {
            unit = Alignment.common(unit, spec.protection().context().interval());
        }
        if (Math.max(unit, geometry.memoryAlignment()) > spec.pool().largestSlot()) {
            throw new IllegalArgumentException(
                    "the bounce pool's largest slot is smaller than a block of this file: slot="
                            + (spec.pool().largestSlot() + " block=" + unit)
                            + (" path=" + path));
        }
    }

    private void requireKind(FileStatus status) throws DirectIoException {
        if (status.errno() != 0) {
            throw Errors.of(call, -status.errno(), 0);
        }
        if (!status.isRegular() && !status.isBlockDevice()) {
            throw new DirectIoException(
                    "only regular files and block devices have direct I/O, this is a "
                            + status.kind(),
                    call,
                    0,
                    0);
        }
    }
}
