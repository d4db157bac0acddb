package io.pinbounce.seal;

import io.pinbounce.linux.Errno;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
 * <p><b>Who leads.</b> A writer that waits for nothing else takes all intents along, and there is
 * one such leader at a time: what comes meanwhile is the next group. A queue's requests have a lane
 * of their own, since its owner may take long to reap; a leader among them takes only those of its
 * lane, and nobody else waits for it.
 *
 * <p>For the holder of the store's lock; {@link #tell} is not.
 */
final class IntentLog {

    private static final int BUFFERS = 8;

    /** The lane of all who wait for nothing else. */
    private static final Object PROMPT = new Object();

    private final Path path;

    private final long identity;

    private final long capacity;

    private final int block;

    private final ArrayDeque<Intent> pending = new ArrayDeque<>();

    /** Those whose space is not free yet, in order. */
    private final ArrayDeque<LogGroup> groups = new ArrayDeque<>();

    private final List<Object> busy = new ArrayList<>();

    private final ArrayDeque<LogBuffer> buffers = new ArrayDeque<>();

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
     * @param identity the sidecar's
     * @param capacity bytes
     * @param sequence of the first group
     * @param dataEnd the byte behind the data's last one
     */
    IntentLog(SidecarFiles files, long identity, long capacity, long sequence, long dataEnd) {
        this.path = files.path();
        this.identity = identity;
        this.block = files.block();
        this.capacity = capacity - capacity % block;
        this.sequence = sequence;
        this.dataEnd = dataEnd;
        MemorySegment memory = files.arena().allocate((long) BUFFERS * LogBuffer.SIZE);
        for (int i = 0; i < BUFFERS; i++) {
            long at = (long) i * LogBuffer.SIZE;
            buffers.add(new LogBuffer(memory.asSlice(at, LogBuffer.SIZE)));
        }
    }

    /** Whether it is time to free some of it, and some can be freed. */
    boolean wantsCheckpoint() {
        return (wantsRoom || head - tail > capacity / 2)
                && !groups.isEmpty()
                && groups.getFirst().sequence < tailSequence();
    }

    long dataEnd() {
        return dataEnd;
    }

    /** Groups that were written so far. */
    long written() {
        return written;
    }

    void enter(Intent intent) throws SealException {
        requireWhole();
        intent.entered = true;
        intent.group = null;
        pending.add(intent);
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
        return !busy.contains(lane(intent)) && form(intent)
                ? Intent.Step.LEAD
                : Intent.Step.WAIT;
    }

    private static Object lane(Intent intent) {
        Object lane = intent.lane();
        return lane == null ? PROMPT : lane;
    }

    /** Makes a group that a writer leads; false if there is no room for it now. */
    private boolean form(Intent leader) {
        LogBuffer buffer = buffers.peek();
        if (buffer == null) {
            return false;
        }
        MemorySegment memory = buffer.bytes(LogBuffer.SIZE);
        memory.fill((byte) 0);
        LogSector.Writer writer = new LogSector.Writer(memory);
        List<Intent> intents = new ArrayList<>();
        Object lane = lane(leader);
        add(leader, writer, intents);
        for (Intent intent : pending) {
            boolean comesAlong = intent != leader && (lane.equals(PROMPT) || lane(intent).equals(lane));
            if (comesAlong && writer.hasRoomFor(intent.words())) {
                add(intent, writer, intents);
            }
        }
        int bytes = (writer.sectors() * Sector.SIZE + block - 1) / block * block;
        long start = start(bytes);
        wantsRoom = start + bytes - tail > capacity;
        if (wantsRoom) {
            return false;
        }
        buffers.remove();
        pending.removeAll(new HashSet<>(intents));
        long position = Layout.LOG + start % capacity;
        LogGroup group = new LogGroup(sequence++, start, start + bytes, position, buffer, leader);
        for (Intent intent : intents) {
            intent.group = group;
            group.intents.add(intent);
            dataEnd = Math.max(dataEnd, intent.end());
        }
        group.underWay = intents.size();
        writer.finish(bytes, group.sequence, dataEnd, identity, position);
        head = start + bytes;
        groups.add(group);
        busy.add(lane);
        return true;
    }

    private static void add(Intent intent, LogSector.Writer writer, List<Intent> intents) {
        writer.add(intent);
        intents.add(intent);
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
        busy.remove(lane(group.leader));
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
            toTell.addAll(pending);
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
        Set<Object> lanes = new HashSet<>();
        for (Intent intent : pending) {
            if (lanes.add(lane(intent))) {
                toTell.add(intent);
            }
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
            pending.remove(intent);
            tellPending();
            return;
        }
        if (group.leader == intent && group.state == LogGroup.State.WRITING) {
            end(group, -Errno.EIO); // its leader ended before the record did
        }
        group.intents.remove(intent);
        group.underWay--;
    }

    /** The first group that has data under way; of the ones before it, all is in place. */
    long tailSequence() {
        LogGroup first = firstUnderWay();
        return first == null ? sequence : first.sequence;
    }

    private @Nullable LogGroup firstUnderWay() {
        for (LogGroup group : groups) {
            if (group.underWay > 0 || group.state == LogGroup.State.WRITING) {
                return group;
            }
        }
        return null;
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
