package io.pinbounce.internal.sidecar;

import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The log: intents wait here until one of their writers, the leader, writes them to the sidecar as
 * a group. It is a circle of whole blocks; a group never wraps.
 *
 * <pre>
 *        tail                                  head
 *   |......| group | group | ... | group | group |......|
 *            some intent's data is             next group
 *            not in place, or not
 *            known to be durable
 * </pre>
 *
 * <p><b>Owners.</b> Each intent has a commit group owner: the queue that sends the write, or {@link
 * #THREADS} for all threads that wait for a single write. An owner has one leader at a time. A
 * thread that leads takes the intents of all owners along. A queue's leader takes only the intents
 * of its queue along: the queue may be reaped late, and no other writer has to wait for it.
 *
 * <p><b>When.</b> A group costs a flush, which takes long beside a small write. So the next one
 * waits until the data of the owner's last group is in place, which brings more writers, unless
 * enough has gathered that is worth the overlap. A queue's leader then waits one more round, so
 * that new writes of the queue can join its group.
 *
 * <p>The caller holds the store's lock, except for {@link #tell}.
 */
final class IntentLog {

    /** Groups are written in whole blocks of the device, so that writing one harms no other. */
    static final int BLOCK = Layout.PAGE;

    private static final int BUFFERS = 8;

    /** Bytes of data for which a group does not wait for the one before. */
    private static final long WORTH_OVERLAP = 1 << 20;

    /** The owner of the intents of all threads that wait for a single write. */
    private static final Object THREADS = new Object();

    /** How far the intents of one commit group owner are. */
    private static final class OwnerState {

        /** Whether one of its leaders is writing a group. */
        boolean writing;

        /** Intents whose data is on its way. */
        int underWay;

        /** Intents that wait, in order, and how much data they are about. */
        final Set<Intent> pending = new LinkedHashSet<>(); // an intent is equal to itself alone

        long pendingBytes;

        /** Whether the first of them leads the next time it asks. */
        boolean announced;

        boolean isIdle() {
            return !writing && underWay == 0 && pending.isEmpty();
        }

        boolean mayLead() {
            return !writing && (underWay == 0 || pendingBytes >= WORTH_OVERLAP);
        }

        boolean isFirst(Intent intent) {
            return !pending.isEmpty() && pending.iterator().next() == intent;
        }
    }

    private final Path path;

    private final long identity;

    private final int interval;

    private final long capacity;

    /** Groups whose space is not free yet, in order. */
    private final ArrayDeque<LogGroup> groups = new ArrayDeque<>();

    /** In the order in which they came, so that the same requests make the same groups. */
    private final Map<Object, OwnerState> owners = new LinkedHashMap<>();

    private final PinnedArena arena;

    /** Buffers that are free, and how many more may be made. */
    private final ArrayDeque<LogBuffer> buffers = new ArrayDeque<>();

    private int unmade = BUFFERS;

    /** Intents whose waiters are to be told once the lock is free. */
    private final List<Intent> toTell = new ArrayList<>();

    private long sequence;

    /** Bytes from the start of the log, as if it were endless. */
    private long head;

    private long tail;

    private long dataEnd;

    private long written;

    /** Whether a group did not fit. */
    private boolean wantsRoom;

    private @Nullable SealException broken;

    /**
     * An empty log.
     *
     * @param files where it is written
     * @param superblock of a sidecar whose log holds nothing that matters
     */
    IntentLog(SidecarFiles files, Superblock superblock) {
        this.path = files.path();
        this.identity = superblock.identity();
        this.interval = superblock.context().interval();
        this.capacity = superblock.logSize() - superblock.logSize() % BLOCK;
        this.sequence = superblock.tail();
        this.dataEnd = superblock.data().length();
        this.arena = files.arena();
    }

    /** Whether it is time to free some of it, and some can be freed. */
    boolean wantsCheckpoint() {
        return (wantsRoom || head - tail > capacity / 2)
                && !groups.isEmpty()
                && !groups.getFirst().isUnderWay();
    }

    /** Groups that were written so far. */
    long written() {
        return written;
    }

    void enter(Intent intent) throws SealException {
        requireWhole();
        intent.entered = true;
        intent.group = null;
        OwnerState owner = owners.computeIfAbsent(owner(intent), _ -> new OwnerState());
        owner.pending.add(intent);
        owner.pendingBytes += bytes(intent);
    }

    private long bytes(Intent intent) {
        return (long) intent.seals().count() * interval;
    }

    private OwnerState state(Intent intent) {
        return Objects.requireNonNull(owners.get(owner(intent)), "the intent has no owner");
    }

    private static Object owner(Intent intent) {
        Object owner = intent.groupOwner();
        return owner == null ? THREADS : owner;
    }

    Intent.Step next(Intent intent) throws SealException {
        LogGroup group = intent.group;
        if (group != null) {
            return switch (group.state) {
                case DURABLE -> Intent.Step.RECORDED;
                case WRITING -> Intent.Step.WAIT;
                case FAILED -> throw broken();
            };
        }
        requireWhole();
        return mayLead(intent) && form(intent) ? Intent.Step.LEAD : Intent.Step.WAIT;
    }

    private boolean mayLead(Intent intent) {
        OwnerState owner = state(intent);
        if (!owner.mayLead() || intent.groupOwner() == null) {
            return owner.mayLead();
        }
        boolean first = owner.isFirst(intent);
        if (first && !owner.announced) {
            owner.announced = true;
            toTell.add(intent);
            return false;
        }
        return first;
    }

    /** Makes a group for a leader; false if there is no room for it now. */
    private boolean form(Intent leader) {
        boolean queued = leader.groupOwner() != null;
        if (buffers.size() + unmade < (queued ? 2 : 1)) {
            return false; // the last buffer is for threads: a queue may keep it for long
        }
        if (buffers.isEmpty()) {
            buffers.add(new LogBuffer(arena.allocate(LogBuffer.SIZE)));
            unmade--;
        }
        LogBuffer buffer = buffers.getFirst();
        MemorySegment memory = buffer.bytes(LogBuffer.SIZE);
        memory.fill((byte) 0);
        LogSector.Writer writer = new LogSector.Writer(memory);
        List<Intent> intents = new ArrayList<>();
        add(leader, writer, intents);
        for (OwnerState owner : queued ? List.of(state(leader)) : owners.values()) {
            addPending(owner, leader, writer, intents);
        }
        int bytes = (writer.sectors() * Sector.SIZE + BLOCK - 1) / BLOCK * BLOCK;
        long start = start(bytes);
        wantsRoom = start + bytes - tail > capacity;
        if (wantsRoom) {
            return false;
        }
        buffers.remove();
        long position = Layout.LOG + start % capacity;
        LogGroup group = new LogGroup(sequence++, start, start + bytes, position, buffer, leader);
        for (Intent intent : intents) {
            intent.group = group;
            group.intents.add(intent);
            state(intent).underWay++;
            unpend(intent);
            dataEnd = Math.max(dataEnd, intent.end());
        }
        group.underWay = intents.size();
        writer.finish(bytes, group.sequence, dataEnd, identity, position);
        head = start + bytes;
        groups.add(group);
        state(leader).writing = true;
        return true;
    }

    /** Adds the intents that wait, up to the first for which there is no room. */
    private static void addPending(
            OwnerState owner, Intent leader, LogSector.Writer writer, List<Intent> intents) {
        for (Intent intent : owner.pending) {
            if (intent == leader) {
                continue;
            }
            if (!writer.hasRoomFor(intent.words())) {
                return;
            }
            add(intent, writer, intents);
        }
    }

    private static void add(Intent intent, LogSector.Writer writer, List<Intent> intents) {
        writer.add(intent);
        intents.add(intent);
    }

    private void unpend(Intent intent) {
        OwnerState owner = state(intent);
        owner.pending.remove(intent);
        owner.pendingBytes -= bytes(intent);
        owner.announced = false;
    }

    /** Where a group of some bytes starts: at the head, or at the start of the circle. */
    private long start(int bytes) {
        long left = capacity - head % capacity;
        return bytes <= left ? head : head + left;
    }

    void recorded(Intent intent, long failed) throws SealException {
        LogGroup group = intent.group;
        if (group == null || group.leader != intent || group.state != LogGroup.State.WRITING) {
            throw new IllegalStateException("the intent does not lead a group");
        }
        end(group, failed);
        requireWhole();
    }

    private void end(LogGroup group, long failed) {
        state(group.leader).writing = false;
        buffers.add(group.buffer());
        group.state = failed == 0 ? LogGroup.State.DURABLE : LogGroup.State.FAILED;
        written++;
        if (failed != 0) {
            fail(new SealException("the log cannot be written; open the file again", path, failed));
        }
        for (Intent member : group.intents) {
            if (member != group.leader) {
                toTell.add(member);
            }
        }
        group.intents.clear();
        tellPending();
    }

    /** From here on nothing is put on record, since it is unknown what the log holds. */
    void fail(SealException cause) {
        if (broken == null) {
            broken = cause;
            owners.values().forEach(owner -> toTell.addAll(owner.pending));
        }
    }

    private SealException broken() {
        SealException cause = broken;
        if (cause == null) {
            throw new IllegalStateException("a group has failed, and the log has not");
        }
        return cause.again();
    }

    void requireWhole() throws SealException {
        if (broken != null) {
            throw broken();
        }
    }

    boolean isBroken() {
        return broken != null;
    }

    /** Tells the first waiting intent of each owner that may lead. */
    private void tellPending() {
        for (OwnerState owner : owners.values()) {
            tellFirst(owner);
        }
    }

    private void tellFirst(OwnerState owner) {
        if (!owner.pending.isEmpty() && owner.mayLead()) {
            toTell.add(owner.pending.iterator().next());
        }
    }

    void leave(Intent intent) {
        if (!intent.entered) {
            return;
        }
        intent.entered = false;
        LogGroup group = intent.group;
        intent.group = null;
        if (group == null) {
            unpend(intent);
            leaveOwner(intent);
            return;
        }
        if (group.leader == intent && group.state == LogGroup.State.WRITING) {
            end(group, -Errno.EIO); // its leader gave up before the record was written
        }
        group.intents.remove(intent);
        group.underWay--;
        state(intent).underWay--;
        leaveOwner(intent);
    }

    private void leaveOwner(Intent intent) {
        OwnerState owner = state(intent);
        if (owner.isIdle()) {
            owners.remove(owner(intent));
        }
        tellFirst(owner);
    }

    /** The first group that has data under way; the data of all groups before it is in place. */
    long tailSequence() {
        for (LogGroup group : groups) {
            if (group.isUnderWay()) {
                return group.sequence;
            }
        }
        return sequence;
    }

    /** Frees the room of the groups before a sequence: a recovery does not need them. */
    void retire(long tailSequence) {
        while (!groups.isEmpty() && groups.getFirst().sequence < tailSequence) {
            groups.removeFirst();
        }
        tail = groups.isEmpty() ? head : groups.getFirst().start;
        tellPending();
    }

    /** Takes the intents to tell, so that {@link #tell} can be called without the lock. */
    List<Intent> takeToTell() {
        if (toTell.isEmpty()) {
            return List.of();
        }
        List<Intent> told = List.copyOf(toTell);
        toTell.clear();
        return told;
    }

    static void tell(List<Intent> intents) {
        intents.forEach(Intent::tell);
    }
}
