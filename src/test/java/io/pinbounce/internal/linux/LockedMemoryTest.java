package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockedMemoryTest {

    @ParameterizedTest
    @CsvSource({
        "000001ffffffffff, true",
        "0000000000004000, true",
        "0000000000000000, false",
        "ffffffffffffbfff, false"
    })
    void theCapabilityIsBitFourteen(String set, boolean privileged) {
        String status = "Name:\tjava\nCapPrm:\t" + "f".repeat(16) + "\nCapEff:\t" + set + "\n";
        assertEquals(privileged, LockedMemory.mayLockAll(status));
    }

    @Test
    void withoutProcfsTheProcessCountsAsUnprivileged() {
        assertEquals(false, LockedMemory.mayLockAll(""));
    }

    @Test
    void adviceIsGivenOnlyForALimitThatApplies() {
        assertTrue(new LockedMemory(8 << 20, false).meaning().contains("ulimit -l"));
        assertEquals(
                "rings register what they use again",
                new LockedMemory(Long.MAX_VALUE, false).meaning());
        assertTrue(new LockedMemory(8 << 20, true).meaning().contains("CAP_IPC_LOCK"));
    }
}
