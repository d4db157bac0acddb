package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenFlagsTest {

    @ParameterizedTest
    @CsvSource({
        "amd64, 040000, 0200000, 0400000",
        "x86_64, 040000, 0200000, 0400000",
        "riscv64, 040000, 0200000, 0400000",
        "aarch64, 0200000, 040000, 0100000",
        "arm64, 0200000, 040000, 0100000"
    })
    void eachArchitectureHasItsFlags(
            String architecture, String direct, String directory, String noFollow) {
        assertEquals(Integer.parseInt(direct, 8), OpenFlags.directFlag(architecture));
        assertEquals(Integer.parseInt(directory, 8), OpenFlags.directoryFlag(architecture));
        assertEquals(Integer.parseInt(noFollow, 8), OpenFlags.noFollowFlag(architecture));
    }

    @Test
    void anUnknownArchitectureIsNamed() {
        UnsupportedOperationException refusal =
                assertThrows(
                        UnsupportedOperationException.class, () -> OpenFlags.directFlag("s390x"));
        assertTrue(refusal.toString().endsWith("os.arch=s390x"), refusal.toString());
    }
}
