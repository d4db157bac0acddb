package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.Intent.Step;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.internal.sidecar.Superblock.DataFile;
import io.pinbounce.testing.Seed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Many writers, one step of one of them at a time, and everything that they may rely on. */
class IntentLogTest {

    private static final long IDENTITY = 99;

    private static final int WRITERS = 40;

    private final Random random = new Random(Seed.value());

    private final SidecarFiles files =
            new SidecarFiles(new SealPlace().engine, SealPlace.DATA, SealPlace.SIDECAR);

    private IntentLog log = newLog();

    private final Object[] queues = new Object[12];

    private final List<Writer> writers = new ArrayList<>();

    /** Groups that a recovery would need, or not know to be useless: where they are. */
    private final Map<Long, Region> kept = new HashMap<>();

    private long sequences;

    private long ends;

    private boolean failed;

    /** For the canary: groups that are retired and should not be. */
    private long tooFar;

    private record Region(long start, long end) {

        boolean overlaps(Region other) {
            return start < other.end && other.start < end;
        }
    }

    /** What a writer is about. */
    private enum Stage {
        OUT,
        ENTERED,
        LEADING,
        RECORDED
    }

    private final class Writer {

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
            SealPlace.set(intent, number * 10_000L, seals);
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
                assertTrue(sequence > 0 && !failed, "nobody has put it on record");
                stage = Stage.RECORDED;
            }
        }

        void leave() {
            log.leave(intent);
            if (stage == Stage.LEADING) {
                failed = true; // nobody knows what of the group is there
            }
            stage = Stage.OUT;
        }

        boolean isWaiting() {
            return stage == Stage.ENTERED;
        }
    }

    private IntentLog newLog() {
        Superblock superblock =
                new Superblock(
                        IDENTITY,
                        1,
                        new DataFile(false, 1, 1, 0),
                        SealPlace.CONTEXT,
                        Mode.JOURNAL,
                        false,
                        SealPlace.LOG_SIZE,
                        1,
                        0,
                        0);
        return new IntentLog(files, superblock);
    }

    private void makeWriters() {
        for (int i = 0; i < queues.length; i++) {
            queues[i] = "queue " + i;
        }
        for (int i = 0; i < WRITERS; i++) {
            Object queue = i % 2 == 0 ? null : queues[random.nextInt(queues.length)];
            writers.add(new Writer(i, queue));
        }
    }

    @AfterEach
    void close() throws SealException {
        files.close();
    }

    /** A group is whole, newer than all, in the place of none that matters, and has its intents. */
    private void checkRecord(Intent leader) {
        MemorySegment bytes = leader.record();
        long position = leader.recordPosition();
        assertEquals(0, position % Layout.PAGE);
        assertEquals(0, bytes.byteSize() % Layout.PAGE);
        Region region = new Region(position, position + bytes.byteSize());
        assertTrue(region.start >= Layout.LOG);
        assertTrue(region.end <= Layout.LOG + SealPlace.LOG_SIZE, "a group never wraps");
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
        assertEquals(Map.of(), seals, "nobody's seals");
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

    private void tell() {
        IntentLog.tell(log.takeToTell());
    }

    /** One thing that can happen. */
    private void step(int leaveEarly) throws SealException {
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

    private void checkpoint() {
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

    @Test
    void whateverHappensNothingThatMattersIsWrittenOver() throws SealException {
        makeWriters();
        run(100_000);
        assertTrue(log.written() > 1000, "groups: " + log.written());
        assertTrue(sequences * Layout.PAGE > 3 * SealPlace.LOG_SIZE, "the log went round");
    }

    @Test
    void canaryAGroupThatIsRetiredTooEarlyIsFoundOut() {
        makeWriters();
        tooFar = 3;
        assertThrows(AssertionError.class, () -> run(100_000));
    }

    private void run(int steps) throws SealException {
        for (int i = 0; i < steps; i++) {
            step(5);
            if (random.nextInt(200) == 0 || log.wantsCheckpoint()) {
                checkpoint();
            }
        }
    }

    /** Writers ask only when they are told. Nobody is forgotten, whoever stays away meanwhile. */
    @Test
    void nobodyWhoWaitsIsForgotten() throws SealException {
        makeWriters();
        for (int round = 0; round < 200; round++) {
            for (Writer writer : writers) {
                if (writer.stage == Stage.OUT && random.nextInt(3) > 0) {
                    writer.enter();
                }
            }
            driveTold(random.nextInt(3) == 0);
            for (Writer writer : writers) {
                assertFalse(writer.isWaiting(), "forgotten: " + writer.number);
            }
        }
    }

    private void driveTold(boolean leaveSome) throws SealException {
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
                checkpoint();
                moved = true;
            }
        }
    }

    @Test
    void whenARecordFailsNobodyGoesOn() throws SealException {
        for (int round = 0; round < 300; round++) {
            log = newLog();
            writers.clear();
            kept.clear();
            sequences = 0;
            ends = 0;
            failed = false;
            makeWriters();
            Writer leader = awaitLeader();
            if (random.nextBoolean()) {
                assertThrows(SealException.class, () -> log.recorded(leader.intent, -Errno.ENOSPC));
            } else {
                leader.leave(); // it ended before the record did
            }
            failed = true;
            tell();
            assertTrue(log.isBroken());
            assertThrows(SealException.class, log::requireWhole);
            for (Writer writer : writers) {
                if (writer.stage == Stage.ENTERED && !isDurable(writer, leader)) {
                    assertTrue(writer.told, "it waits for good");
                    assertThrows(SealException.class, () -> log.next(writer.intent));
                } else if (writer.stage == Stage.OUT) {
                    assertThrows(SealException.class, writer::enter);
                }
                log.leave(writer.intent);
                log.leave(writer.intent); // again does nothing
            }
        }
    }

    /** On record in another group than the one that failed: asking works or fails. */
    private static boolean isDurable(Writer writer, Writer leader) {
        return writer.sequence > 0 && writer.sequence != leader.sequence;
    }

    private Writer awaitLeader() throws SealException {
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

    @Test
    void aQueueThatIsNotReapedHoldsNobodyElseUp() throws SealException {
        List<Intent> leaders = new ArrayList<>();
        for (int queue = 0; queue < 20; queue++) {
            Intent queued = SealPlace.intent("queue " + queue, () -> {}, queue, queue);
            log.enter(queued);
            log.next(queued);
            if (log.next(queued) == Step.LEAD) {
                leaders.add(queued); // and from here on its owner does something else
            }
        }
        assertTrue(leaders.size() > 4, "leaders: " + leaders.size());
        for (int i = 0; i < 10; i++) {
            Intent waiting = SealPlace.intent(null, () -> {}, 1000, 7);
            log.enter(waiting);
            assertEquals(Step.LEAD, log.next(waiting));
            log.recorded(waiting, 0);
            assertEquals(Step.RECORDED, log.next(waiting));
            log.leave(waiting);
        }
    }

    @Test
    void onlyALeaderRecords() throws SealException {
        Intent intent = SealPlace.intent(null, () -> {}, 0, 1);
        assertThrows(IllegalStateException.class, () -> log.recorded(intent, 0));
        log.enter(intent);
        assertThrows(IllegalStateException.class, () -> log.recorded(intent, 0));
        assertEquals(Step.LEAD, log.next(intent));
        log.recorded(intent, 0);
        assertThrows(IllegalStateException.class, () -> log.recorded(intent, 0));
        log.leave(intent);
    }
}
