package io.pinbounce.internal.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class UserDataProperties {

    @Property
    void kindSlotAndGenerationAreReadBack(
            @ForAll @IntRange(min = 0, max = 255) int kind,
            @ForAll @IntRange(min = 0, max = (1 << 24) - 1) int slot,
            @ForAll int generation) {
        long userData = UserData.of(kind, slot, generation);
        assertEquals(kind, UserData.kind(userData));
        assertEquals(slot, UserData.slot(userData));
        assertEquals(generation, UserData.generation(userData));
    }
}
