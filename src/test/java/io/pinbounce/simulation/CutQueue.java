package io.pinbounce.simulation;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.Durability;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.simulation.CutInterval.Durable;
import io.pinbounce.simulation.CutSetup.Faults;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Random requests of a queue, and what is to come of them. */
final class CutQueue implements AutoCloseable {

    private final CutSetup setup;

    private final CutOracle oracle;

    private final RandomGenerator random;

    private final CutMachine machine;

    private final CutPositions positions;

    private final CutFaults faults;

    private final DirectQueue queue;

    private final Map<Long, Asked> asked = new HashMap<>();

    private DirectFile file;

    private long token;

    /** What the queue was asked for. */
    private record Asked(
            Kind kind,
            @Nullable CutChange change,
            long at,
            MemorySegment memory,
            MemorySegment expected) {

        /** Something that brings and fetches nothing. */
        static Asked without(Kind kind, @Nullable CutChange change, long at) {
            return new Asked(kind, change, at, MemorySegment.NULL, MemorySegment.NULL);
        }

        CutChange write() {
            if (change == null) {
                throw new AssertionError("a write is a change");
            }
            return change;
        }
    }

    private enum Kind {
        WRITE,
        WRITE_AND_FORCE,
        SEAL,
        READ,
        FORCE
    }

    CutQueue(
            CutSetup setup,
            CutOracle oracle,
            RandomGenerator random,
            CutMachine machine,
            CutFaults faults,
            DirectFile file)
            throws IOException {
        this.setup = setup;
        this.oracle = oracle;
        this.random = random;
        this.machine = machine;
        this.faults = faults;
        this.file = file;
        positions = new CutPositions(setup, oracle, random);
        queue = OnEngine.queue(setup.depth(), Engine.AUTO, machine.library());
    }

    /** The file was closed and opened again. */
    void use(DirectFile other) {
        file = other;
    }

    boolean isBusy() {
        return !asked.isEmpty();
    }

    /** Asks for something. */
    void ask() throws IOException {
        if (queue.pending() == queue.depth()) {
            queue.await(1 + random.nextInt(queue.depth()), this::complete);
        }
        switch (random.nextInt(10)) {
            case 0 -> askToForce();
            case 1 -> askForOld();
            case 2, 3 -> askToWrite(Kind.WRITE_AND_FORCE);
            default -> askToWrite(Kind.WRITE);
        }
    }

    private void askToForce() throws IOException {
        machine.note("queue: force");
        asked.put(++token, Asked.without(Kind.FORCE, null, oracle.time()));
        queue.force(file, token);
    }

    private void askForOld() throws IOException {
        if (random.nextInt(4) > 0 || setup.faults() == Faults.FAILING) {
            askToRead();
        } else {
            askToSeal();
        }
    }

    private void askToSeal() throws IOException {
        long position = Alignment.down(positions.position(), oracle.interval());
        long length = Alignment.up(positions.length(position), oracle.interval());
        machine.note("queue: seal " + position + "+" + length);
        CutChange change = oracle.seal(position, length);
        asked.put(++token, Asked.without(Kind.SEAL, change, position));
        queue.seal(file, position, length, token);
    }

    private void askToRead() throws IOException {
        long position = positions.position();
        int length = Math.clamp(oracle.sizeNow() - position, 0, positions.length(position));
        if (!makesWay(position, length) || length == 0 || oracle.torn(position, length) > 0) {
            return;
        }
        MemorySegment memory = MemorySegment.ofArray(new byte[length]);
        machine.note("queue: read " + position + "+" + length);
        MemorySegment expected = MemorySegment.ofArray(oracle.expected(position, length));
        asked.put(++token, new Asked(Kind.READ, null, position, memory, expected));
        queue.read(file, memory, position, token);
    }

    private void askToWrite(Kind kind) throws IOException {
        long position = positions.position();
        byte[] bytes = positions.bytes(position);
        if (!makesWay(position, bytes.length) || oracle.refuses(position, bytes.length)) {
            return;
        }
        machine.note("queue: " + kind + " " + position + "+" + bytes.length);
        CutChange change = oracle.write(position, bytes);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        asked.put(++token, new Asked(kind, change, position, memory, memory));
        if (kind == Kind.WRITE) {
            queue.write(file, memory, position, token);
        } else {
            queue.writeAndForce(file, memory, position, token);
        }
    }

    /**
     * Where writes may fail, nothing is asked for that depends on one that is under way: what would
     * come of it?
     *
     * @return false if some write has failed that is to be looked at first
     */
    boolean makesWay(long position, long length) throws IOException {
        if (setup.faults() != Faults.FAILING || asked.isEmpty()) {
            return !faults.isSuspected();
        }
        long start = Alignment.down(position, setup.unit());
        long end = position + length + setup.unit();
        boolean depends = end > oracle.sizeNow() || oracle.size() != oracle.sizeNow();
        for (Asked one : asked.values()) {
            long to = one.at + one.memory.byteSize() + setup.unit();
            depends |= one.kind != Kind.FORCE && one.at - setup.unit() < end && start < to;
        }
        if (depends) {
            drain();
        }
        return !faults.isSuspected();
    }

    /** The same for writes that change the size. */
    boolean settlesSize() throws IOException {
        if (oracle.size() != oracle.sizeNow() || setup.faults() == Faults.FAILING) {
            drain();
        }
        return !faults.isSuspected();
    }

    void poll() throws IOException {
        queue.poll(this::complete);
    }

    void drain() throws IOException {
        while (queue.pending() > 0) {
            queue.await(1, this::complete);
        }
    }

    private void complete(Completion completion) {
        Asked done = asked.remove(completion.token());
        if (done == null) {
            throw new AssertionError("unexpected completion: " + completion);
        }
        long bytes;
        try {
            bytes = completion.bytes();
        } catch (IOException e) {
            faults.failed(e);
            switch (done.kind) {
                case WRITE, WRITE_AND_FORCE -> faults.suspect(done.write());
                case FORCE, SEAL -> faults.breaks();
                case READ -> {}
            }
            return;
        }
        switch (done.kind) {
            case READ -> {
                boolean same = done.memory.mismatch(done.expected) < 0;
                if (bytes != done.expected.byteSize() || !same) {
                    throw new AssertionError("other data was read: position=" + done.at);
                }
            }
            case FORCE -> oracle.forced(done.at);
            case SEAL -> oracle.done(done.write());
            case WRITE -> {
                oracle.done(done.write());
                if (setup.durability() == Durability.DSYNC) {
                    oracle.durable(done.write(), Durable.DATA);
                }
            }
            case WRITE_AND_FORCE -> {
                oracle.done(done.write());
                oracle.durable(done.write(), Durable.ALL);
            }
        }
    }

    @Override
    public void close() throws IOException {
        queue.close();
    }
}
