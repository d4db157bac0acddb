package io.pinbounce.tool.torture;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoStatus;
import io.pinbounce.DirectOptions;
import io.pinbounce.Geometry;
import io.pinbounce.Protection;
import io.pinbounce.StabilityCheck;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.tool.scratch.ScratchTarget;
import io.pinbounce.tool.torture.TortureCase.Direction;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The part of the target that is used, filled with random, guarded data:
 *
 * <pre>
 *   0                     half                    length
 *   |===== read cells =====|===== write cells =====|
 * </pre>
 *
 * <p>Write cells leave torn blocks behind, and read cells must never meet one: if a read does not
 * verify, its own buffer was disturbed. Writes are judged at once, by reading back the very bytes
 * that were written.
 *
 * <p>The quiet file bounces; it stays open, and so do the tuples, which all files on the inode
 * share. Guarded and unguarded files cannot be open together, so it is opened anew, and everything
 * filled, where a cell of one kind follows one of the other.
 */
public final class WorkingSet implements AutoCloseable {

    private static final long LARGEST = 64L << 20;

    private static final int CHUNK = 1 << 20;

    private static final Protection GUARDED =
            Protection.t10(TortureCell.INTERVAL).memory().stabilityCheck(StabilityCheck.NONE);

    private static final Protection UNGUARDED = Protection.none();

    private final Path path;

    private final DirectIo policy;

    private final FileOpener opener;

    private Protection protection = GUARDED;

    private DirectFile quiet;

    private boolean filled;

    private final long length;

    private final int block;

    /** Opens files; tests open them on a simulated disk. */
    interface FileOpener {

        /** Opens a file. */
        DirectFile open(Path path, DirectOptions options) throws IOException;
    }

    private WorkingSet(Path path, DirectIo policy, FileOpener opener) throws IOException {
        this.path = path;
        this.policy = policy;
        this.opener = opener;
        this.quiet = open(Transfer.BOUNCE);
        Geometry geometry = quiet.geometry();
        this.length = Files.isRegularFile(path) ? LARGEST : Math.min(LARGEST, quiet.size());
        this.block =
                (int)
                        Alignment.common(
                                Alignment.common(
                                        geometry.readAlignment(), geometry.writeAlignment()),
                                TortureCell.INTERVAL);
    }

    /**
     * Opens a target, where possible with direct I/O that is real, and writes a first block.
     *
     * @param target whose data is lost from here on
     * @return the working set; close it before the target
     * @throws IOException if the target cannot be opened or written
     */
    public static WorkingSet open(ScratchTarget target) throws IOException {
        try {
            return open(target.path(), DirectIo.REQUIRED, DirectFile::open);
        } catch (DirectIoException refused) {
            try {
                return open(target.path(), DirectIo.PREFERRED, DirectFile::open);
            } catch (IOException e) {
                e.addSuppressed(refused);
                throw e;
            }
        }
    }

    /**
     * Writes a first block too, since a write may be needed to show that direct I/O is not real.
     */
    static WorkingSet open(Path path, DirectIo policy, FileOpener opener) throws IOException {
        WorkingSet set = new WorkingSet(path, policy, opener);
        boolean done = false;
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            set.quiet.write(arena.allocate(set.block), 0);
            done = true;
            return set;
        } finally {
            if (!done) {
                set.close();
            }
        }
    }

    /** Opens the target once more, to move its data in a mode. */
    DirectFile open(Transfer mode) throws IOException {
        return opener.open(
                path,
                DirectOptions.readWrite().directIo(policy).transfer(mode).protection(protection));
    }

    /** The file that fills the target and reads back, and is not under test itself. */
    DirectFile quiet() {
        return quiet;
    }

    /** The fewest bytes that the target can move and whole tuples guard. */
    int block() {
        return block;
    }

    /**
     * Whether direct I/O is real here.
     *
     * @return what was found when the target was opened
     */
    public DirectIoStatus directIo() {
        DirectIoStatus known = quiet.geometry().directIo();
        return policy == DirectIo.PREFERRED && known == DirectIoStatus.DIRECT
                ? DirectIoStatus.BUFFERED_WRITES
                : known;
    }

    /**
     * Why {@link #directIo} has this value.
     *
     * @return a part of a sentence, to follow "because"
     */
    public String directIoReason() {
        return directIo() == quiet.geometry().directIo()
                ? quiet.geometry().directIoReason()
                : "what was written was found in the page cache";
    }

    /**
     * What holds the bytes.
     *
     * @return the file system's type, or {@code "block device"}
     */
    public String fileSystem() {
        return quiet.geometry().fileSystem();
    }

    /**
     * What moves the data of blocking calls.
     *
     * @return as {@link DirectFile#engine()} names it
     */
    public String engine() {
        return quiet.engine();
    }

    /**
     * How much of the target is used.
     *
     * @return bytes from its start
     */
    public long length() {
        return length;
    }

    /** Refuses operations for which there is no room. */
    void requireRoomFor(TortureCell cell) throws IOException {
        if (Math.max(cell.room(), 2L * block) > half()) {
            throw new IOException(
                    "the target is too small for operations of this size, which take twice as"
                            + (" much; a smaller --size or --depth may do: path=" + path)
                            + (" size=" + cell.size() + " depth=" + cell.depth())
                            + (" length=" + length));
        }
    }

    /** How many operations of a cell fit beside each other, at the most as many as it is deep. */
    int sideBySide(TortureCell cell) {
        return (int) Math.min(cell.depth(), half() / cell.size());
    }

    /** Opens and fills the target for cells of a kind, unless that is done already. */
    void prepare(TortureCase kind, long seed, BooleanSupplier stopped) throws IOException {
        Protection wanted = kind.isGuarded() ? GUARDED : UNGUARDED;
        if (wanted != protection) {
            quiet.close();
            protection = wanted;
            quiet = open(Transfer.BOUNCE);
            filled = false;
        }
        if (!filled) {
            fill(seed, stopped);
            filled = true;
        }
    }

    /** Writes random data, no two blocks the same, to all of it. */
    private void fill(long seed, BooleanSupplier stopped) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (PinnedArena arena = PinnedArena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK);
            long end = 2 * half();
            for (long at = 0; at < end && !stopped.getAsBoolean(); at += CHUNK) {
                for (long i = 0; i < CHUNK; i += Long.BYTES) {
                    chunk.set(ValueLayout.JAVA_LONG, i, random.nextLong());
                }
                quiet.write(chunk.asSlice(0, Math.min(CHUNK, end - at)), at);
            }
        }
    }

    /** Draws the position of a block from which {@code size} bytes can be read, or written. */
    long position(Direction direction, long size, SplittableRandom random) {
        long blocks = (half() - size) / block + 1;
        long within = random.nextLong(blocks) * block;
        return direction == Direction.READ ? within : half() + within;
    }

    private long half() {
        return Alignment.down(length / 2, block);
    }

    @Override
    public void close() throws IOException {
        quiet.close();
    }
}
