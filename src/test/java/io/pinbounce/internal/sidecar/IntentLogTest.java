package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.sidecar.Intent.Step;
import io.pinbounce.internal.sidecar.LogWriters.Stage;
import io.pinbounce.internal.sidecar.LogWriters.Writer;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class IntentLogTest {

    private final Random random = new Random(Seed.value());

    private final SidecarFiles files =
            new SidecarFiles(
                    new SidecarFixture().engine, SidecarFixture.DATA, SidecarFixture.SIDECAR);

    @AfterEach
    void close() throws SealException {
        files.close();
    }

    @Test
    void noGroupThatIsNeededIsWrittenOver() throws SealException {
        LogWriters model = new LogWriters(files, random);
        model.run(100_000, 0);
        long groups = model.log.written();
        assertTrue(groups > 1000, "groups: " + groups);
        assertTrue(groups * Layout.PAGE > 3 * SidecarFixture.LOG_SIZE, "the log went round");
    }

    @Test
    void canaryAGroupThatIsRetiredTooEarlyIsReported() {
        LogWriters model = new LogWriters(files, random);
        assertThrows(AssertionError.class, () -> model.run(100_000, 3));
    }

    /** Writers ask only when they are told. */
    @Test
    void everyWriterThatWaitsIsTold() throws SealException {
        LogWriters model = new LogWriters(files, random);
        for (int round = 0; round < 200; round++) {
            model.enterSome();
            model.driveTold(random.nextInt(3) == 0);
            for (Writer writer : model.writers) {
                assertFalse(writer.isWaiting(), "forgotten: " + writer.number);
            }
        }
    }

    @Test
    void onceARecordHasFailedNoWriterGoesOn() throws SealException {
        for (int round = 0; round < 300; round++) {
            LogWriters model = new LogWriters(files, random);
            IntentLog log = model.log;
            Writer leader = model.awaitLeader();
            if (random.nextBoolean()) {
                assertThrows(SealException.class, () -> log.recorded(leader.intent, -Errno.ENOSPC));
            } else {
                leader.leave(); // it gave up before the record was written
            }
            model.tell();
            assertTrue(log.isBroken());
            assertThrows(SealException.class, log::requireWhole);
            for (Writer writer : model.writers) {
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

    @Test
    void aQueueThatIsNotReapedHoldsNoThreadUp() throws SealException {
        IntentLog log = LogWriters.newLog(files);
        List<Intent> leaders = new ArrayList<>();
        for (int queue = 0; queue < 20; queue++) {
            Intent queued = SidecarFixture.intent("queue " + queue, () -> {}, queue, queue);
            log.enter(queued);
            log.next(queued);
            if (log.next(queued) == Step.LEAD) {
                leaders.add(queued); // and from here on nothing reaps the queue
            }
        }
        assertTrue(leaders.size() > 4, "leaders: " + leaders.size());
        for (int i = 0; i < 10; i++) {
            Intent waiting = SidecarFixture.intent(null, () -> {}, 1000, 7);
            log.enter(waiting);
            assertEquals(Step.LEAD, log.next(waiting));
            log.recorded(waiting, 0);
            assertEquals(Step.RECORDED, log.next(waiting));
            log.leave(waiting);
        }
    }

    @Test
    void onlyALeaderRecords() throws SealException {
        IntentLog log = LogWriters.newLog(files);
        Intent intent = SidecarFixture.intent(null, () -> {}, 0, 1);
        assertThrows(IllegalStateException.class, () -> log.recorded(intent, 0));
        log.enter(intent);
        assertThrows(IllegalStateException.class, () -> log.recorded(intent, 0));
        assertEquals(Step.LEAD, log.next(intent));
        log.recorded(intent, 0);
        assertThrows(IllegalStateException.class, () -> log.recorded(intent, 0));
        log.leave(intent);
    }
}
