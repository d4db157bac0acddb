package io.pinbounce.internal.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * Whether this process may make an io_uring. Only trying tells: the kernel may lack it, an
 * administrator may have switched it off, a container's seccomp filter may forbid it.
 *
 * @param available whether a ring could be made
 * @param reason what happened, and what to do if it could not
 */
public record UringSupport(boolean available, String reason) {

    private static final int PROBE_ENTRIES = 2;

    private static final Path SWITCH = Path.of("/proc/sys/kernel/io_uring_disabled");

    /**
     * Makes a small ring and closes it again.
     *
     * @param libc closes it
     * @return how it went
     */
    public static UringSupport probe(LibC libc) {
        try (Arena arena = Arena.ofConfined()) {
            long ring =
                    UringSyscalls.system()
                            .setup(PROBE_ENTRIES, arena.allocate(UringSyscalls.PARAMS_SIZE, 8));
            if (ring >= 0) {
                libc.close((int) ring);
            }
            return of(ring);
        }
    }

    /**
     * Puts an answer into words.
     *
     * @param setup what {@link UringSyscalls#setup} returned
     * @return what it means, and what to do
     */
    public static UringSupport of(long setup) {
        return of(setup, KernelFiles.text(SWITCH));
    }

    /**
     * Puts an answer into words.
     *
     * @param setup what {@code io_uring_setup} returned
     * @param disabled content of {@code /proc/sys/kernel/io_uring_disabled} (Linux 6.6): 1 shuts
     *     out processes without CAP_SYS_ADMIN or the group in {@code io_uring_group}, 2 all
     */
    static UringSupport of(long setup, String disabled) {
        if (setup >= 0) {
            return new UringSupport(true, "io_uring_setup made a ring");
        }
        int errno = (int) -setup;
        String advice =
                switch (errno) {
                    case Errno.EPERM ->
                            disabled.equals("1") || disabled.equals("2")
                                    ? "an administrator switched it off: set"
                                            + " /proc/sys/kernel/io_uring_disabled to 0"
                                    : "a seccomp filter forbids it: allow io_uring in the"
                                            + " container's profile";
                    case Errno.ENOSYS -> "this kernel was built without it: CONFIG_IO_URING=y";
                    case Errno.ENOMEM -> "too little memory may be locked: raise ulimit -l";
                    default -> "nothing known helps";
                };
        return new UringSupport(
                false,
                "io_uring_setup failed: "
                        + Errno.describe(errno)
                        + ", "
                        + advice
                        + ", errno="
                        + errno
                        + ", io_uring_disabled="
                        + (disabled.isEmpty() ? "unknown" : disabled));
    }
}
