package io.pinbounce.simulation;

import io.pinbounce.SidecarOptions;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.IoRing;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The library as it would be with one of its orderings left out: an engine that stands before the
 * disk's and drops the very call, delays it, or moves it. Each but {@link Kind#TUPLES_AHEAD} is a
 * mistake that a check of power cuts has to find.
 */
class CutVariant extends HookedEngine {

    /** What is left out. */
    enum Kind {
        /** Nothing: the library as it is. */
        NONE {
            @Override
            IoEngine over(SimulatedEngine engine) {
                return engine;
            }
        },
        /** Intents need not be durable before data is sent. */
        LATE_LOG {
            @Override
            IoEngine over(SimulatedEngine engine) {
                return new LateLog(engine);
            }
        },
        /** Tuples go to their pages, and intents are forgotten, with data that may be lost. */
        NO_DATA_FLUSH {
            @Override
            IoEngine over(SimulatedEngine engine) {
                return new NoForce(engine, CutSetup.DATA, "Checkpoint.");
            }
        },
        /** Intents are forgotten before the pages are durable. */
        EARLY_RETIREMENT {
            @Override
            IoEngine over(SimulatedEngine engine) {
                return new NoForce(engine, CutSetup.SIDECAR, "Checkpoint.");
            }
        },
        /** A recovery does not force the data whose intents it forgets. */
        NO_FORCE_IN_RECOVERY {
            @Override
            IoEngine over(SimulatedEngine engine) {
                return new NoForce(engine, CutSetup.DATA, "SidecarOpener.");
            }
        },
        /** The map says that pages are there before they are. */
        MAP_BEFORE_PAGES {
            @Override
            IoEngine over(SimulatedEngine engine) {
                return new MapBeforePages(engine);
            }
        },
        /** Reads find no tuples ahead of their data, and load them when they verify: no mistake. */
        TUPLES_AHEAD {
            @Override
            IoEngine over(SimulatedEngine engine) {
                return new TuplesAhead(engine);
            }
        };

        /** The library's way to a disk. */
        abstract IoEngine over(SimulatedEngine engine);
    }

    /** Where the log is, and what follows it: the documentation of the sidecar package draws it. */
    private static final long LOG = 8192;

    private static final long MAP = LOG + SidecarOptions.MIN_LOG;

    private static final long PAGE = 4096;

    private static final String SEAL = "io.pinbounce.internal.sidecar.";

    /** A page of the map, twice, and the tuple pages that it knows about. */
    private static final long STRIDE = (2 + 32_256) * PAGE;

    final SimulatedEngine engine;

    private final Map<Integer, Path> paths = new HashMap<>();

    private CutVariant(SimulatedEngine engine) {
        super(engine, _ -> {});
        this.engine = engine;
    }

    @Override
    public int open(Path path, int flags) {
        return opened(super.open(path, flags), path, flags);
    }

    @Override
    public int openUnnamed(Path path, int flags) {
        return opened(super.openUnnamed(path, flags), path, flags);
    }

    @Override
    public int reopen(int handle, int flags) {
        return opened(super.reopen(handle, flags), pathOf(handle), flags);
    }

    private Path pathOf(int handle) {
        return Objects.requireNonNull(paths.get(handle), "the handle was not opened here");
    }

    /** Learns which file a handle is of, or why there is none; returns the handle. */
    int opened(int handle, Path path, int flags) {
        if (handle >= 0) {
            paths.put(handle, path);
        }
        return handle;
    }

    boolean isOf(int handle, Path path) {
        return path.equals(paths.get(handle));
    }

    @Override
    public IoRing openRing(int depth) {
        return engine.openRing(depth, this);
    }

    private static boolean isCalledBy(String name) {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> nameOf(frame).startsWith(name)));
    }

    private static String nameOf(StackWalker.StackFrame frame) {
        return frame.getClassName() + "." + frame.getMethodName();
    }

    /** The same submission for another file. */
    private static Submission redirected(Submission submission, FileHandle file) {
        Submission other = new Submission();
        other.prep(submission.op(), file, submission.position());
        for (int i = 0; i < submission.count(); i++) {
            other.add(submission.piece(i));
        }
        return other;
    }

    /** Writes to the log stay in the disk's cache. */
    private static final class LateLog extends CutVariant {

        private final Map<Integer, FileHandle> cached = new HashMap<>();

        LateLog(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        int opened(int handle, Path path, int flags) {
            if (handle >= 0 && path.equals(CutSetup.SIDECAR) && (flags & OpenFlags.O_DSYNC) != 0) {
                int other = engine.reopen(handle, flags & ~OpenFlags.O_DSYNC);
                cached.put(handle, new FileHandle(other));
            }
            return super.opened(handle, path, flags);
        }

        @Override
        public long transfer(Submission submission) {
            FileHandle other = cached.get(submission.handle());
            boolean log = submission.position() >= LOG && submission.position() < MAP;
            return other == null || !log
                    ? super.transfer(submission)
                    : super.transfer(redirected(submission, other));
        }
    }

    /**
     * Forces of a file that come from some class of the sidecar's are not done; those that make a
     * sidecar are.
     */
    private static final class NoForce extends CutVariant {

        private static final String MAKER = SEAL + "SidecarOpener.initialise";

        private final Path path;

        private final String caller;

        NoForce(SimulatedEngine engine, Path path, String caller) {
            super(engine);
            this.path = path;
            this.caller = SEAL + caller;
        }

        @Override
        public int force(int handle) {
            boolean drops = isOf(handle, path) && isCalledBy(caller) && !isCalledBy(MAKER);
            return drops ? 0 : super.force(handle);
        }
    }

    /** A read of tuples fails unless the sidecar itself makes it. */
    private static final class TuplesAhead extends CutVariant {

        TuplesAhead(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        public long transfer(Submission submission) {
            boolean ahead =
                    submission.op() == Op.READ
                            && isOf(submission.handle(), CutSetup.SIDECAR)
                            && !isCalledBy(SEAL + "SidecarFiles.")
                            && !isCalledBy(SEAL + "SidecarSearch.");
            return ahead ? -Errno.EIO : super.transfer(submission);
        }
    }

    /** Pages are held back until the map is written, or the superblock. */
    private static final class MapBeforePages extends CutVariant {

        private final Map<Long, byte[]> held = new HashMap<>();

        private FileHandle file = new FileHandle(-1);

        private final Set<Integer> durable = new HashSet<>();

        private boolean mapIsWritten;

        MapBeforePages(SimulatedEngine engine) {
            super(engine);
        }

        @Override
        int opened(int handle, Path path, int flags) {
            if ((flags & OpenFlags.O_DSYNC) != 0) {
                durable.add(handle);
            }
            return super.opened(handle, path, flags);
        }

        @Override
        public long transfer(Submission submission) {
            boolean writes = submission.op() == Op.WRITE;
            if (!writes || !isOf(submission.handle(), CutSetup.SIDECAR)) {
                return super.transfer(submission);
            }
            if (durable.contains(submission.handle())) {
                if (submission.position() < LOG) {
                    writeHeld();
                }
                return super.transfer(submission);
            }
            if (submission.position() < MAP) {
                return super.transfer(submission);
            }
            if ((submission.position() - MAP) % STRIDE < 2 * PAGE) {
                mapIsWritten = true;
                return super.transfer(submission);
            }
            hold(submission);
            return submission.length();
        }

        private void hold(Submission submission) {
            file = submission.file();
            long at = submission.position();
            for (int i = 0; i < submission.count(); i++) {
                byte[] bytes = submission.piece(i).toArray(ValueLayout.JAVA_BYTE);
                held.put(at, bytes);
                at += bytes.length;
            }
        }

        @Override
        public int force(int handle) {
            if (held.isEmpty() || !isOf(handle, CutSetup.SIDECAR)) {
                return super.force(handle);
            }
            if (!mapIsWritten) {
                return 0; // that of the pages: it comes after the map's
            }
            mapIsWritten = false;
            int failed = super.force(handle);
            writeHeld();
            return failed;
        }

        private void writeHeld() {
            if (held.isEmpty()) {
                return;
            }
            try (Arena arena = Arena.ofConfined()) {
                held.forEach(
                        (position, bytes) -> {
                            Submission write = new Submission();
                            write.prep(Op.WRITE, file, position);
                            var memory = arena.allocate(bytes.length, PAGE);
                            memory.copyFrom(MemorySegment.ofArray(bytes));
                            write.add(memory);
                            super.transfer(write);
                        });
            }
            held.clear();
            super.force(file.number());
        }
    }
}
