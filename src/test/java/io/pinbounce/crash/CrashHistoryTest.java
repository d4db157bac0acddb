package io.pinbounce.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

class CrashHistoryTest {

    private static final Contents ONE = contents(1);

    private static final Contents TWO = contents(2);

    private final CrashHistory history = new CrashHistory(new CrashLayout(4096, 4));

    /** An interval of one version. */
    static Contents contents(long version) {
        return Contents.ZEROS.with(0, CrashLayout.CELLS, version);
    }

    private void tell(String... lines) {
        for (String line : lines) {
            history.accept(Event.parse(line));
        }
    }

    private void assertAllowed(Cut cut, int interval, Contents... contents) {
        assertEquals(List.of(contents), history.interval(interval).allowed(cut));
    }

    @Test
    void anEventIsReadBackFromItsLine() {
        for (Event event :
                List.of(new Event(Event.Kind.WRITE, 12, 3, 45), Event.of(Event.Kind.FORCED, 6))) {
            assertEquals(event, Event.parse(event.line()));
        }
    }

    @Test
    void aWriteUnderWayMayBeThereOrNot() {
        tell("write 1 0 4");
        assertAllowed(Cut.PROCESS, 0, Contents.ZEROS, ONE);
        assertAllowed(Cut.POWER, 0, Contents.ZEROS, ONE);
        assertAllowed(Cut.POWER, 1, Contents.ZEROS);
    }

    @Test
    void onlyPowerTakesWhatHasCompleted() {
        tell("write 1 0 4", "done 1 0 0", "write 2 0 4");
        assertAllowed(Cut.PROCESS, 0, ONE, TWO);
        assertAllowed(Cut.POWER, 0, Contents.ZEROS, ONE, TWO);
        assertTrue(history.interval(0).hasUnforced());
    }

    @Test
    void aForceCoversWhatHadCompletedWhenItBegan() {
        tell("write 1 0 4", "done 1 0 0", "force 0 0 0", "write 2 0 4", "done 2 0 0");
        assertAllowed(Cut.POWER, 0, Contents.ZEROS, ONE, TWO);
        tell("forced 0 0 0");
        assertAllowed(Cut.POWER, 0, ONE, TWO);
        assertTrue(history.interval(0).isPast(Contents.ZEROS));
        assertFalse(history.interval(0).isSettled());
    }

    @Test
    void forcesMayEndInAnyOrder() {
        tell("write 1 0 4", "done 1 0 0", "force 0 0 0", "write 2 0 4", "done 2 0 0");
        tell("force 1 0 0", "forced 1 0 0", "forced 0 0 0");
        assertAllowed(Cut.POWER, 0, TWO);
        assertTrue(history.interval(0).isSettled());
    }

    @Test
    void aDurableWriteCoversItself() {
        tell("write 1 0 8", "durable 1 0 0");
        assertAllowed(Cut.POWER, 0, ONE);
        assertAllowed(Cut.POWER, 1, ONE);
    }

    @Test
    void aWriteMayChangeCellsOfSeveralIntervals() {
        tell("write 1 3 6");
        assertAllowed(Cut.POWER, 0, Contents.ZEROS, Contents.ZEROS.with(3, 4, 1));
        assertAllowed(Cut.POWER, 1, Contents.ZEROS, ONE);
        assertAllowed(Cut.POWER, 2, Contents.ZEROS, Contents.ZEROS.with(0, 1, 1));
    }

    @Test
    void whatARecoveryFoundIsTheOnlyVersionAllowed() {
        tell("write 1 0 4", "done 1 0 0", "write 2 0 4");
        history.cut();
        history.interval(0).settle(ONE);
        assertAllowed(Cut.POWER, 0, ONE);
        assertTrue(history.interval(0).isSettled());
        assertTrue(history.interval(0).isPast(TWO));
        tell("write 3 0 4");
        assertEquals(4, history.newVersion());
    }

    @Test
    void twoWritesAtOnceWouldHaveNoOrder() {
        tell("write 1 0 4");
        assertThrows(IllegalStateException.class, () -> tell("write 2 3 4"));
    }
}
