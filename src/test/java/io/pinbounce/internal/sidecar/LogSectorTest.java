package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.sidecar.LogSector.Kind;
import io.pinbounce.internal.sidecar.LogSector.Writer;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class LogSectorTest {

    private static final long IDENTITY = 4711;

    private static final long POSITION = Layout.LOG + 4096;

    private static final int BUFFER = LogBuffer.SIZE / Sector.SIZE;

    private record Word(Kind kind, long interval, long word) {}

    private final Random random = new Random(Seed.value());

    private final byte[] bytes = new byte[LogBuffer.SIZE];

    private final MemorySegment memory = MemorySegment.ofArray(bytes);

    private final List<Word> expected = new ArrayList<>();

    /** An intent of some intervals in runs of one length; in random runs if that is 0. */
    private Intent intent(int count, int run) {
        Intent intent = new Intent(null, () -> {});
        intent.set(random.nextLong(Layout.MAX_INTERVALS - count), 0);
        intent.seals().clear(count);
        boolean based = run != 0 || random.nextBoolean();
        intent.base().clear(based ? count : 0);
        int i = 0;
        while (i < count) {
            int length = run == 0 ? 1 + random.nextInt(100) : run;
            State seal = run == 0 ? State.of(random.nextInt(2)) : State.PROTECTED;
            State base = random.nextBoolean() || run != 0 ? State.UNPROTECTED : State.PROTECTED;
            for (int end = Math.min(count, i + length); i < end; i++) {
                intent.seals().set(i, seal, random.nextLong());
                if (based) {
                    intent.base().set(i, base, random.nextLong());
                }
            }
            if (run != 0 && i < count) {
                intent.seals().set(i++, State.LOST, 0); // neither kind has a record
            }
        }
        int from = run != 0 || count == 0 ? 0 : random.nextInt(count);
        intent.covers(from, run != 0 ? count : random.nextInt(from, count + 1));
        return intent;
    }

    private void expect(Intent intent) {
        if (intent.size() >= 0) {
            expected.add(new Word(Kind.RESIZE, 0, intent.size()));
        }
        for (int i = intent.from(); i < intent.to(); i++) {
            if (intent.seals().state(i) == State.PROTECTED) {
                expected.add(new Word(Kind.SEALS, intent.first() + i, intent.seals().seal(i)));
            }
        }
        if (intent.base().count() > 0) {
            expectBases(intent, intent.base());
            expectBases(intent, intent.seals());
        }
    }

    private void expectBases(Intent intent, SealRun run) {
        for (int i = intent.from(); i < intent.to(); i++) {
            if (run.state(i) == State.UNPROTECTED) {
                expected.add(new Word(Kind.BASE, intent.first() + i, run.seal(i)));
            }
        }
    }

    private List<Word> read(int sectors) {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < sectors; i++) {
            long at = (long) i * Sector.SIZE;
            assertTrue(Sector.isGood(memory, at, IDENTITY, POSITION + at), "sector " + i);
            assertTrue(LogSector.isOfGroup(memory, at));
            assertEquals(i, LogSector.index(memory, at));
            assertEquals(sectors, LogSector.count(memory, at));
            assertEquals(9, LogSector.sequence(memory, at));
            assertEquals(1 << 20, LogSector.dataEnd(memory, at));
            assertTrue(
                    LogSector.read(
                            memory, at, (kind, n, word) -> words.add(new Word(kind, n, word))));
        }
        return words;
    }

    private void compare(Writer writer) {
        int sectors = writer.sectors();
        writer.finish(sectors * Sector.SIZE, 9, 1 << 20, IDENTITY, POSITION);
        assertEquals(expected, read(sectors));
    }

    @Test
    void recordsAreReadAsTheyWereWritten() {
        for (int round = 0; round < 100; round++) {
            memory.fill((byte) 0);
            expected.clear();
            Writer writer = new Writer(memory);
            int most = 1 + random.nextInt(1024);
            Intent next = intent(random.nextInt(most + 1), 0);
            while (writer.hasRoomFor(next.words())) {
                writer.add(next);
                expect(next);
                next = intent(random.nextInt(most + 1), 0);
            }
            compare(writer);
        }
    }

    /** Runs of every length, each followed by a gap: most heads for the fewest seals. */
    @Test
    void anIntentThatHasRoomFits() {
        for (int run = 1; run <= 130; run++) {
            for (int count : new int[] {1, 29, 30, 31, 58, 59, 60, 61, 511, 1024}) {
                memory.fill((byte) 0);
                expected.clear();
                Writer writer = new Writer(memory);
                Intent next = intent(count, run);
                while (writer.hasRoomFor(next.words())) {
                    writer.add(next);
                    expect(next);
                    assertTrue(writer.sectors() <= BUFFER, "run=" + run + " count=" + count);
                    next = intent(count, run);
                }
                compare(writer);
            }
        }
    }

    @Test
    void theLargestIntentFitsAnEmptyBuffer() {
        assertTrue(new Writer(memory).hasRoomFor(2 * 1024 + 1));
    }

    @Test
    void aResizeComesWithTheLastInterval() {
        SealRun cut = new SealRun();
        cut.clear(1);
        cut.set(0, State.PROTECTED, 0x1234);
        Intent intent = new Intent(null, () -> {});
        intent.resize(4096 * 7 + 5, 7, cut, new SealRun());
        assertEquals(2, intent.words());
        Writer writer = new Writer(memory);
        writer.add(intent);
        expect(intent);
        compare(writer);
        assertEquals(
                List.of(new Word(Kind.RESIZE, 0, 4096 * 7 + 5), new Word(Kind.SEALS, 7, 0x1234)),
                expected);
    }

    @Test
    void aResizeOfUnprotectedDataSaysWhatIsThereAndWhatWillBe() {
        SealRun before = new SealRun();
        before.clear(1);
        before.set(0, State.UNPROTECTED, 0x5678);
        SealRun cut = new SealRun();
        cut.clear(1);
        cut.set(0, State.UNPROTECTED, 0x1234);
        Intent intent = new Intent(null, () -> {});
        intent.resize(4096 * 7 + 5, 7, cut, before);
        assertEquals(3, intent.words());
        Writer writer = new Writer(memory);
        writer.add(intent);
        expect(intent);
        compare(writer);
        assertEquals(
                List.of(
                        new Word(Kind.RESIZE, 0, 4096 * 7 + 5),
                        new Word(Kind.BASE, 7, 0x5678),
                        new Word(Kind.BASE, 7, 0x1234)),
                expected);
    }

    @Test
    void recordsThatMakeNoSenseAreRefused() {
        long one = 1L << 48;
        long far = Layout.MAX_INTERVALS;
        for (long head :
                new long[] {
                    4L << 60 | one, // no such kind
                    15L << 60 | one,
                    one, // kind 0
                    1L << 60, // no words
                    1L << 60 | 60 * one, // more than the sector has
                    1L << 60 | 0xFFF * one,
                    1L << 60 | one | far, // more intervals than can be
                    2L << 60 | one | (one - 1),
                    3L << 60 | one // a size below 0 follows
                }) {
            memory.fill((byte) 0);
            memory.set(Sector.U64, LogSector.RECORDS, head);
            memory.set(Sector.U64, LogSector.RECORDS + 8, -1);
            assertFalse(
                    LogSector.read(memory, 0, (_, n, _) -> assertTrue(n < far)),
                    Long.toHexString(head));
        }
    }

    @Test
    void anySectorIsReadWithoutFailing() {
        for (int round = 0; round < 2_000; round++) {
            random.nextBytes(bytes);
            for (int word = 0; word < LogSector.WORDS; word++) {
                int at = LogSector.RECORDS + word * Long.BYTES;
                long head = memory.get(Sector.U64, at) & ~(0xFCFL << 48);
                memory.set(Sector.U64, at, head);
            }
            LogSector.isOfGroup(memory, 0);
            LogSector.read(memory, 0, (_, n, _) -> assertTrue(n >= 0 && n < Layout.MAX_INTERVALS));
        }
    }

    @Test
    void headsOfGroupsThatAreOutOfRangeAreRefused() {
        Writer writer = new Writer(memory);
        writer.finish(2 * Sector.SIZE, 9, 5, IDENTITY, POSITION);
        assertTrue(LogSector.isOfGroup(memory, 0));
        for (long[] change :
                new long[][] {{0, 0}, {8, 0}, {8, -1}, {8, Long.MAX_VALUE}, {16, -1}, {4, -1}}) {
            byte[] copy = bytes.clone();
            MemorySegment changed = MemorySegment.ofArray(copy);
            if (change[0] == 4) {
                changed.set(Sector.U16, 4, (short) 2); // as large as the count
            } else {
                changed.set(Sector.U64, change[0], change[1]);
            }
            assertFalse(LogSector.isOfGroup(changed, 0), "at " + change[0] + ": " + change[1]);
        }
    }

    @Test
    void canaryAnIntentWithoutRoomDoesNotFit() {
        Writer writer = new Writer(memory);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> {
                    while (true) {
                        writer.add(intent(1024, 1));
                    }
                });
        assertTrue(memory.get(Sector.U64, BUFFER * Sector.SIZE - 16) != 0);
    }
}
