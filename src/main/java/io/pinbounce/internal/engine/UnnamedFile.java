package io.pinbounce.internal.engine;

import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is made without a name, and gets its name when it is whole. Where the file system
 * knows no such files, it has a name of its own until then, in the same folder. For one thread.
 */
public final class UnnamedFile {

    private static final String START = ".pinbounce-";

    private static final String END = ".tmp";

    private final IoEngine engine;

    private final int handle;

    private @Nullable Path temporary;

    private UnnamedFile(IoEngine engine, int handle, @Nullable Path temporary) {
        this.engine = engine;
        this.handle = handle;
        this.temporary = temporary;
    }

    /**
     * Makes a file.
     *
     * @param path the name that it is meant for
     * @param flags {@link OpenFlags} or-ed together
     * @return the file; if it was not made, its {@link #handle} is {@code -errno}
     */
    public static UnnamedFile make(IoEngine engine, Path path, int flags) {
        int handle = engine.openUnnamed(path, flags);
        if (handle != -Errno.EOPNOTSUPP) {
            return new UnnamedFile(engine, handle, null);
        }
        long number = ThreadLocalRandom.current().nextLong();
        Path temporary = path.resolveSibling(START + "%016x".formatted(number) + END);
        handle = engine.open(temporary, flags | OpenFlags.O_CREAT | OpenFlags.O_EXCL);
        UnnamedFile file = new UnnamedFile(engine, handle, temporary);
        if (handle == -Errno.EINVAL) {
            file.discard(); // the kernel makes a file before it looks at O_DIRECT
        }
        return file;
    }

    /** Whether a name is that of a file that was not whole yet. */
    public static boolean isTemporary(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(START) && name.endsWith(END);
    }

    /** An open handle, which the caller closes; or {@code -errno}. */
    public int handle() {
        return handle;
    }

    /** Opens the file once more; a handle, or {@code -errno}. */
    public int reopen(int flags) {
        Path named = temporary;
        return named == null ? engine.reopen(handle, flags) : engine.open(named, flags);
    }

    /**
     * Gives the file its name.
     *
     * @return 0, or {@code -errno}: {@code -EEXIST} if the name is taken
     */
    public int publish(Path path) {
        Path named = temporary;
        int failed = named == null ? engine.link(handle, path) : engine.renameNew(named, path);
        if (failed == 0) {
            temporary = null;
        }
        return failed;
    }

    /** Removes what is left of a file that got no name; its handles stay open. */
    public void discard() {
        Path named = temporary;
        if (named != null) {
            engine.remove(named);
            temporary = null;
        }
    }
}
