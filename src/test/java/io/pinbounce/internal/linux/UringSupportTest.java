package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UringSupportTest {

    @Test
    void aDescriptorMeansThatRingsAreAvailable() {
        assertEquals(new UringSupport(true, "io_uring_setup made a ring"), UringSupport.of(3, "1"));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 2, administrator",
        "-1, 1, administrator",
        "-1, 0, seccomp",
        "-1, '', seccomp",
        "-38, '', CONFIG_IO_URING",
        "-12, 0, ulimit",
        "-24, 0, nothing known"
    })
    void aFailureComesWithAdvice(long setup, String disabled, String advice) {
        UringSupport support = UringSupport.of(setup, disabled);
        assertFalse(support.available());
        assertTrue(support.reason().contains(advice), support.reason());
        assertTrue(support.reason().contains("errno=" + -setup), support.reason());
    }
}
