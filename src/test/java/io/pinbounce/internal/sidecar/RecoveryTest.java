package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.Superblock.DataFile;
import io.pinbounce.internal.sidecar.TupleStore.State;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

class RecoveryTest extends HandmadeSidecar {

    @Test
    void dataThatMatchesAnyVersionOnRecordIsProtected() throws SealException {
        long old = write(40);
        byte[] before = data.clone();
        long next = write(40);
        log(5, intent(40, old));
        log(6, intent(40, next));
        log(7, intent(40, write(40)));
        assertEquals(State.PROTECTED, judge(40));
        data = before;
        assertEquals(State.PROTECTED, judge(40));
        write(40);
        assertEquals(State.DAMAGED, judge(40));
        assertEquals(null, judge(41));
    }

    @Test
    void dataThatMatchesItsPageIsProtected() throws SealException {
        log(5, intent(20, 4711));
        log(6, intent(50, 4711));
        assertEquals(State.PROTECTED, judge(20));
        assertEquals(State.PROTECTED, judge(50), "zeros that were never written");
        data[20 * INTERVAL] ^= 1;
        data[50 * INTERVAL] ^= 1;
        assertEquals(State.DAMAGED, judge(20));
        assertEquals(State.DAMAGED, judge(50));
    }

    @Test
    void unprotectedDataThatMatchesItsRecordStaysUnprotected() throws SealException {
        Intent intent = intent(3, 4711);
        intent.base().clear(1);
        intent.base().set(0, State.UNPROTECTED, seal(3));
        log(5, intent);
        assertEquals(State.UNPROTECTED, judge(3));
        write(3);
        assertEquals(State.DAMAGED, judge(3));
    }

    @Test
    void anIntervalStaysLostUnlessItMatchesARecord() throws SealException {
        fixture.engine.flipBit(SidecarFixture.SIDECAR, pagePosition() + 5);
        log(5, intent(20, 4711), intent(21, seal(21)));
        assertEquals(State.LOST, judge(20));
        assertEquals(State.PROTECTED, judge(21), "it is on record");
    }

    @Test
    void retiredGroupsDoNotCount() throws SealException {
        log(4, intent(20, 4711));
        LogContents log = readLog();
        assertEquals(0, log.groups());
        assertEquals(5, log.nextSequence());
        assertEquals(0, judge(log).size());
    }

    @Test
    void aGroupWithMissingSectorsProtectsWhatMatchesAndDamagesNothing() throws SealException {
        long[] seals = new long[100];
        for (int i = 0; i < seals.length; i++) {
            seals[i] = i < 8 ? write(40 + i) : 4711;
        }
        byte[] group = group(9, data.length, intent(40, seals));
        assertTrue(group.length > Sector.SIZE);
        byte[] first = Arrays.copyOf(group, Sector.SIZE);
        log(first);
        write(44);
        LogContents log = readLog();
        assertEquals(0, log.groups());
        assertEquals(10, log.nextSequence(), "its number is taken");
        assertEquals(0, log.damagedSectors());
        Overlay judged = judge(log);
        assertEquals(State.PROTECTED, stateOf(judged, 43));
        assertEquals(null, stateOf(judged, 44));
    }

    @Test
    void sectorsOfSeveralGroupsMakeNoGroup() throws SealException {
        byte[] one = group(9, 0, intent(40, new long[100]));
        position += Sector.SIZE;
        byte[] two = group(10, 0, intent(40, new long[100]));
        position -= Sector.SIZE;
        byte[] mixed = Arrays.copyOf(one, one.length);
        System.arraycopy(two, 0, mixed, Sector.SIZE, Sector.SIZE);
        log(mixed);
        LogContents log = readLog();
        assertEquals(0, log.groups());
        assertEquals(11, log.nextSequence());
    }

    @Test
    void aDamagedSectorIsCounted() throws SealException {
        log(9, intent(40, write(40)));
        fixture.engine.flipBit(SidecarFixture.SIDECAR, Layout.LOG + 100);
        fixture.engine.flipBit(SidecarFixture.SIDECAR, Layout.LOG + 10 * Sector.SIZE);
        LogContents log = readLog();
        assertEquals(2, log.damagedSectors());
        assertEquals(0, log.groups());
    }

    @Test
    void sizesOnRecordSayHowLongTheDataMayBe() throws SealException {
        DataFile hundred = new DataFile(false, 0, 0, 100);
        superblock = superblock.next(hundred, superblock.mode(), false, 5, 16);
        Intent resize = new Intent(null, () -> {});
        resize.resize(70, 0, new SealRun(), new SealRun());
        log(group(5, 200, resize));
        LogContents log = readLog();
        assertEquals(70, log.shortest());
        assertEquals(200, log.longest());
    }

    @Test
    void intervalsBehindTheEndAreNotJudgedAndTheLastIntervalIsPadded() throws SealException {
        Arrays.fill(data, 41 * INTERVAL - 100, data.length, (byte) 0);
        long padded = seal(40);
        log(5, intent(40, padded), intent(41, 4711));
        Arrays.fill(data, 41 * INTERVAL - 100, data.length, (byte) 7); // a disk may keep anything
        length = 41 * INTERVAL - 100;
        Overlay judged = judge(readLog());
        SealRun run = new SealRun();
        run.clear(1);
        assertTrue(judged.get(40, run, 0));
        assertEquals(State.PROTECTED, run.state(0));
        assertEquals(padded, run.seal(0));
        assertFalse(judged.get(41, run, 0));
    }

    @Test
    void dataThatCannotBeReadIsDamaged() throws SealException {
        log(5, intent(8, seal(8)), intent(32, write(32)), intent(40, write(40)));
        LogContents log = readLog();
        fixture.engine.fault(
                s ->
                        s.op() == Op.READ
                                        && s.position() < 33 * INTERVAL
                                        && s.position() + s.length() > 32 * INTERVAL
                                ? Outcome.failed(Errno.EIO)
                                : Outcome.NORMAL);
        Overlay judged = judge(log);
        assertEquals(State.PROTECTED, stateOf(judged, 8));
        assertEquals(State.DAMAGED, stateOf(judged, 32));
        assertEquals(State.PROTECTED, stateOf(judged, 40));
    }

    @Test
    void aLogThatCannotBeReadIsAnError() throws SealException {
        fixture.engine.fault(
                s ->
                        s.op() == Op.READ && s.position() == Layout.LOG
                                ? Outcome.failed(Errno.EIO)
                                : Outcome.NORMAL);
        assertThrows(SealException.class, this::readLog);
    }

    /** Writes versions of random intervals on record, some of which the disk has. */
    @Test
    void groupsAreFoundInAnyOrderAndAnywhere() throws SealException {
        for (int round = 0; round < 50; round++) {
            fixture.put(
                    SidecarFixture.SIDECAR, Layout.LOG, new byte[(int) SidecarFixture.LOG_SIZE]);
            position = Layout.LOG;
            @Nullable State[] expected = new @Nullable State[INTERVALS];
            List<Integer> sequences = new ArrayList<>();
            for (int i = 1; i < 40; i++) {
                sequences.add(i);
            }
            Collections.shuffle(sequences, random);
            byte[] left = data.clone();
            for (int sequence : sequences) {
                int number = random.nextInt(32, INTERVALS);
                boolean counts = sequence >= superblock.tail();
                data = left.clone();
                log(sequence, intent(number, write(number)));
                if (!counts) {
                    continue;
                }
                if (random.nextBoolean()) {
                    left = data; // as any of them may be what is left
                    expected[number] = State.PROTECTED;
                } else if (expected[number] == null) {
                    write(number);
                    left = data;
                    expected[number] = State.DAMAGED;
                }
                position += random.nextInt(3) * (long) Sector.SIZE;
            }
            data = left;
            Overlay judged = judge(readLog());
            for (int i = 0; i < INTERVALS; i++) {
                assertEquals(expected[i], stateOf(judged, i), "interval " + i);
            }
        }
    }
}
