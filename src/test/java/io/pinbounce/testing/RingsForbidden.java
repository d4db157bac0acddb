package io.pinbounce.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;

/**
 * Makes the kernel refuse new rings to all processes (sysctl {@code kernel.io_uring_disabled},
 * Linux 6.6). The whole machine feels it, so it lasts for one call, which should be short; rings
 * that are there already go on. Needs {@link Requirements#ringSwitch}.
 */
public final class RingsForbidden {

    /** The switch: 0 allows rings, 1 allows them to the privileged, 2 forbids them. */
    static final Path SWITCH = Path.of("/proc/sys/kernel/io_uring_disabled");

    private RingsForbidden() {}

    /**
     * Makes a call while there are no new rings.
     *
     * @param call made with the switch at 2
     * @return what the call returned
     */
    public static synchronized <T> T during(Callable<T> call) throws Exception {
        // Another process that does the same must not take our 2 for the value to go back to.
        try (FileChannel channel = FileChannel.open(SWITCH, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the switch cannot be locked, path=" + SWITCH);
            }
            String before = Files.readString(SWITCH);
            Thread restorer = new Thread(() -> set(before)); // should the JVM end meanwhile
            Runtime.getRuntime().addShutdownHook(restorer);
            try {
                set("2\n");
                return call.call();
            } finally {
                set(before);
                Runtime.getRuntime().removeShutdownHook(restorer);
            }
        }
    }

    private static void set(String value) {
        try {
            Files.writeString(SWITCH, value, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
