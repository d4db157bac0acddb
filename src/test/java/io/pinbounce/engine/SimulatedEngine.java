package io.pinbounce.engine;

import io.pinbounce.linux.Errno;
import io.pinbounce.linux.FileFacts;
import io.pinbounce.linux.FileStatus;
import io.pinbounce.linux.OpenFlags;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory that does exactly what it is told: its alignment is chosen, transfers come out
 * short or fail at will, its bytes can be damaged at rest, and nothing depends on time or chance;
 * but for the order in which its rings do things, which depends on a seed.
 *
 * <p>It is as strict as the kernel: a misaligned address, position or length is {@code EINVAL}, a
 * read at the end of the file overwrites the rest of its block, and a full disk takes what fits.
 */
public final class SimulatedEngine implements IoEngine {

    /** What happens to a transfer instead of what was asked for. */
    @FunctionalInterface
    public interface Fault {

        /**
         * Decides on one transfer.
         *
         * @param submission what was asked for
         * @return what happens
         */
        Outcome decide(Submission submission);
    }

    /**
     * What happens to a transfer.
     *
     * @param moves bytes that are moved at the most, from the start on
     * @param result what the engine says; {@link #AS_MOVED} for the count itself
     */
    public record Outcome(long moves, long result) {

        /** The engine says how much it moved. */
        public static final long AS_MOVED = Long.MIN_VALUE;

        /** Nothing special. */
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

    private static final int BLOCK = 512;

    private final int memoryAlignment;

    private final int offsetAlignment;

    private final Map<Path, SimulatedFile> files = new HashMap<>();

    private final Map<Integer, SimulatedFile> handles = new HashMap<>();

    private final List<String> log = new ArrayList<>();

    private int nextHandle = 3;

    private long capacity = Long.MAX_VALUE;

    private long used;

    private Fault fault = _ -> Outcome.NORMAL;

    private int forceResult;

    private int truncateResult;

    private Random rings = new Random(0);

    /** A sparse file of 512-byte blocks. */
    private static final class SimulatedFile {

        final long inode;

        final TreeMap<Long, byte[]> blocks = new TreeMap<>();

        /** By handle. */
        final Map<Integer, Lock> locks = new HashMap<>();

        long size;

        SimulatedFile(long inode) {
            this.inode = inode;
        }
    }

    /**
     * Makes an empty disk.
     *
     * @param memoryAlignment what addresses are multiples of
     * @param offsetAlignment what positions and lengths are multiples of, itself one of 512
     */
    public SimulatedEngine(int memoryAlignment, int offsetAlignment) {
        this.memoryAlignment = memoryAlignment;
        this.offsetAlignment = offsetAlignment;
    }

    /** Decides on all transfers from now on. */
    public synchronized void fault(Fault fault) {
        this.fault = fault;
    }

    /** Limits the bytes that fit the disk. */
    public synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    /** What forces return from now on. */
    public synchronized void forceResult(int result) {
        forceResult = result;
    }

    /** What truncations return from now on, without doing anything if negative. */
    public synchronized void truncateResult(int result) {
        truncateResult = result;
    }

    /** Decides on the order in which rings opened from now on do things. */
    public synchronized void seed(long seed) {
        rings = new Random(seed);
    }

    /** Flips one bit of a file at rest. */
    public synchronized void flipBit(Path path, long position) {
        block(file(path), position / BLOCK)[(int) (position % BLOCK)] ^= 1;
    }

    /** A file's bytes, as they are on the disk. */
    public synchronized byte[] contents(Path path) {
        SimulatedFile file = file(path);
        byte[] bytes = new byte[(int) file.size];
        for (int i = 0; i < bytes.length; i++) {
            byte[] block = file.blocks.get((long) i / BLOCK);
            bytes[i] = block == null ? 0 : block[i % BLOCK];
        }
        return bytes;
    }

    /** Handles that are open: 0 when nothing leaks. */
    public synchronized int openHandles() {
        return handles.size();
    }

    /** What was transferred, in order, for example {@code "WRITE 4096+512"}. */
    public synchronized List<String> log() {
        return List.copyOf(log);
    }

    /** Starts the log anew. */
    public synchronized void clearLog() {
        log.clear();
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public synchronized long transfer(Submission submission) {
        SimulatedFile file = handles.get(submission.handle());
        if (file == null) {
            return -9; // EBADF: the pipeline used a handle after closing it
        }
        log.add(submission.op() + " " + submission.position() + "+" + submission.length());
        if (submission.op() == Submission.Op.FORCE) {
            return forceResult;
        }
        if (isMisaligned(submission)) {
            return -Errno.EINVAL;
        }
        Outcome outcome = fault.decide(submission);
        long moved = 0;
        for (MemorySegment memory : submission.memory()) {
            long room = Math.min(memory.byteSize(), outcome.moves() - moved);
            long here = move(submission, file, memory, submission.position() + moved, room);
            if (here < 0) {
                return moved > 0 ? moved : here;
            }
            moved += here;
            if (here < memory.byteSize()) {
                break;
            }
        }
        return outcome.result() == Outcome.AS_MOVED ? moved : outcome.result();
    }

    @Override
    public synchronized IoRing openRing(int depth) {
        return new SimulatedRing(this, depth, rings.nextLong());
    }

    private boolean isMisaligned(Submission submission) {
        boolean misaligned = submission.position() % offsetAlignment != 0;
        for (MemorySegment memory : submission.memory()) {
            misaligned |= memory.address() % memoryAlignment != 0;
            misaligned |= memory.byteSize() % offsetAlignment != 0;
        }
        return misaligned;
    }

    private long move(
            Submission submission, SimulatedFile file, MemorySegment memory, long at, long room) {
        return submission.op() == Submission.Op.READ
                ? read(file, memory, at, room)
                : write(file, memory, at, room);
    }

    private long read(SimulatedFile file, MemorySegment memory, long at, long room) {
        long count = Math.max(0, Math.min(room, file.size - at));
        long blocks = (count + BLOCK - 1) / BLOCK;
        for (long i = 0; i < blocks; i++) {
            byte[] block = file.blocks.getOrDefault(at / BLOCK + i, new byte[BLOCK]);
            MemorySegment.copy(MemorySegment.ofArray(block), 0, memory, i * BLOCK, BLOCK);
        }
        return count;
    }

    private long write(SimulatedFile file, MemorySegment memory, long at, long room) {
        long written = 0;
        while (written + BLOCK <= room) {
            long number = (at + written) / BLOCK;
            if (!file.blocks.containsKey(number) && used + BLOCK > capacity) {
                if (written == 0) {
                    return -Errno.ENOSPC;
                }
                break;
            }
            MemorySegment.copy(
                    memory, written, MemorySegment.ofArray(block(file, number)), 0, BLOCK);
            written += BLOCK;
        }
        file.size = Math.max(file.size, at + written);
        return written;
    }

    private SimulatedFile file(Path path) {
        return Objects.requireNonNull(files.get(path), "no such file on the simulated disk");
    }

    private SimulatedFile file(int handle) {
        return Objects.requireNonNull(handles.get(handle), "the handle is not open");
    }

    private byte[] block(SimulatedFile file, long number) {
        return file.blocks.computeIfAbsent(
                number,
                _ -> {
                    used += BLOCK;
                    return new byte[BLOCK];
                });
    }

    @Override
    public synchronized FileStatus status(Path path) {
        SimulatedFile file = files.get(path);
        return file == null ? FileStatus.failed(Errno.ENOENT) : facts(file).status();
    }

    @Override
    public synchronized int open(Path path, int flags) {
        SimulatedFile file = files.get(path);
        boolean create = (flags & OpenFlags.O_CREAT) != 0;
        if (file == null && !create) {
            return -Errno.ENOENT;
        }
        if (file != null && create && (flags & OpenFlags.O_EXCL) != 0) {
            return -Errno.EEXIST;
        }
        SimulatedFile found =
                file != null ? file : new SimulatedFile(files.size() + 1L + nextHandle * 1000L);
        files.put(path, found);
        handles.put(nextHandle, found);
        return nextHandle++;
    }

    @Override
    public synchronized FileFacts facts(int handle) {
        return facts(file(handle));
    }

    private FileFacts facts(SimulatedFile file) {
        return FileFacts.simulated(file.inode, file.size, memoryAlignment, offsetAlignment);
    }

    @Override
    public synchronized long size(int handle) {
        return file(handle).size;
    }

    @Override
    public synchronized int truncate(int handle, long size) {
        if (truncateResult < 0) {
            return truncateResult;
        }
        SimulatedFile file = file(handle);
        file.size = size;
        long kept = (size + BLOCK - 1) / BLOCK;
        used -= BLOCK * (long) file.blocks.tailMap(kept).size();
        file.blocks.tailMap(kept).clear();
        byte[] last = file.blocks.get(kept - 1);
        if (last != null && size % BLOCK != 0) {
            Arrays.fill(last, (int) (size % BLOCK), BLOCK, (byte) 0);
        }
        return 0;
    }

    @Override
    public synchronized int allocate(int handle, long position, long length) {
        SimulatedFile file = file(handle);
        file.size = Math.max(file.size, position + length);
        return 0;
    }

    @Override
    public synchronized int force(int handle) {
        return forceResult;
    }

    @Override
    public int forceFolder(Path folder) {
        return 0;
    }

    @Override
    public synchronized int lock(int handle, Lock mode) {
        SimulatedFile file = file(handle);
        file.locks.remove(handle);
        boolean taken = mode == Lock.EXCLUSIVE || file.locks.containsValue(Lock.EXCLUSIVE);
        if (taken && !file.locks.isEmpty()) {
            return -Errno.EAGAIN;
        }
        file.locks.put(handle, mode);
        return 0;
    }

    /** At once: nothing depends on the scheduler. */
    @Override
    public void background(Runnable task) {
        task.run();
    }

    @Override
    public long cachedPages(int handle, long position, long length) {
        return -Errno.ENOSYS;
    }

    @Override
    public synchronized int close(int handle) {
        SimulatedFile file = handles.remove(handle);
        if (file == null) {
            return -9;
        }
        file.locks.remove(handle);
        return 0;
    }

    @Override
    public synchronized int remove(Path path) {
        return files.remove(path) == null ? -Errno.ENOENT : 0;
    }
}
