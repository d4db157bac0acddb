package io.pinbounce.crash;

import static io.pinbounce.crash.CrashHistoryTest.contents;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.BadInterval;
import io.pinbounce.SidecarOptions.Mode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/** The canaries of the judge: each thing that may not be found is seen. */
class ReadingTest {

    private static final BadInterval REFUSED =
            new BadInterval(0, 0, BadInterval.Cause.DAMAGED, null);

    private static final Contents TORN =
            new Contents(List.of(2L, Contents.TORN, Contents.TORN, Contents.TORN));

    private static final Contents FOREIGN =
            new Contents(List.of(Contents.TORN, Contents.TORN, Contents.TORN, 9L));

    private final IntervalHistory history = new IntervalHistory();

    /** Version 1 is forced, 2 has completed, 3 is under way. */
    @BeforeEach
    void write() {
        for (long version = 1; version <= 3; version++) {
            history.write(0, CrashLayout.CELLS, version);
            if (version < 3) {
                history.done();
            }
            if (version == 1) {
                history.forced(history.completed());
            }
        }
    }

    private static Reading read(Contents contents) {
        return new Reading(contents, contents, null);
    }

    private static Reading refused(Contents contents) {
        return new Reading(contents, null, REFUSED);
    }

    private void assertMayBe(Reading reading, Mode mode, Cut cut) {
        assertNull(reading.violation(history, mode, cut), reading::toString);
    }

    private void assertMayNotBe(String why, Reading reading, Mode mode, Cut cut) {
        String violation = reading.violation(history, mode, cut);
        assertNotNull(violation, reading::toString);
        assertTrue(violation.contains(why), violation);
    }

    @ParameterizedTest
    @EnumSource
    void allThatWasWrittenSinceTheForceMayBeThere(Mode mode) {
        assertMayBe(read(contents(1)), mode, Cut.POWER);
        assertMayBe(read(contents(2)), mode, Cut.POWER);
        assertMayBe(read(contents(3)), mode, Cut.POWER);
        assertMayBe(read(contents(2)), mode, Cut.PROCESS);
        assertMayBe(read(contents(3)), mode, Cut.PROCESS);
        assertMayBe(refused(TORN), mode, Cut.POWER);
    }

    @ParameterizedTest
    @EnumSource
    void losingAForcedWriteIsAViolation(Mode mode) {
        assertMayNotBe("forced is gone", read(Contents.ZEROS), mode, Cut.POWER);
        assertMayNotBe("forced is gone", refused(Contents.ZEROS), mode, Cut.POWER);
    }

    @ParameterizedTest
    @EnumSource
    void losingACompletedWriteWhenOnlyTheProcessEndedIsAViolation(Mode mode) {
        assertMayNotBe("was not written", read(contents(1)), mode, Cut.PROCESS);
    }

    @ParameterizedTest
    @EnumSource
    void readingDamageWithoutAnErrorIsAViolation(Mode mode) {
        assertMayNotBe("was not written", read(TORN), mode, Cut.POWER);
        assertMayNotBe("was not written", read(FOREIGN), mode, Cut.POWER);
        assertMayNotBe("was not written", read(contents(4)), mode, Cut.POWER);
    }

    @ParameterizedTest
    @EnumSource
    void readingWhatIsNotOnDiskIsAViolation(Mode mode) {
        Reading reading = new Reading(contents(2), contents(3), null);
        assertMayNotBe("something else than is there", reading, mode, Cut.POWER);
    }

    @Test
    void refusingAWholeVersionIsAViolationOnlyWithAJournal() {
        for (long version = 1; version <= 3; version++) {
            Reading reading = refused(contents(version));
            assertMayNotBe("a whole version", reading, Mode.JOURNAL, Cut.POWER);
            assertMayBe(reading, Mode.NONE, Cut.POWER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIntervalWithPartsNeitherOldNorNewIsAViolation(Mode mode) {
        assertMayNotBe("neither old nor new, cell=3", refused(FOREIGN), mode, Cut.POWER);
        Contents stale = new Contents(List.of(2L, Contents.TORN, 0L, 0L));
        assertMayNotBe("neither old nor new, cell=2", refused(stale), mode, Cut.POWER);
    }

    @ParameterizedTest
    @EnumSource
    void refusingWhatWasNotWrittenSinceItsForceIsAViolation(Mode mode) {
        history.done();
        history.forced(history.completed());
        assertMayNotBe("since the last force", refused(contents(3)), mode, Cut.POWER);
        assertMayNotBe("since the last force", refused(TORN), mode, Cut.POWER);
        assertMayBe(read(contents(3)), mode, Cut.POWER);
    }
}
