package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.SymbolLookup;

class StubSelectionTest {

    @Test
    void anUnknownWordIsRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> StubSelection.of("fast"));
        assertEquals(
                "give on, off or one of [portable, pclmul128, vpclmul256, vpclmul512],"
                        + " pinbounce.native=fast",
                e.getMessage());
    }

    @Test
    void anInstructionSetThatDoesNotRunHereIsRefused() {
        StubSelection portable = new StubSelection(null, 1, null, "this processor is old");
        assertEquals(InstructionSet.PORTABLE, portable.only("portable").chosen());
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> portable.only("vpclmul512"));
        assertEquals(
                "that instruction set does not run here, this processor is old; give on for the"
                    + " best there is, pinbounce.native=vpclmul512",
                e.getMessage());
    }

    @Test
    void everyInstructionSetCanBeTheOnlyOne() {
        StubSelection all = new StubSelection(null, 0xF, InstructionSet.VPCLMUL512, "");
        for (InstructionSet set : InstructionSet.values()) {
            assertEquals(set, all.only(set.toString()).chosen());
        }
    }

    @Test
    void anotherAbiIsRefused() throws Exception {
        StubLibraryTest.requireLibrary();
        SymbolLookup symbols = StubLoader.load(StubLoader.resource());
        StubLoader.Unavailable e =
                assertThrows(
                        StubLoader.Unavailable.class,
                        () -> StubSelection.fastest(symbols, StubSelection.ABI + 1));
        assertNotNull(e.getMessage());
        assertTrue(e.getMessage().endsWith("abi=2 expected=3"), e.getMessage());
    }
}
