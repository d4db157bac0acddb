package io.pinbounce.internal.linux;

import java.nio.file.Path;

/**
 * How much memory this process may register with a ring: the kernel counts it as locked.
 *
 * @param limit {@code RLIMIT_MEMLOCK} in bytes; {@link Long#MAX_VALUE} for no limit
 * @param privileged whether the process may go beyond it ({@code CAP_IPC_LOCK})
 */
public record LockedMemory(long limit, boolean privileged) {

    private static final Path STATUS = Path.of("/proc/self/status");

    private static final String CAPABILITIES = "CapEff:";

    private static final int CAP_IPC_LOCK = 14; // linux/capability.h

    /**
     * Asks the kernel.
     *
     * @param posix knows the limit
     * @return as of now
     */
    public static LockedMemory probe(Posix posix) {
        return new LockedMemory(posix.memoryLockLimit(), mayLockAll(KernelFiles.text(STATUS)));
    }

    /**
     * Looks for the capability.
     *
     * @param status content of {@code /proc/self/status}: names, and numbers in hexadecimal
     */
    static boolean mayLockAll(String status) {
        return status.lines()
                .filter(line -> line.startsWith(CAPABILITIES))
                .map(line -> line.substring(CAPABILITIES.length()).strip())
                .anyMatch(set -> (Long.parseUnsignedLong(set, 16) >> CAP_IPC_LOCK & 1) == 1);
    }

    /**
     * What it means for rings.
     *
     * @return in words, with the fix where there is one
     */
    public String meaning() {
        if (privileged) {
            return "does not bind this process (CAP_IPC_LOCK): rings register what they use again";
        }
        if (limit == Long.MAX_VALUE) {
            return "rings register what they use again";
        }
        return "rings register memory up to it, all of this user's together; more works"
                + " unregistered, at some cost for each request: raise ulimit -l";
    }
}
