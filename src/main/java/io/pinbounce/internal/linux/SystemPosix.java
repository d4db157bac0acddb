package io.pinbounce.internal.linux;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The machine's control plane: JNR-POSIX, or its FFM twin where that cannot be loaded, because the
 * temporary folder forbids code or cannot be written, few descriptors are left, it is not there, or
 * native access is denied to it. Loading takes a quarter of a second, so it happens with the first
 * call. That call decides which twin serves for the life of the process, since a load that failed
 * leaves classes behind that cannot be initialised again.
 */
public final class SystemPosix implements Posix {

    private static final SystemPosix INSTANCE = new SystemPosix();

    private SystemPosix() {}

    /**
     * The control plane.
     *
     * @return the one instance
     * @throws IllegalCallerException if Java denies native access; the message names the flag
     */
    public static Posix calls() {
        NativeAccess.require();
        return INSTANCE;
    }

    /** Made with the first call. */
    private static final class Chosen {

        static final Posix CALLS = choose();

        private Chosen() {}

        private static Posix choose() {
            try {
                if (!Descriptors.left(LibC.system())) {
                    throw new IOException("too few descriptors are left");
                }
                return JnrPosix.load();
            } catch (Throwable t) { // whatever it is, the twin does without
                Log.say(
                        System.Logger.Level.INFO,
                        "the control plane goes through the foreign function interface instead of"
                                + (" JNR-POSIX, which cannot be loaded: " + causes(t)));
                return new FfmPosix();
            }
        }
    }

    /** All causes in one line; JNR-POSIX puts whole stack traces into messages. */
    static String causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .map(cause -> cause.toString().lines().findFirst().orElse(""))
                .collect(Collectors.joining(", because "));
    }

    @Override
    public int fsync(int fd) {
        return Chosen.CALLS.fsync(fd);
    }

    @Override
    public int unlink(String path) {
        return Chosen.CALLS.unlink(path);
    }

    @Override
    public int flock(int fd, int operation) {
        return Chosen.CALLS.flock(fd, operation);
    }

    @Override
    public long memoryLockLimit() {
        return Chosen.CALLS.memoryLockLimit();
    }

    @Override
    public int geteuid() {
        return Chosen.CALLS.geteuid();
    }
}
