package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.sidecar.Intent.Step;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.Superblock.DataFile;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Writers of one log, half of them threads and half of them requests of queues. They take random
 * steps, and check all that writers rely on.
 */
final class LogWriters {

    private static final long IDENTITY = 99;

    private static final int WRITERS = 40;

    private static final int QUEUES = 12;

    private final Random random;

    final IntentLog log;

    final List<Writer> writers = new ArrayList<>();

    /** Where the groups are that a recovery would read. */
    private final Map<Long, Region> kept = new HashMap<>();

    private long sequences;

    private long ends;

    /** Whether a leader has given up, so that its group is not on record. */
    private boolean failed;

    LogWriters(SidecarFiles files, Random random) {
        this.random = random;
        log = newLog(files);
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(i, i % 2 == 0 ? null : "queue " + random.nextInt(QUEUES)));
        }
    }

    private record Region(long start, long end) {

        boolean overlaps(Region other) {
            return start < other.end && other.start < end;
        }
    }

    /** How far a writer has got. */
    enum Stage {
        OUT,
        ENTERED,
        LEADING,
        RECORDED
    }

    final class Writer {

        final int number;

        final Intent intent;

        Stage stage = Stage.OUT;

        /** Whether it is worth asking: told, or never asked. */
        boolean told;

        /** The group that it is on record in, once a leader has it. */
        long sequence;

        Writer(int number, @Nullable Object groupOwner) {
            this.number = number;
            intent = new Intent(groupOwner, () -> told = true);
        }

        void enter() throws SealException {
            int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 1024 : 60);
            long[] seals = random.longs(count).toArray();
            SidecarFixture.set(intent, number * 10_000L, seals);
            log.enter(intent);
            stage = Stage.ENTERED;
            sequence = 0;
            told = true;
        }

        void ask() throws SealException {
            told = false;
            Step step = log.next(intent);
            if (step == Step.LEAD) {
                stage = Stage.LEADING;
                checkRecord(intent);
            } else if (step == Step.RECORDED) {
                assertTrue(sequence > 0 && !failed, "it is not on record");
                stage = Stage.RECORDED;
            }
        }

        void leave() {
            log.leave(intent);
            if (stage == Stage.LEADING) {
                failed = true; // its group was not written
            }
            stage = Stage.OUT;
        }

        boolean isWaiting() {
            return stage == Stage.ENTERED;
        }
    }

    /** An empty log. */
    static IntentLog newLog(SidecarFiles files) {
        Superblock superblock =
                new Superblock(
                        IDENTITY,
                        1,
                        new DataFile(false, 1, 1, 0),
                        SidecarFixture.CONTEXT,
                        Mode.JOURNAL,
                        false,
                        SidecarFixture.LOG_SIZE,
                        1,
                        0,
                        0);
        return new IntentLog(files, superblock);
    }

    /**
     * A group is whole, newer than all others, overwrites none that is kept, and has its intents.
     */
    private void checkRecord(Intent leader) {
        MemorySegment bytes = leader.record();
        long position = leader.recordPosition();
        assertEquals(0, position % Layout.PAGE);
        assertEquals(0, bytes.byteSize() % Layout.PAGE);
        Region region = new Region(position, position + bytes.byteSize());
        assertTrue(region.start >= Layout.LOG);
        assertTrue(region.end <= Layout.LOG + SidecarFixture.LOG_SIZE, "a group never wraps");
        kept.values().forEach(other -> assertFalse(region.overlaps(other), "it is written over"));
        long sequence = LogSector.sequence(bytes, 0);
        assertEquals(++sequences, sequence);
        kept.put(sequence, region);
        Map<Long, Long> seals = new HashMap<>();
        int count = (int) (bytes.byteSize() / Sector.SIZE);
        for (int i = 0; i < count; i++) {
            long at = (long) i * Sector.SIZE;
            assertTrue(Sector.isGood(bytes, at, IDENTITY, position + at));
            assertEquals(i, LogSector.index(bytes, at));
            assertEquals(count, LogSector.count(bytes, at));
            assertEquals(sequence, LogSector.sequence(bytes, at));
            assertTrue(LogSector.read(bytes, at, (_, interval, word) -> seals.put(interval, word)));
        }
        for (Writer writer : writers) {
            if (seals.containsKey(writer.intent.first())) {
                takeOut(writer, sequence, seals);
            }
        }
        assertEquals(Map.of(), seals, "seals of no writer");
        ends = Math.max(ends, LogSector.dataEnd(bytes, 0));
        assertEquals(ends, LogSector.dataEnd(bytes, 0));
    }

    private void takeOut(Writer writer, long sequence, Map<Long, Long> seals) {
        assertEquals(0, writer.sequence, "on record twice");
        writer.sequence = sequence;
        Intent intent = writer.intent;
        assertTrue(intent.end() <= Math.max(ends, LogSector.dataEnd(intent.record(), 0)));
        for (int i = 0; i < intent.seals().count(); i++) {
            Long seal = seals.remove(intent.first() + i);
            assertEquals(intent.seals().seal(i), Objects.requireNonNull(seal));
        }
    }

    void tell() {
        IntentLog.tell(log.takeToTell());
    }

    /**
     * Takes one step of a random writer.
     *
     * @param leaveEarly percent of waiting writers that leave instead of asking
     */
    void step(int leaveEarly) throws SealException {
        Writer writer = writers.get(random.nextInt(writers.size()));
        if (random.nextInt(100) < leaveEarly && writer.stage == Stage.ENTERED) {
            writer.leave();
        } else {
            switch (writer.stage) {
                case OUT -> writer.enter();
                case ENTERED -> writer.ask();
                case LEADING -> log.recorded(writer.intent, 0);
                case RECORDED -> writer.leave();
            }
            if (writer.stage == Stage.LEADING && log.next(writer.intent) == Step.RECORDED) {
                writer.stage = Stage.RECORDED;
            }
        }
        tell();
    }

    /**
     * Retires groups that are in place.
     *
     * @param tooFar groups that are retired and should not be, for canaries
     */
    private void checkpoint(long tooFar) {
        long tail = log.tailSequence();
        for (Writer writer : writers) {
            boolean inside = writer.stage == Stage.RECORDED || writer.stage == Stage.LEADING;
            boolean member = writer.stage == Stage.ENTERED && writer.sequence > 0;
            if (inside || member) {
                assertTrue(tail <= writer.sequence, "a group whose data is under way is retired");
            }
        }
        kept.keySet().removeIf(sequence -> sequence < tail);
        log.retire(tail + tooFar);
        tell();
    }

    /** Takes random steps, and checkpoints in between. */
    void run(int steps, long tooFar) throws SealException {
        for (int i = 0; i < steps; i++) {
            step(5);
            if (random.nextInt(200) == 0 || log.wantsCheckpoint()) {
                checkpoint(tooFar);
            }
        }
    }

    /** Lets two of three writers that are out enter. */
    void enterSome() throws SealException {
        for (Writer writer : writers) {
            if (writer.stage == Stage.OUT && random.nextInt(3) > 0) {
                writer.enter();
            }
        }
    }

    /** Takes steps of writers that were told, until no writer has one left. */
    void driveTold(boolean leaveSome) throws SealException {
        boolean moved = true;
        while (moved) {
            moved = false;
            int first = random.nextInt(WRITERS);
            for (int i = 0; i < WRITERS; i++) {
                Writer writer = writers.get((first + i) % WRITERS);
                if (writer.isWaiting() && writer.told && leaveSome && random.nextInt(4) == 0) {
                    writer.leave();
                    moved = true;
                } else if (writer.isWaiting() && writer.told) {
                    writer.ask();
                    moved = true;
                } else if (writer.stage == Stage.LEADING) {
                    log.recorded(writer.intent, 0);
                    writer.ask();
                    moved = true;
                } else if (writer.stage == Stage.RECORDED) {
                    writer.leave();
                    moved = true;
                }
                tell();
            }
            if (!moved && log.wantsCheckpoint()) {
                checkpoint(0);
                moved = true;
            }
        }
    }

    /** Takes random steps until a writer leads. */
    Writer awaitLeader() throws SealException {
        for (int i = 0; i < 50; i++) {
            step(0);
        }
        while (true) {
            for (Writer writer : writers) {
                if (writer.stage == Stage.LEADING) {
                    return writer;
                }
            }
            step(0);
        }
    }
}
