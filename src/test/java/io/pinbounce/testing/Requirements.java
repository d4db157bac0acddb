package io.pinbounce.testing;

import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What a test needs of the machine. Where it is missing the test is skipped, visibly and with the
 * reason; with {@code PINBOUNCE_REQUIRE=all} in the environment it fails instead, so that a test
 * run that is meant to be complete cannot pass by skipping.
 */
public final class Requirements {

    private static final Set<String> PRINTED = ConcurrentHashMap.newKeySet();

    private Requirements() {}

    /** Needs to run as root. */
    public static void root() {
        require(isRoot(), "root");
    }

    /** Needs to make loop devices with {@code ci/loop}. */
    public static void loop() {
        root();
        require(Files.exists(Path.of("/dev/loop-control")), "loop devices (/dev/loop-control)");
        tool("losetup");
    }

    /** Needs to make devices with a volatile write cache, with {@code ci/power-cut}. */
    public static void powerCut() {
        require(Files.isWritable(Path.of("/dev/fuse")), "FUSE (/dev/fuse)");
        tool("nbdkit");
        tool("nbdfuse");
        tool("fusermount3");
    }

    /**
     * Needs a program.
     *
     * @param name of the program, looked for on the {@code PATH}
     */
    public static void tool(String name) {
        boolean found =
                Pattern.compile(File.pathSeparator)
                        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        require(found, "the program " + name + " on the PATH");
    }

    /**
     * Needs to make rings of io_uring.
     *
     * @param available whether the machine allows it
     * @param reason what it said, in words
     */
    public static void uring(boolean available, String reason) {
        require(available, "io_uring: " + reason);
    }

    /** Needs to switch rings off for the whole machine, which {@link RingsForbidden} does. */
    public static void ringSwitch() {
        root();
        require(
                Files.isWritable(RingsForbidden.SWITCH),
                "a kernel that can switch io_uring off (" + RingsForbidden.SWITCH + ")");
    }

    /** Needs to mount file systems that no other process sees. */
    public static void mountNamespaces() {
        root();
        tool("unshare");
        tool("setpriv");
        require(
                Command.run("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/sys").status()
                        == 0,
                "mount namespaces (unshare --mount)");
    }

    /**
     * Needs the jar that Maven makes before it runs integration tests.
     *
     * @param jar where it should be
     */
    public static void jar(Path jar) {
        require(Files.isRegularFile(jar), "the jar (mvn verify makes it), pinbounce.jar=" + jar);
    }

    private static void require(boolean satisfied, String what) {
        require(satisfied, what, System.getenv().getOrDefault("PINBOUNCE_REQUIRE", ""));
    }

    /** The decision itself, apart from this machine, so that a test can see it fail. */
    static void require(boolean satisfied, String what, String required) {
        if (satisfied) {
            return;
        }
        String reason = "this test needs " + what;
        if (required.equals("all")) {
            throw new AssertionError(reason + ", and PINBOUNCE_REQUIRE=all allows no skipping");
        }
        orSkip(false, reason);
    }

    /**
     * Skips a test, even where everything is required, if the machine cannot show what it tests.
     * The reason is printed when it is first met; how many tests it takes, the summary says.
     *
     * @param possible whether the test can run
     * @param reason why not, in words
     */
    public static void orSkip(boolean possible, String reason) {
        if (!possible) {
            print(reason);
        }
        Assumptions.assumeTrue(possible, reason);
    }

    /**
     * Prints why tests are skipped, once.
     *
     * @param reason in words
     */
    public static void print(String reason) {
        if (PRINTED.add(reason)) {
            System.out.println("skipping tests: " + reason);
        }
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false; // no /proc: nothing that needs root would work either
        }
    }
}
