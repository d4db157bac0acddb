package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UringRefusalTest {

    @ParameterizedTest
    @CsvSource({
        "io_uring_setup, 1, 2, administrator",
        "io_uring_setup, 1, 1, administrator",
        "io_uring_setup, 1, 0, seccomp",
        "io_uring_setup, 1, '', seccomp",
        "io_uring_setup, 13, 0, seccomp",
        "io_uring_setup, 38, '', CONFIG_IO_URING",
        "io_uring_setup, 12, 0, ulimit -l",
        "io_uring_setup, 24, 0, ulimit -n",
        "io_uring_setup, 23, 0, fs.file-max",
        "io_uring_setup, 75, 0, nothing known",
        "io_uring_enter, 1, 2, seccomp",
        "io_uring_enter, 38, 0, seccomp",
        "io_uring_register, 13, 0, io_uring_register"
    })
    void aRefusalComesWithAdvice(String call, int errno, String disabled, String advice) {
        String reason = UringRefusal.of(call, errno, disabled).reason();
        assertTrue(reason.startsWith(call + " failed: "), reason);
        assertTrue(reason.contains(advice), reason);
        assertTrue(reason.contains("errno=" + errno), reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN, Errno.EBUSY})
    void aShortagePasses(int errno) {
        assertTrue(UringRefusal.of("io_uring_setup", errno).passing());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.EACCES, Errno.ENOSYS, Errno.EINVAL, 75})
    void aRuleDoesNotPass(int errno) {
        assertEquals(false, UringRefusal.of("io_uring_enter", errno).passing());
    }
}
