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
        "amd64, 040000",
        "x86_64, 040000",
        "riscv64, 040000",
        "aarch64, 0200000",
        "arm64, 0200000"
    })
    void eachArchitectureHasItsDirectFlag(String architecture, String octal) {
        assertEquals(Integer.parseInt(octal, 8), OpenFlags.directFlag(architecture));
    }

    @Test
    void anUnknownArchitectureIsNamed() {
        UnsupportedOperationException refusal =
                assertThrows(
                        UnsupportedOperationException.class, () -> OpenFlags.directFlag("s390x"));
        assertTrue(refusal.toString().endsWith("os.arch=s390x"), refusal.toString());
    }
}
