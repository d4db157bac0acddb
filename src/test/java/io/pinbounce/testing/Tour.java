package io.pinbounce.testing;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Host;
import io.pinbounce.IoService;
import io.pinbounce.Protection;
import io.pinbounce.buffer.PinnedArena;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program that makes each kind of call once: requests that end inside a block, by each way there
 * is, smaller and larger sizes, a sidecar, and a look at the machine. It uses nothing but the
 * library, and ends with an exception if a call does not do what it should.
 */
public final class Tour {

    private static final DirectOptions OPTIONS =
            DirectOptions.readWrite().create().directIo(DirectIo.PREFERRED);

    private static final int PART = 100;

    private Tour() {}

    /** Takes a folder, where files are made, and {@code NUMBER:ERRNO} of calls to be refused. */
    public static void main(String[] args) throws Exception {
        for (int i = 1; i < args.length; i++) {
            String[] call = args[i].split(":", 2);
            Seccomp.forbid(Integer.parseInt(call[0]), Integer.parseInt(call[1]));
        }
        Path plain = Path.of(args[0], "plain");
        appends(plain);
        sizes(plain);
        sidecar(Path.of(args[0], "guarded"));
        System.out.println("queues: " + Host.probe().queueEngine());
    }

    private static void appends(Path path) throws Exception {
        try (DirectFile file = DirectFile.open(path, OPTIONS);
                DirectQueue queue = DirectQueue.open(2);
                PinnedArena arena = PinnedArena.ofShared()) {
            file.write(part(), 0);
            same("size", PART, file.size());
            file.writeAsync(part(), PART).get();
            queue.write(file, part(), 2 * PART, 0);
            queue.await(1, done -> same("queued", PART, done.bytes()));
            AtomicLong written = new AtomicLong();
            Thread.ofVirtual().start(() -> written.set(append(file))).join();
            same("virtual", PART, written.get());
            file.force();
            MemorySegment back = arena.allocate(4096);
            same("read", 4 * PART, file.read(back, 0));
            same("bytes", -1, back.asSlice(3 * PART, PART).mismatch(part()));
            System.out.println(
                    "moved by " + queue.engine() + " and " + IoService.shared().engine());
        }
    }

    private static long append(DirectFile file) {
        try {
            file.write(part(), 3 * PART);
            return PART;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sizes(Path path) throws IOException {
        try (DirectFile file = DirectFile.open(path, OPTIONS)) {
            file.truncate(PART / 2);
            same("cut", PART / 2, file.size());
        }
        try (DirectFile file = DirectFile.open(path, OPTIONS.truncate())) {
            same("emptied", 0, file.size());
        }
    }

    private static void sidecar(Path path) throws IOException {
        DirectOptions guarded = OPTIONS.protection(Protection.t10(4096).sidecar());
        try (DirectFile file = DirectFile.open(path, guarded)) {
            file.write(part(), 0);
            file.force();
        }
        try (DirectFile file = DirectFile.open(path, guarded)) {
            MemorySegment back = MemorySegment.ofArray(new byte[PART]);
            same("guarded", PART, file.read(back, 0));
            same("guarded bytes", -1, back.mismatch(part()));
        }
    }

    private static MemorySegment part() {
        byte[] part = new byte[PART];
        Arrays.fill(part, (byte) 7);
        return MemorySegment.ofArray(part);
    }

    private static void same(String what, long expected, long found) {
        if (found != expected) {
            throw new IllegalStateException(what + " expected=" + expected + " found=" + found);
        }
    }
}
