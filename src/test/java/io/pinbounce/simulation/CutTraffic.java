package io.pinbounce.simulation;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.Durability;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.simulation.CutInterval.Durable;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** Random requests on one file, each told to the oracle, until the machine ends. */
final class CutTraffic {

    private static final MemorySegment PINNED = PinnedArena.ofShared().allocate(128 << 10);

    private final CutSetup setup;

    private final CutOracle oracle;

    private final RandomGenerator random;

    private final CutMachine machine;

    private final CutPositions positions;

    private final CutFaults faults;

    /** The file, and the same once more, whose memory goes to the disk itself. */
    private @Nullable DirectFile file;

    private @Nullable DirectFile pinned;

    private @Nullable CutQueue queue;

    CutTraffic(CutSetup setup, CutOracle oracle, RandomGenerator random, CutMachine machine) {
        this.setup = setup;
        this.oracle = oracle;
        this.random = random;
        this.machine = machine;
        positions = new CutPositions(setup, oracle, random);
        faults = new CutFaults(setup, oracle, random, machine);
    }

    /**
     * Goes on until the machine ends, or so many requests are made, or the file is no good any
     * more.
     *
     * @param opened the file, if it is open already
     */
    void run(int requests, @Nullable DirectFile opened) {
        try {
            faults.begin();
            open(opened);
            for (int i = 0; i < requests && !faults.isBroken(); i++) {
                step();
                if (faults.isSuspected()) {
                    queue().drain();
                    faults.observe(file());
                }
            }
            queue().drain();
            if (random.nextInt(4) > 0) {
                machine.end();
            }
        } catch (IOException e) {
            faults.failed(e);
        }
        close(queue);
        close(pinned);
        close(file);
        faults.end();
    }

    private void close(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (IOException e) {
            faults.failed(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void open(@Nullable DirectFile opened) throws IOException {
        machine.note(opened == null ? "open" : "go on");
        file = opened;
        if (opened == null) {
            open(UnaryOperator.identity());
        }
        queue = new CutQueue(setup, oracle, random, machine, faults, file());
    }

    private void open(UnaryOperator<DirectOptions> change) throws IOException {
        Mode mode = setup.mode(random);
        file = machine.open(change.apply(setup.writer(mode)));
        oracle.opened(mode);
    }

    /** Opened in the mode of the other, like all that are open at once. */
    private DirectFile pinned() throws IOException {
        if (pinned == null) {
            pinned = machine.open(setup.writer(oracle.mode()).transfer(Transfer.PIN));
        }
        return pinned;
    }

    private DirectFile file() {
        if (file == null) {
            throw new IllegalStateException("the file is not open");
        }
        return file;
    }

    private CutQueue queue() {
        if (queue == null) {
            throw new IllegalStateException("the queue is not open");
        }
        return queue;
    }

    private void step() throws IOException {
        machine.settle();
        int choice = random.nextInt(100);
        if (choice < 30) {
            write();
        } else if (choice < 64) {
            queue().ask();
        } else if (choice < 73) {
            queue().poll();
        } else if (choice < 78) {
            queue().drain();
        } else if (choice < 84) {
            read();
        } else if (choice < 89) {
            force();
        } else if (choice < 93) {
            truncate();
        } else if (choice < 95) {
            allocate();
        } else if (choice < 98) {
            seal();
        } else {
            reopen();
        }
    }

    private void write() throws IOException {
        long position = positions.position();
        byte[] bytes = positions.bytes(position);
        if (!queue().makesWay(position, bytes.length)) {
            return;
        }
        machine.note("write " + position + "+" + bytes.length);
        if (oracle.refuses(position, bytes.length)) {
            requireRefused(() -> file().write(MemorySegment.ofArray(bytes), position));
            return;
        }
        CutChange change = oracle.write(position, bytes);
        try {
            if (pins(position, bytes.length)) {
                MemorySegment memory = PINNED.asSlice(0, bytes.length);
                pinned().write(memory.copyFrom(MemorySegment.ofArray(bytes)), position);
            } else {
                file().write(MemorySegment.ofArray(bytes), position);
            }
        } catch (IOException e) {
            faults.failed(e);
            faults.suspect(change);
            return;
        }
        oracle.done(change);
        if (setup.durability() == Durability.DSYNC) {
            oracle.durable(change, Durable.DATA);
        }
    }

    private boolean pins(long position, long length) {
        return position % setup.unit() == 0 && length % setup.unit() == 0 && random.nextInt(4) == 0;
    }

    /** A request that may throw. */
    private interface Call {
        void make() throws IOException;
    }

    private void requireRefused(Call call) throws IOException {
        try {
            call.make();
        } catch (ProtectionException _) {
            return;
        } catch (IOException e) {
            faults.failed(e);
            return;
        }
        throw new AssertionError("a part of an interval that is an error was kept");
    }

    private void read() throws IOException {
        if (!queue().settlesSize()) {
            return;
        }
        long position = positions.position();
        byte[] bytes = new byte[positions.length(position)];
        machine.note("read " + position + "+" + bytes.length);
        byte[] expected = oracle.expected(position, bytes.length);
        int torn = oracle.torn(position, bytes.length);
        long unverified = unverified();
        try {
            long read = read(bytes, position);
            check(torn == 0, "an interval that is an error was read");
            check(read == expected.length, "bytes read=" + read + " there=" + expected.length);
            check(Arrays.equals(Arrays.copyOf(bytes, (int) read), expected), "other data was read");
        } catch (ProtectionException e) {
            checkError(e, position, bytes.length);
            return;
        } catch (IOException e) {
            faults.failed(e);
            return;
        }
        long counted = unverified() - unverified;
        check(
                queue().isBusy() || counted == oracle.unprotected(position, bytes.length),
                "unverified intervals were not counted: counted=" + counted);
    }

    private long read(byte[] bytes, long position) throws IOException {
        if (!pins(position, bytes.length)) {
            return file().read(MemorySegment.ofArray(bytes), position);
        }
        MemorySegment memory = PINNED.asSlice(0, bytes.length);
        long read = pinned().read(memory, position);
        MemorySegment.ofArray(bytes).copyFrom(memory);
        return read;
    }

    private long unverified() {
        long pins = pinned == null ? 0 : pinned.counts().unverifiedIntervals();
        return pins + file().counts().unverifiedIntervals();
    }

    private void checkError(ProtectionException e, long position, long length) {
        for (BadInterval bad : e.intervals()) {
            check(
                    bad.position() + oracle.interval() > position
                            && bad.position() < position + length,
                    "an interval is an error that was not read: " + bad);
            check(
                    oracle.torn(bad.position(), 1) == 1 || machine.explains(bad),
                    "a good interval is an error: " + bad);
        }
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new AssertionError(message);
        }
    }

    private void force() throws IOException {
        machine.note("force");
        long since = oracle.time();
        try {
            file().force();
        } catch (IOException e) {
            faults.failed(e);
            faults.breaks();
            return;
        }
        oracle.forced(since);
    }

    private void truncate() throws IOException {
        long size = positions.size();
        if (!queue().makesWay(size, Long.MAX_VALUE - size - setup.unit())) {
            return;
        }
        machine.note("truncate " + size);
        if (size < oracle.size() && size % oracle.interval() > 0 && oracle.torn(size, 1) > 0) {
            queue().drain();
            requireRefused(() -> file().truncate(size));
            return;
        }
        resize(oracle.resize(size), () -> file().truncate(size));
    }

    private void resize(CutChange change, Call call) throws IOException {
        try {
            call.make();
        } catch (IOException e) {
            faults.failed(e);
            faults.breaks();
            return;
        }
        oracle.done(change);
    }

    private void allocate() throws IOException {
        long position = positions.position();
        int length = positions.length(position);
        if (!queue().settlesSize()) {
            return;
        }
        machine.note("allocate " + position + "+" + length);
        long size = Math.max(oracle.size(), position + length);
        resize(oracle.resize(size), () -> file().allocate(position, length));
    }

    private void seal() throws IOException {
        queue().drain();
        if (faults.isSuspected()) {
            return;
        }
        long position = Alignment.down(positions.position(), oracle.interval());
        long length = Alignment.up(positions.length(position), oracle.interval());
        machine.note("seal " + position + "+" + length);
        CutChange change = oracle.seal(position, length);
        resize(change, () -> file().seal(position, length));
    }

    private void reopen() throws IOException {
        queue().drain();
        if (faults.isSuspected()) {
            return;
        }
        CutChange change = random.nextInt(8) == 0 ? oracle.resize(0) : null;
        machine.note(change == null ? "close, open" : "close, open empty");
        try {
            DirectFile last = file();
            file = null;
            close(pinned);
            pinned = null;
            last.close();
            open(change == null ? UnaryOperator.identity() : DirectOptions::truncate);
            queue().use(file());
        } catch (IOException e) {
            faults.failed(e);
            faults.breaks();
            return;
        }
        if (change != null) {
            oracle.done(change);
        }
        long size = file().size();
        check(size == oracle.size(), "size=" + size + " expected=" + oracle.size());
    }
}
