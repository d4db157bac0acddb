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
 * The log: intents wait here until somebody among their writers takes them to the sidecar together.
 * It is a circle of whole blocks; a group never wraps.
 *
 * <pre>
 *        tail                                  head
 *   |......| group | group | ... | group | group |......|
 *            some intent's data is             next group
 *            not in place, or not
 *            known to be durable
 * </pre>
 *
 * <p><b>Who leads.</b> Writers that wait for nothing else share a lane; a queue's requests have one
 * of their own, since its owner may take long to reap. Each lane has one leader at a time. One of
 * the shared lane takes all intents along, one of a queue only those of its lane: nobody else waits
 * for it.
 *
 * <p><b>When.</b> A group costs a flush, which takes long beside a small write. So the next one
 * waits until the data of the lane's last one is in place, which brings more writers, unless enough
 * has gathered that is worth the overlap. A queue's leader then lets one more round go by, in which
 * its owner sees what is done and asks for more.
 *
 * <p>For the holder of the store's lock; {@link #tell} is not.
 */
final class IntentLog {

    /** Groups are written in whole blocks of the device, so that writing one harms no other. */
    static final int BLOCK = Layout.PAGE;

    private static final int BUFFERS = 8;

    /** Bytes of data for which a group does not wait for the one before. */
    private static final long WORTH_OVERLAP = 1 << 20;

    /** The lane of all who wait for nothing else. */
    private static final Object PROMPT = new Object();

    /** What a lane has under way. */
    private static final class Lane {

        /** Whether a group of it is being written. */
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

    /** Those whose space is not free yet, in order. */
    private final ArrayDeque<LogGroup> groups = new ArrayDeque<>();

    /** In the order in which they came, so that the same requests make the same groups. */
    private final Map<Object, Lane> lanes = new LinkedHashMap<>();

    private final PinnedArena arena;

    /** Those that are free, and how many more may be made. */
    private final ArrayDeque<LogBuffer> buffers = new ArrayDeque<>();

    private int unmade = BUFFERS;

    /** Who is to be told once the lock is free. */
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
        Lane lane = lanes.computeIfAbsent(key(intent), _ -> new Lane());
        lane.pending.add(intent);
        lane.pendingBytes += bytes(intent);
    }

    private long bytes(Intent intent) {
        return (long) intent.seals().count() * interval;
    }

    private Lane lane(Intent intent) {
        return Objects.requireNonNull(lanes.get(key(intent)), "the intent has no lane");
    }

    private static Object key(Intent intent) {
        Object lane = intent.lane();
        return lane == null ? PROMPT : lane;
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
        Lane lane = lane(intent);
        if (!lane.mayLead() || intent.lane() == null) {
            return lane.mayLead();
        }
        boolean first = lane.isFirst(intent);
        if (first && !lane.announced) {
            lane.announced = true;
            toTell.add(intent);
            return false;
        }
        return first;
    }

    /** Makes a group that a writer leads; false if there is no room for it now. */
    private boolean form(Intent leader) {
        boolean prompt = leader.lane() == null;
        if (buffers.size() + unmade < (prompt ? 1 : 2)) {
            return false; // the last one is not for those who may take long
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
        for (Lane lane : prompt ? lanes.values() : List.of(lane(leader))) {
            addPending(lane, leader, writer, intents);
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
            lane(intent).underWay++;
            unpend(intent);
            dataEnd = Math.max(dataEnd, intent.end());
        }
        group.underWay = intents.size();
        writer.finish(bytes, group.sequence, dataEnd, identity, position);
        head = start + bytes;
        groups.add(group);
        lane(leader).writing = true;
        return true;
    }

    /** Adds those that wait, up to the first for which there is no room. */
    private static void addPending(
            Lane lane, Intent leader, LogSector.Writer writer, List<Intent> intents) {
        for (Intent intent : lane.pending) {
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
        Lane lane = lane(intent);
        lane.pending.remove(intent);
        lane.pendingBytes -= bytes(intent);
        lane.announced = false;
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
        lane(group.leader).writing = false;
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

    /** From here on nothing is put on record: nobody knows what is. */
    void fail(SealException cause) {
        if (broken == null) {
            broken = cause;
            lanes.values().forEach(lane -> toTell.addAll(lane.pending));
        }
    }

    private SealException broken() {
        SealException cause = broken;
        if (cause == null) {
            throw new IllegalStateException("a group has failed, and the log has not");
        }
        SealException failure = new SealException(String.valueOf(cause.getMessage()), path);
        failure.initCause(cause);
        return failure;
    }

    void requireWhole() throws SealException {
        if (broken != null) {
            throw broken();
        }
    }

    boolean isBroken() {
        return broken != null;
    }

    /** Somebody may lead: the first of each lane. */
    private void tellPending() {
        for (Lane lane : lanes.values()) {
            tellFirst(lane);
        }
    }

    private void tellFirst(Lane lane) {
        if (!lane.pending.isEmpty() && lane.mayLead()) {
            toTell.add(lane.pending.iterator().next());
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
            leaveLane(intent);
            return;
        }
        if (group.leader == intent && group.state == LogGroup.State.WRITING) {
            end(group, -Errno.EIO); // its leader ended before the record did
        }
        group.intents.remove(intent);
        group.underWay--;
        lane(intent).underWay--;
        leaveLane(intent);
    }

    private void leaveLane(Intent intent) {
        Lane lane = lane(intent);
        if (lane.isIdle()) {
            lanes.remove(key(intent));
        }
        tellFirst(lane);
    }

    /** The first group that has data under way; of the ones before it, all is in place. */
    long tailSequence() {
        for (LogGroup group : groups) {
            if (group.isUnderWay()) {
                return group.sequence;
            }
        }
        return sequence;
    }

    /** Frees the room of all groups before one: nothing about them is needed any more. */
    void retire(long tailSequence) {
        while (!groups.isEmpty() && groups.getFirst().sequence < tailSequence) {
            groups.removeFirst();
        }
        tail = groups.isEmpty() ? head : groups.getFirst().start;
        tellPending();
    }

    /** Takes those who are to be told, for {@link #tell} without the lock. */
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
