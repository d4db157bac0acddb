package io.pinbounce.internal.engine;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.Statx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * An engine over a {@link SimulatedDisk}, which does exactly what a call says, or what the disk's
 * {@link DiskFaults} say; nothing depends on time, and seeds decide all random choices. It stands
 * for a process: its handles and locks are gone when the power is cut, and every call fails with
 * {@code EIO} from then on; {@link #restart} makes the next process.
 *
 * <p>It is as strict as a kernel: a misaligned address, position or length is {@code EINVAL}, a
 * read at the end of the file overwrites the rest of its block, and a full disk takes what fits.
 */
public final class SimulatedEngine implements IoEngine {

    /** Decides what happens to transfers. */
    @FunctionalInterface
    public interface Fault {

        /**
         * Decides on one transfer.
         *
         * @param submission the transfer
         * @return what happens to it
         */
        Outcome decide(Submission submission);
    }

    /**
     * What happens to a transfer.
     *
     * @param moves bytes that are moved at the most, from the start on
     * @param result what the engine returns; {@link #AS_MOVED} for the bytes moved
     */
    public record Outcome(long moves, long result) {

        /** The engine returns the bytes that it moved. */
        public static final long AS_MOVED = Long.MIN_VALUE;

        /** The transfer is done normally. */
        public static final Outcome NORMAL = new Outcome(Long.MAX_VALUE, AS_MOVED);

        /** A short transfer. */
        public static Outcome shortened(long moves) {
            return new Outcome(moves, AS_MOVED);
        }

        /** An error before anything is moved. */
        public static Outcome failed(int errno) {
            return new Outcome(0, -errno);
        }
    }

    private static final int EBADF = 9; // asm-generic/errno-base.h: a handle that is closed

    private static final int PAGE = 4096;

    private final SimulatedDisk disk;

    private final SimulatedTransfers transfers;

    private final SimulatedControl control;

    /** Power cuts before this engine was made. */
    private final long cuts;

    private final Map<Integer, SimulatedHandle> handles = new HashMap<>();

    private final List<Logged> log = new ArrayList<>();

    private int nextHandle = 3;

    private boolean tellsHoles = true;

    private record Logged(Op op, long position, long length) {

        @Override
        public String toString() {
            return op + " " + position + "+" + length;
        }
    }

    /**
     * Makes an engine over an empty disk.
     *
     * @param memoryAlignment what addresses are multiples of
     * @param offsetAlignment what positions and lengths are multiples of, itself one of 512
     */
    public SimulatedEngine(int memoryAlignment, int offsetAlignment) {
        this(new SimulatedDisk(memoryAlignment, offsetAlignment));
    }

    /** Makes another engine over a disk, as another process would. */
    public SimulatedEngine(SimulatedDisk disk) {
        this.disk = disk;
        transfers = new SimulatedTransfers(disk);
        control = new SimulatedControl(disk);
        cuts = disk.cuts();
    }

    /** The disk, which outlives the engine. */
    public SimulatedDisk disk() {
        return disk;
    }

    /**
     * Starts an engine after a power cut.
     *
     * @return a new engine over the same disk
     * @throws IllegalStateException if the power is still there
     */
    public SimulatedEngine restart() {
        if (!isDead()) {
            throw new IllegalStateException("cut the disk's power first, cuts=" + disk.cuts());
        }
        return new SimulatedEngine(disk);
    }

    /** Whether a power cut or kill has ended this engine, so that all calls fail. */
    public boolean isDead() {
        return disk.cuts() != cuts;
    }

    /** Sets a hook that decides on all transfers from now on. */
    public void fault(Fault fault) {
        disk.faults().hook(fault);
    }

    /** Limits the bytes that fit the disk. */
    public void capacity(long bytes) {
        disk.capacity(bytes);
    }

    /** Sets what forces return from now on; if negative, they do nothing. */
    public void forceResult(int result) {
        disk.faults().forceResult(result);
    }

    /** Sets what truncations return from now on; if negative, they do nothing. */
    public void truncateResult(int result) {
        disk.faults().truncateResult(result);
    }

    /** Seeds the order in which rings opened from now on do transfers. */
    public void seed(long seed) {
        disk.seedRings(seed);
    }

    /** Reports everything as data from now on, as a file system that cannot tell holes. */
    public void tellNoHoles() {
        tellsHoles = false;
    }

    /** Makes a hole of whole sectors in a file, without the library. */
    public void punch(Path path, long position, long length) {
        synchronized (disk) {
            disk.names().get(path).punch(position, length);
        }
    }

    /** Flips one bit of a file at rest. */
    public void flipBit(Path path, long position) {
        disk.flipBits(path, position, 1);
    }

    /** A file's bytes, as a reader sees them. */
    public byte[] contents(Path path) {
        return disk.contents(path);
    }

    /** How many handles are open: 0 if none leaks. */
    public int openHandles() {
        synchronized (disk) {
            return handles.size();
        }
    }

    /** The transfers so far, in order, for example {@code "WRITE 4096+512"}. */
    public List<String> log() {
        synchronized (disk) {
            return log.stream().map(Logged::toString).toList();
        }
    }

    /** Starts the log anew. */
    public void clearLog() {
        synchronized (disk) {
            log.clear();
        }
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public IoRing openRing(int depth) {
        return openRing(depth, this);
    }

    /** Opens a ring whose transfers another engine moves, which wraps this one. */
    public IoRing openRing(int depth, IoEngine mover) {
        synchronized (disk) {
            return disk.newRing(this, mover, depth);
        }
    }

    /** Makes a call that reaches the disk, unless the power is cut before or meanwhile. */
    private long call(LongSupplier call) {
        synchronized (disk) {
            if (isDead()) {
                return -Errno.EIO;
            }
            disk.count();
            long result = call.getAsLong();
            if (disk.isFailing()) {
                disk.fail();
            }
            return isDead() ? -Errno.EIO : result;
        }
    }

    /** Makes a call on an open file. */
    private long call(int handle, ToLongFunction<SimulatedHandle> call) {
        return call(() -> call.applyAsLong(open(handle)));
    }

    private SimulatedHandle open(int handle) {
        return Objects.requireNonNull(handles.get(handle), "the handle is not open");
    }

    @Override
    public long transfer(Submission submission) {
        synchronized (disk) {
            if (isDead()) {
                return -Errno.EIO;
            }
            if (!handles.containsKey(submission.handle())) {
                return -EBADF; // the pipeline used a handle after closing it
            }
            log.add(new Logged(submission.op(), submission.position(), submission.length()));
            if (submission.op() == Op.FORCE) {
                return force(submission.handle());
            }
            return transfers.isMisaligned(submission)
                    ? -Errno.EINVAL
                    : call(submission.handle(), open -> transfers.move(open, submission));
        }
    }

    /** Does a write that is in flight while the power fails: the cut decides how much is left. */
    void tear(Submission submission) {
        SimulatedHandle open = handles.get(submission.handle());
        if (open != null) {
            transfers.tear(open.file, submission);
        }
    }

    @Override
    public FileStatus status(Path path) {
        synchronized (disk) {
            SimulatedFile file = disk.names().find(path);
            if (isDead() || file == null) {
                return FileStatus.failed(isDead() ? Errno.EIO : Errno.ENOENT);
            }
            return facts(file).status();
        }
    }

    @Override
    public int open(Path path, int flags) {
        return (int) call(() -> openNow(path, flags));
    }

    private int openNow(Path path, int flags) {
        int failed = control.open(path, flags);
        if (failed < 0 || disk.isFailing()) {
            return failed; // the caller gets no handle to close
        }
        return add(disk.names().get(path), flags);
    }

    @Override
    public int reopen(int handle, int flags) {
        return (int) call(handle, open -> disk.isFailing() ? -Errno.EIO : add(open.file, flags));
    }

    @Override
    public int openUnnamed(Path path, int flags) {
        return (int) call(() -> openUnnamedNow(path, flags));
    }

    private int openUnnamedNow(Path path, int flags) {
        int failed = control.openUnnamed(path);
        return failed < 0 || disk.isFailing() ? failed : add(disk.createUnnamed(path), flags);
    }

    private int add(SimulatedFile file, int flags) {
        handles.put(nextHandle, new SimulatedHandle(file, flags));
        return nextHandle++;
    }

    @Override
    public int link(int handle, Path path) {
        return (int) call(handle, open -> control.link(open.file, path));
    }

    @Override
    public int renameNew(Path from, Path to) {
        return (int) call(() -> control.rename(from, to));
    }

    /** The disk knows no owners. */
    @Override
    public int own(int handle, FileStatus like) {
        return isDead() ? -Errno.EIO : 0;
    }

    @Override
    public long attribute(int handle, String name, MemorySegment value) {
        synchronized (disk) {
            if (isDead()) {
                return -Errno.EIO;
            }
            byte[] bytes = isKept(name) ? open(handle).file.attribute() : new byte[0];
            MemorySegment.copy(bytes, 0, value, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return bytes.length == 0 ? -Errno.ENODATA : bytes.length;
        }
    }

    /** The disk has room for one attribute of a user, and no access control lists. */
    private static boolean isKept(String name) {
        return name.startsWith("user.");
    }

    @Override
    public int setAttribute(int handle, String name, MemorySegment value) {
        if (!isKept(name)) {
            return -Errno.EOPNOTSUPP;
        }
        byte[] bytes = value.toArray(ValueLayout.JAVA_BYTE);
        return (int) call(handle, open -> control.setAttribute(open.file, bytes));
    }

    @Override
    public FileFacts facts(int handle) {
        synchronized (disk) {
            return isDead() ? noFacts() : facts(open(handle).file);
        }
    }

    private FileFacts facts(SimulatedFile file) {
        return FileFacts.simulated(
                file.inode, file.size(), disk.memoryAlignment(), disk.offsetAlignment());
    }

    private static FileFacts noFacts() {
        FileStatus status = FileStatus.failed(Errno.EIO);
        Statx none = new Statx(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return new FileFacts(status, none, null, List.of(), 0, -1, PAGE, 0, null);
    }

    @Override
    public long size(int handle) {
        synchronized (disk) {
            return isDead() ? -Errno.EIO : open(handle).file.size();
        }
    }

    @Override
    public long nextData(int handle, long position) {
        synchronized (disk) {
            if (isDead() || !tellsHoles) {
                return position;
            }
            return open(handle).file.nextData(position);
        }
    }

    @Override
    public int truncate(int handle, long size) {
        return (int) call(handle, open -> control.truncate(open.file, size));
    }

    @Override
    public int allocate(int handle, long position, long length) {
        return (int) call(handle, open -> control.allocate(open.file, position, length));
    }

    @Override
    public int force(int handle) {
        return (int) call(handle, open -> control.force(open.file));
    }

    @Override
    public int forceFolder(Path folder) {
        return (int) call(() -> control.forceFolder(folder));
    }

    @Override
    public int lock(int handle, Lock mode) {
        synchronized (disk) {
            if (isDead()) {
                return -Errno.EIO;
            }
            SimulatedHandle open = open(handle);
            return open.file.lock(open, mode);
        }
    }

    /** Runs the task at once, so that nothing depends on the scheduler. */
    @Override
    public void background(Runnable task) {
        task.run();
    }

    @Override
    public long cachedPages(int handle, long position, long length) {
        return isDead() ? -Errno.EIO : -Errno.ENOSYS;
    }

    @Override
    public int close(int handle) {
        synchronized (disk) {
            SimulatedHandle open = handles.remove(handle);
            if (isDead()) {
                return -Errno.EIO;
            }
            if (open == null) {
                return -EBADF;
            }
            open.file.unlock(open);
            return 0;
        }
    }

    @Override
    public int remove(Path path) {
        return (int) call(() -> control.remove(path));
    }
}
