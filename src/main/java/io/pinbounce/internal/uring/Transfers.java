package io.pinbounce.internal.uring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.pinbounce.internal.engine.Completions;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.LibC;
import io.pinbounce.internal.linux.PinnedPages;
import io.pinbounce.internal.linux.Region;
import io.pinbounce.internal.linux.Registrable;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Turns submissions into one or two entries each, and their completions into one result, in slots.
 * All memory is allocated when the ring opens.
 */
final class Transfers {

    private static final long VECTOR_SIZE = LibC.MAX_VECTOR * RegisterLayout.IOVEC_SIZE;

    private final KernelRing ring;

    private final FileTable files;

    private final BufferTable buffers;

    private final boolean fixedVectors;

    private final Slot[] slots;

    /**
     * For each slot, an iovec array of the pieces of its memory, which the kernel may read after
     * the submission.
     */
    private final MemorySegment vectors;

    /** Slots that are done and not drained, in the order in which they became done. */
    private final int[] done;

    private int doneCount;

    private int inFlight;

    private int endings = Registrable.endings();

    /** One transfer. */
    private static final class Slot {

        /** Completions to come; 0 if there is no transfer, or it is done. */
        private int missing;

        private boolean taken;

        private int generation;

        private int result;

        private int forced;

        private RingTable.@Nullable Entry file;

        private RingTable.@Nullable Entry buffer;
    }

    Transfers(KernelRing ring, int depth, FileTable files, BufferTable buffers) {
        this.ring = ring;
        this.files = files;
        this.buffers = buffers;
        fixedVectors = ring.features().knows(SqeLayout.IORING_OP_WRITEV_FIXED);
        slots = new Slot[depth];
        for (int i = 0; i < depth; i++) {
            slots[i] = new Slot();
        }
        vectors = ring.allocate(depth * VECTOR_SIZE);
        done = new int[depth];
    }

    /** Entries that a submission needs. */
    static int entries(Submission submission) {
        return submission.op() == Submission.Op.WRITE_FORCE ? 2 : 1;
    }

    /** Transfers that the kernel has, or will have with the next enter. */
    int inFlight() {
        return inFlight;
    }

    /** Transfers that wait to be drained. */
    int done() {
        return doneCount;
    }

    /**
     * Refuses a submission that must not be prepared, before anything is written.
     *
     * @throws IllegalStateException if the slot is taken
     */
    void check(int number, Submission submission) {
        if (slots[number].taken) {
            throw new IllegalStateException(
                    "a slot takes a transfer once the last one was drained, slot=" + number);
        }
        if (submission.op() != Submission.Op.FORCE && submission.count() == 0) {
            throw new IllegalArgumentException(
                    "a transfer needs memory: add some, op=" + submission.op() + " slot=" + number);
        }
    }

    /** Writes the entries of a submission that was checked, and for which there is room. */
    void prep(int number, Submission submission) {
        Slot slot = slots[number];
        slot.taken = true;
        slot.generation++;
        slot.result = 0;
        slot.forced = 0;
        slot.missing = entries(submission);
        FileHandle file = submission.file();
        slot.file = files.find(file, submission.length());
        slot.buffer = null;
        boolean single = submission.count() == 1;
        if (submission.count() > 0 && (single || fixedVectors)) {
            slot.buffer = buffer(submission);
        }
        use(slot.file);
        use(slot.buffer);
        inFlight++;
        switch (submission.op()) {
            case READ, WRITE -> move(number, slot, submission, 0);
            case WRITE_FORCE -> {
                move(number, slot, submission, SqeLayout.IOSQE_IO_LINK);
                force(number, slot, submission, UserData.FORCE_BEHIND);
            }
            case FORCE -> force(number, slot, submission, UserData.TRANSFER);
        }
    }

    /** The buffer that all pieces lie in, registered or not; null if there is none. */
    private RingTable.@Nullable Entry buffer(Submission submission) {
        PinnedPages pages = PinnedPages.behind(submission.segment(0));
        if (pages == null) {
            return null;
        }
        Region region = pages.region(submission.address(0), submission.length(0));
        if (region == null) {
            return null;
        }
        for (int i = 1; i < submission.count(); i++) {
            if (PinnedPages.behind(submission.segment(i)) != pages
                    || pages.region(submission.address(i), submission.length(i)) != region) {
                return null;
            }
        }
        return buffers.find(region, submission.length());
    }

    private void move(int number, Slot slot, Submission submission, int flags) {
        boolean single = submission.count() == 1;
        int place = RingTable.place(slot.buffer);
        long sqe =
                ring.submissions()
                        .next(
                                opcode(submission.op(), single, place >= 0),
                                flags | fileFlag(slot),
                                fileNumber(slot, submission),
                                UserData.of(UserData.TRANSFER, number, slot.generation));
        if (single) {
            // A piece is at most Submission.MAX_LENGTH bytes, which an int holds.
            int length = (int) submission.length(0);
            ring.submissions().put(sqe, submission.position(), submission.address(0), length);
        } else {
            long vector = number * VECTOR_SIZE;
            for (int i = 0; i < submission.count(); i++) {
                long iovec = vector + i * RegisterLayout.IOVEC_SIZE;
                vectors.set(JAVA_LONG, iovec, submission.address(i));
                vectors.set(JAVA_LONG, iovec + RegisterLayout.IOV_LEN, submission.length(i));
            }
            long address = vectors.address() + vector;
            ring.submissions().put(sqe, submission.position(), address, submission.count());
        }
        if (place >= 0) {
            ring.submissions().putBuffer(sqe, place);
        }
    }

    private static int opcode(Submission.Op op, boolean single, boolean fixed) {
        if (op == Submission.Op.READ) {
            if (single) {
                return fixed ? SqeLayout.IORING_OP_READ_FIXED : SqeLayout.IORING_OP_READ;
            }
            return fixed ? SqeLayout.IORING_OP_READV_FIXED : SqeLayout.IORING_OP_READV;
        }
        if (single) {
            return fixed ? SqeLayout.IORING_OP_WRITE_FIXED : SqeLayout.IORING_OP_WRITE;
        }
        return fixed ? SqeLayout.IORING_OP_WRITEV_FIXED : SqeLayout.IORING_OP_WRITEV;
    }

    private void force(int number, Slot slot, Submission submission, int kind) {
        long sqe =
                ring.submissions()
                        .next(
                                SqeLayout.IORING_OP_FSYNC,
                                fileFlag(slot),
                                fileNumber(slot, submission),
                                UserData.of(kind, number, slot.generation));
        ring.submissions().putFlags(sqe, SqeLayout.IORING_FSYNC_DATASYNC);
    }

    private static int fileFlag(Slot slot) {
        return RingTable.place(slot.file) < 0 ? 0 : SqeLayout.IOSQE_FIXED_FILE;
    }

    private static int fileNumber(Slot slot, Submission submission) {
        int place = RingTable.place(slot.file);
        return place < 0 ? submission.handle() : place;
    }

    /**
     * Takes a completion.
     *
     * @throws IllegalStateException if no transfer waits for it: the kernel's memory and ours
     *     disagree, and nothing that comes after can be trusted
     */
    void complete(long userData, int res) {
        int number = UserData.slot(userData);
        int kind = UserData.kind(userData);
        Slot slot = number < slots.length ? slots[number] : null;
        if (slot == null || slot.missing == 0 || slot.generation != UserData.generation(userData)) {
            throw new IllegalStateException(
                    "a completion belongs to no transfer: this is a bug, kind="
                            + kind
                            + (" slot=" + number)
                            + (" generation=" + UserData.generation(userData))
                            + (" res=" + res));
        }
        switch (kind) {
            case UserData.TRANSFER -> slot.result = res;
            case UserData.FORCE_BEHIND -> slot.forced = res;
            default -> slot.forced = -Errno.ECANCELED; // UserData.FORCE_UNTRIED
        }
        slot.missing--;
        if (slot.missing == 0) {
            release(slot.file);
            release(slot.buffer);
            slot.file = null;
            slot.buffer = null;
            inFlight--;
            done[doneCount] = number;
            doneCount++;
        }
    }

    private static void use(RingTable.@Nullable Entry entry) {
        if (entry != null) {
            entry.use();
        }
    }

    private static void release(RingTable.@Nullable Entry entry) {
        if (entry != null) {
            entry.release();
        }
    }

    /** Reports what is done, and frees the slots. */
    void drain(Completions out) {
        for (int i = 0; i < doneCount; i++) {
            Slot slot = slots[done[i]];
            slot.taken = false;
            out.add(done[i], slot.result, slot.forced);
        }
        doneCount = 0;
    }

    /** Lets go of files and memory that their owners have ended. */
    void forgetEnded() {
        int now = Registrable.endings();
        if (now == endings) {
            return;
        }
        boolean filesDone = files.forgetEnded();
        boolean buffersDone = buffers.forgetEnded();
        if (filesDone && buffersDone) {
            endings = now; // else a transfer still uses one of them: look again next time
        }
    }

    /** Unregisters everything; for the ring's owner, with nothing in flight. */
    void discard() {
        buffers.discard();
        files.discard();
    }

    /** Lets go of all files and memory, after the kernel has done so. */
    void letGo() {
        buffers.letGo();
        files.letGo();
    }

    /** Adds what the kernel can register. */
    void addFeatures(List<String> names) {
        if (files.isRegistered()) {
            names.add("registered files");
        }
        if (buffers.isRegistered()) {
            names.add("registered buffers");
        }
        if (fixedVectors) {
            names.add("registered buffers in vectors");
        }
    }

    /** Adds why some things are not registered. */
    void addNotes(List<String> notes) {
        addNote(files.reason(), notes);
        addNote(buffers.reason(), notes);
    }

    private static void addNote(@Nullable String reason, List<String> notes) {
        if (reason != null) {
            notes.add(reason);
        }
    }
}
