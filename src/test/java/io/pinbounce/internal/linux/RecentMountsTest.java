package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Counts how often mounts are looked up when many files are opened. */
class RecentMountsTest {

    private static final RecentMounts.Found NOTHING = new RecentMounts.Found(null, List.of(), null);

    private long now;

    private int looks;

    private final RecentMounts recent = new RecentMounts(() -> now);

    private RecentMounts.Found look() {
        looks++;
        return NOTHING;
    }

    private void open(int files, int mounts, long nanosEach) {
        for (int i = 0; i < files; i++) {
            recent.of(1 + i % mounts, this::look);
            now += nanosEach;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 2000, 8000})
    void filesThatAreOpenedInARowShareOneLookup(int files) {
        open(files, 1, 1000);
        assertEquals(1, looks);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 2000, 8000})
    void eachMountIsLookedUpOnce(int files) {
        open(files, 50, 1000);
        assertEquals(50, looks);
    }

    @Test
    void anEntryIsKeptForASecond() {
        open(50, 1, 100_000_000);
        assertEquals(5, looks);
    }

    @Test
    void canaryAMountWithoutANumberIsLookedUpEachTime() {
        for (int i = 0; i < 50; i++) {
            recent.of(0, this::look);
        }
        assertEquals(50, looks);
    }
}
