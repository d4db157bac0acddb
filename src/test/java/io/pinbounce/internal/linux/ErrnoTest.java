package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrnoTest {

    /** Names that the two do not agree on are the older ones of the same number. */
    @ParameterizedTest
    @EnumSource(
            value = jnr.constants.platform.linux.Errno.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EWOULDBLOCK", "EDEADLOCK", "ENOTSUP"})
    void everyNumberHasTheNameAndTheMeaningThatTheCLibraryGivesIt(
            jnr.constants.platform.linux.Errno errno) {
        assertEquals(errno.name() + " (" + errno + ")", Errno.describe(errno.intValue()));
    }

    @Test
    void aNumberWithoutANameKeepsItsDigits() {
        assertEquals("errno 41", Errno.describe(41));
        assertEquals("errno 4095", Errno.describe(4095));
    }
}
