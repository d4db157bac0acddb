package io.pinbounce.internal.linux;

import java.nio.file.Path;

/**
 * Why this process cannot use an io_uring. Only trying tells: the kernel may lack it, an
 * administrator may have switched it off, a container's seccomp filter may forbid any of its calls,
 * and descriptors or memory may have run out.
 *
 * @param reason what happened, and what to do
 * @param passing whether it is a shortage, so that the same call may succeed later; a rule does not
 *     pass
 */
public record UringRefusal(String reason, boolean passing) {

    private static final Path SWITCH = Path.of("/proc/sys/kernel/io_uring_disabled");

    /**
     * Puts the answer to a call into words.
     *
     * @param call the name of the call that failed
     * @param errno positive
     * @return what it means, and what to do
     */
    public static UringRefusal of(String call, int errno) {
        return of(call, errno, KernelFiles.text(SWITCH));
    }

    /**
     * Puts the answer to a call into words.
     *
     * @param disabled content of {@code /proc/sys/kernel/io_uring_disabled} (Linux 6.6): 1 shuts
     *     out processes without CAP_SYS_ADMIN or the group in {@code io_uring_group}, 2 all; it
     *     stops new rings only
     */
    static UringRefusal of(String call, int errno, String disabled) {
        boolean setup = call.equals("io_uring_setup");
        boolean switchedOff = setup && (disabled.equals("1") || disabled.equals("2"));
        String advice =
                switch (errno) {
                    case Errno.EPERM, Errno.EACCES ->
                            switchedOff
                                    ? "an administrator switched it off: set"
                                            + " /proc/sys/kernel/io_uring_disabled to 0"
                                    : "a seccomp filter or security module forbids it: allow"
                                            + " io_uring_setup, io_uring_enter and"
                                            + " io_uring_register in the container's profile";
                    case Errno.ENOSYS ->
                            setup
                                    ? "this kernel was built without it: CONFIG_IO_URING=y"
                                    : "a seccomp filter hides it: allow io_uring_setup,"
                                            + " io_uring_enter and io_uring_register in the"
                                            + " container's profile";
                    case Errno.ENOMEM -> "too little memory may be locked: raise ulimit -l";
                    case Errno.EMFILE -> "this process has too many files open: raise ulimit -n";
                    case Errno.ENFILE -> "the machine has too many files open: raise fs.file-max";
                    default -> "nothing known helps";
                };
        return new UringRefusal(
                call
                        + " failed: "
                        + Errno.describe(errno)
                        + ", "
                        + advice
                        + ", errno="
                        + errno
                        + ", io_uring_disabled="
                        + (disabled.isEmpty() ? "unknown" : disabled),
                passes(errno));
    }

    private static boolean passes(int errno) {
        return switch (errno) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN, Errno.EBUSY -> true;
            default -> false;
        };
    }
}
