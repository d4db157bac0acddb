package io.pinbounce;

import io.pinbounce.CutInterval.Durable;
import io.pinbounce.engine.SimulatedEngine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Random requests on one file, each told to the oracle, until the power goes. */
final class CutTraffic {

    private static final int SHOWN = 40;

    private final CutSetup setup;

    private final CutOracle oracle;

    private final RandomGenerator random;

    private final SimulatedEngine engine;

    private final Deque<String> history;

    private final Map<Long, Asked> asked = new HashMap<>();

    private @Nullable DirectFile file;

    private @Nullable DirectQueue queue;

    private long token;

    /** What a queue was asked for. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Asked(
            Kind kind, @Nullable CutChange change, long since, byte[] memory, byte[] expected) {}

    private enum Kind {
        WRITE,
        WRITE_AND_FORCE,
        READ,
        FORCE
    }

    CutTraffic(
            CutSetup setup,
            CutOracle oracle,
            RandomGenerator random,
            SimulatedEngine engine,
            Deque<String> history) {
        this.setup = setup;
        this.oracle = oracle;
        this.random = random;
        this.engine = engine;
        this.history = history;
    }

    /** Goes on until the power goes, or so many requests are made. */
    void run(int requests) {
        try {
            open();
            for (int i = 0; i < requests && !engine.isDead(); i++) {
                step();
            }
        } catch (IOException e) {
            requireCut(e);
        } finally {
            closeAfterCut();
        }
    }

    private void requireCut(IOException e) {
        if (!engine.isDead()) {
            throw new AssertionError("a request failed, and the power is there", e);
        }
    }

    private void closeAfterCut() {
        if (!engine.isDead()) {
            engine.disk().powerCut(random);
        }
        note("cut: " + engine.disk().remains());
        try {
            if (queue != null) {
                queue.close();
            }
        } catch (IOException e) {
            requireCut(e);
        }
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            requireCut(e);
        }
    }

    private void note(String text) {
        history.add(text);
        if (history.size() > SHOWN) {
            history.remove();
        }
    }

    private void open() throws IOException {
        note("open");
        file = DirectFile.open(CutSetup.DATA, setup.writer(), engine);
        queue = DirectQueue.open(setup.depth(), Engine.AUTO, engine);
    }

    private DirectFile file() {
        if (file == null) {
            throw new IllegalStateException("the file is not open");
        }
        return file;
    }

    private DirectQueue queue() {
        if (queue == null) {
            throw new IllegalStateException("the queue is not open");
        }
        return queue;
    }

    private void step() throws IOException {
        int choice = random.nextInt(100);
        if (choice < 25) {
            write();
        } else if (choice < 60) {
            ask();
        } else if (choice < 70) {
            queue().poll(this::complete);
        } else if (choice < 76) {
            drain();
        } else if (choice < 82) {
            read();
        } else if (choice < 87) {
            force();
        } else if (choice < 91) {
            truncate();
        } else if (choice < 93) {
            allocate();
        } else if (choice < 95) {
            seal();
        } else if (choice < 96) {
            reopen();
        } else {
            write();
        }
    }

    // ---- blocking ----

    private void write() throws IOException {
        long position = position();
        byte[] bytes = bytes(position);
        note("write " + position + "+" + bytes.length);
        boolean refuses = oracle.refuses(position, bytes.length);
        if (refuses) {
            try {
                file().write(MemorySegment.ofArray(bytes), position);
            } catch (ProtectionException _) {
                return;
            }
            throw new AssertionError("a write kept a part of an interval that is an error");
        }
        CutChange change = oracle.write(position, bytes);
        file().write(MemorySegment.ofArray(bytes), position);
        done(change);
    }

    private void done(CutChange change) {
        oracle.done(change);
        if (setup.durability() == Durability.DSYNC) {
            oracle.durable(change, Durable.DATA);
        }
    }

    private void read() throws IOException {
        long position = position();
        byte[] bytes = new byte[length()];
        note("read " + position + "+" + bytes.length);
        byte[] expected = oracle.expected(position, bytes.length);
        int torn = oracle.torn(position, bytes.length);
        long unverified = file().counts().unverifiedIntervals();
        try {
            long read = file().read(MemorySegment.ofArray(bytes), position);
            check(torn == 0, "an interval that is an error was read");
            check(read == expected.length, "bytes read=" + read + " there=" + expected.length);
            check(Arrays.equals(Arrays.copyOf(bytes, (int) read), expected), "other data was read");
        } catch (ProtectionException e) {
            checkError(e, position, bytes.length);
            return;
        }
        long counted = file().counts().unverifiedIntervals() - unverified;
        long there = expected.length == 0 ? 0 : oracle.unprotected(position, expected.length);
        check(
                asked.size() > 0 || counted == there,
                "unverified intervals were not counted: counted=" + counted);
    }

    private void checkError(ProtectionException e, long position, long length) {
        for (BadInterval bad : e.intervals()) {
            check(
                    oracle.torn(bad.position(), 1) == 1
                            && bad.position() + oracle.interval() > position
                            && bad.position() < position + length,
                    "a good interval is an error: " + bad);
        }
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new AssertionError(message);
        }
    }

    private void force() throws IOException {
        note("force");
        long since = oracle.time();
        file().force();
        oracle.forced(since);
    }

    private void truncate() throws IOException {
        long size =
                random.nextBoolean()
                        ? random.nextLong(1 + setup.longest())
                        : Math.max(0, oracle.size() - random.nextInt(3 * oracle.interval()));
        if (random.nextBoolean()) {
            size -= size % oracle.interval();
        }
        note("truncate " + size);
        if (size < oracle.size() && size % oracle.interval() > 0 && oracle.torn(size, 1) > 0) {
            drain();
            try {
                file().truncate(size);
            } catch (ProtectionException _) {
                return;
            }
            throw new AssertionError("a part of an interval that is an error was kept");
        }
        CutChange change = oracle.resize(size);
        file().truncate(size);
        oracle.done(change);
    }

    private void allocate() throws IOException {
        long position = position();
        int length = length();
        if (position + length > setup.longest()) {
            return;
        }
        note("allocate " + position + "+" + length);
        CutChange change =
                position + length > oracle.size() ? oracle.resize(position + length) : null;
        file().allocate(position, length);
        if (change != null) {
            oracle.done(change);
        }
    }

    private void seal() throws IOException {
        drain();
        long position = position() / oracle.interval() * oracle.interval();
        long interval = oracle.interval();
        long length = (length() + interval - 1) / interval * interval;
        note("seal " + position + "+" + length);
        CutChange change = oracle.seal(position, length);
        file().seal(position, length);
        oracle.done(change);
    }

    private void reopen() throws IOException {
        drain();
        note("close");
        file().close();
        file = null;
        note("reopen");
        file = DirectFile.open(CutSetup.DATA, setup.writer(), engine);
        check(
                file().size() == oracle.size(),
                "size=" + file().size() + " expected=" + oracle.size());
    }

    // ---- queued ----

    private void ask() throws IOException {
        if (queue().pending() == queue().depth()) {
            queue().await(1 + random.nextInt(queue().depth()), this::complete);
        }
        switch (random.nextInt(10)) {
            case 0 -> askToForce();
            case 1 -> askToRead();
            case 2, 3 -> askToWrite(Kind.WRITE_AND_FORCE);
            default -> askToWrite(Kind.WRITE);
        }
    }

    private void askToForce() throws IOException {
        note("queue: force");
        asked.put(++token, new Asked(Kind.FORCE, null, oracle.time(), new byte[0], new byte[0]));
        queue().force(file(), token);
    }

    private void askToRead() throws IOException {
        long position = position();
        int length = (int) Math.min(length(), oracle.sizeNow() - position);
        if (length <= 0 || oracle.torn(position, length) > 0) {
            return;
        }
        byte[] memory = new byte[length];
        note("queue: read " + position + "+" + length);
        byte[] expected = oracle.expected(position, length);
        asked.put(++token, new Asked(Kind.READ, null, 0, memory, expected));
        queue().read(file(), MemorySegment.ofArray(memory), position, token);
    }

    private void askToWrite(Kind kind) throws IOException {
        long position = position();
        byte[] bytes = bytes(position);
        if (oracle.refuses(position, bytes.length)) {
            return;
        }
        note("queue: " + kind + " " + position + "+" + bytes.length);
        CutChange change = oracle.write(position, bytes);
        asked.put(++token, new Asked(kind, change, 0, bytes, bytes));
        MemorySegment memory = MemorySegment.ofArray(bytes);
        if (kind == Kind.WRITE) {
            queue().write(file(), memory, position, token);
        } else {
            queue().writeAndForce(file(), memory, position, token);
        }
    }

    private void drain() throws IOException {
        while (queue().pending() > 0) {
            queue().await(1, this::complete);
        }
    }

    private void complete(Completion completion) throws IOException {
        Asked done = asked.remove(completion.token());
        if (done == null) {
            throw new AssertionError("nobody asked for that: " + completion);
        }
        long bytes = completion.bytes();
        switch (done.kind) {
            case READ -> {
                check(bytes == done.expected.length, "queue: bytes read=" + bytes);
                check(Arrays.equals(done.memory, done.expected), "queue: other data was read");
            }
            case FORCE -> oracle.forced(done.since);
            case WRITE -> done(changeOf(done));
            case WRITE_AND_FORCE -> {
                oracle.done(changeOf(done));
                oracle.durable(changeOf(done), Durable.ALL);
            }
        }
    }

    private static CutChange changeOf(Asked done) {
        if (done.change == null) {
            throw new AssertionError("a write is a change");
        }
        return done.change;
    }

    // ---- where and what ----

    /** Often the same few places, often at the end of the file. */
    private long position() {
        long position =
                switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(8) * 3L * oracle.interval();
                    case 1 -> Math.max(0, oracle.size() - random.nextInt(4 * oracle.interval()));
                    default -> random.nextLong(setup.longest() - 1);
                };
        position = Math.min(position, setup.longest() - 1);
        return switch (random.nextInt(4)) {
            case 0 -> position;
            case 1 -> position - position % setup.unit();
            default -> position - position % oracle.interval();
        };
    }

    private int length() {
        int most =
                switch (random.nextInt(16)) {
                    case 0 -> setup.longest() / 2;
                    case 1, 2, 3 -> 16 * oracle.interval();
                    default -> 3 * oracle.interval();
                };
        int length = 1 + random.nextInt(Math.min(most, 64 << 10));
        return random.nextInt(4) == 0
                ? length
                : Math.max(oracle.interval(), length - length % oracle.interval());
    }

    private byte[] bytes(long position) {
        byte[] bytes = new byte[(int) Math.min(length(), setup.longest() - position)];
        if (random.nextInt(32) > 0) {
            random.nextBytes(bytes);
        }
        return bytes;
    }
}
