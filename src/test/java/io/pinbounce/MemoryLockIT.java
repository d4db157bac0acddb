package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.linux.SystemPosix;
import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** For an ordinary user with a small limit of locked memory, rings work and say what they lack. */
class MemoryLockIT {

    private static final String NOBODY = "65534";

    private static final String UNREGISTERED = "buffers are not registered";

    /** The kernel counts the whole of a huge page that holds any of it. */
    private static final long ENOUGH = 2 * PinnedBlocks.MEMORY;

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void needsARingAndAnotherUser() {
        Requirements.root();
        Requirements.tool("setpriv");
        Requirements.tool("prlimit");
        Host host = Host.probe();
        Requirements.uring(host.ioUring(), host.ioUringReason());
    }

    /** Runs {@link PinnedBlocks} as that user, with an allowance in bytes. */
    private Command child(String allowance) throws IOException {
        Path own = Files.createDirectory(folder.resolve("own"));
        ChildJvm.permit(own, "rwxrwxrwx");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "prlimit",
                                "--memlock=" + allowance + ":" + allowance,
                                "setpriv",
                                "--reuid=" + NOBODY,
                                "--regid=" + NOBODY,
                                "--clear-groups"));
        command.addAll(
                ChildJvm.command(
                        List.of(),
                        ChildJvm.classPathForAll(folder),
                        PinnedBlocks.class.getName(),
                        own.toString()));
        Command child = Command.run(new ProcessBuilder(command).directory(own.toFile()), _ -> {});
        assertEquals(0, child.status(), child::toString);
        assertTrue(child.out().startsWith("io_uring: "), child::toString);
        return child;
    }

    @Test
    void tooLittleLockableMemoryIsReportedWithTheFix() throws IOException {
        Command child = child("65536");
        assertTrue(child.out().contains(UNREGISTERED), child::toString);
        assertTrue(child.out().contains("ulimit -l"), child::toString);
    }

    /** The check can fail: it is the allowance that makes the difference. */
    @Test
    void canaryEnoughLockableMemoryIsNotReported() throws IOException {
        long limit = SystemPosix.calls().memoryLockLimit();
        Requirements.orSkip(
                limit >= ENOUGH,
                "too little memory may be locked to show that enough is enough: limit=" + limit);
        Command child = child(Long.toString(ENOUGH));
        assertFalse(child.out().contains(UNREGISTERED), child::toString);
    }
}
