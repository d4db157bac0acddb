package io.pinbounce.internal.engine;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * A ring over a simulated disk, whose transfers are done late and in an order that its seed
 * decides. Only {@link #enter} and {@link #close} touch memory: reads fill it just before they
 * complete; writes take their bytes when they are sent, in some later enter, or when they complete,
 * so a change of memory during a write is noticed.
 *
 * <p>Time does not matter: while enough transfers are in flight, a wait completes them, however
 * short it is. Only a wait for more transfers than that takes real time. Once the power is cut, all
 * transfers in flight fail, whether or not they were done.
 */
final class SimulatedRing implements IoRing {

    private final RingOwner owner = new RingOwner();

    private final SimulatedEngine engine;

    /** The engine that moves the data: the simulated engine, or one that wraps it. */
    private final IoEngine mover;

    /** Guards what is in flight, since a power cut comes from any thread. */
    private final SimulatedDisk disk;

    private final Random chance;

    private final RingSlot[] slots;

    private final BitSet busy = new BitSet();

    private final Deque<Integer> prepared = new ArrayDeque<>();

    private final List<Integer> inFlight = new ArrayList<>();

    /** Transfers that have moved their bytes and are not complete yet. */
    private final BitSet moved = new BitSet();

    private final Completions done;

    private final ReentrantLock lock = new ReentrantLock();

    private final Wakeup wakeup = new Wakeup(lock);

    private boolean closed;

    SimulatedRing(SimulatedEngine engine, IoEngine mover, int depth, long seed) {
        this.engine = engine;
        this.mover = mover;
        disk = engine.disk();
        chance = new Random(seed);
        slots = new RingSlot[depth];
        for (int slot = 0; slot < depth; slot++) {
            slots[slot] = new RingSlot();
        }
        done = new Completions(depth);
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public int depth() {
        return slots.length;
    }

    @Override
    public void prep(int slot, Submission submission) {
        require();
        if (busy.get(slot)) {
            throw new IllegalStateException("a transfer is in the slot, slot=" + slot);
        }
        slots[slot].prep(submission);
        busy.set(slot);
        prepared.add(slot);
    }

    @Override
    public int enter(int min, long nanos) {
        require();
        synchronized (disk) {
            send();
        }
        lock.lock();
        try {
            wakeup.await(() -> reaches(min), nanos);
        } finally {
            lock.unlock();
        }
        return 0;
    }

    private void send() {
        inFlight.addAll(prepared);
        prepared.clear();
        for (int slot : inFlight) {
            if (slots[slot].submission().op() != Op.READ && chance.nextInt(3) == 0) {
                move(slot);
            }
        }
        completeSome(engine.isDead() ? inFlight.size() : chance.nextInt(inFlight.size() + 1));
    }

    /**
     * Whether so many transfers are done; completes some if need be. A wait calls it repeatedly.
     */
    private boolean reaches(int min) {
        synchronized (disk) {
            completeSome(Math.min(min - done.count(), inFlight.size()));
            return done.count() >= min;
        }
    }

    private void completeSome(int count) {
        for (int i = 0; i < count; i++) {
            int slot = inFlight.remove(/* index */ chance.nextInt(inFlight.size()));
            move(slot);
            moved.clear(slot);
            if (engine.isDead()) {
                fail(slot);
            } else {
                slots[slot].complete(slot, done);
            }
        }
    }

    /** Fails a transfer in flight after a power cut. */
    private void fail(int slot) {
        Submission submission = slots[slot].submission();
        done.add(slot, -Errno.EIO, submission.op() == Op.WRITE_FORCE ? -Errno.ECANCELED : 0);
        submission.clear();
    }

    private void move(int slot) {
        if (!moved.get(slot)) {
            moved.set(slot);
            slots[slot].execute(mover);
        }
    }

    /**
     * Does none, some or all writes in flight when the power fails, before the cut decides what is
     * left.
     */
    void tear(RandomGenerator random) {
        int share = random.nextInt(9); // of eight
        for (int slot : inFlight) {
            Submission submission = slots[slot].submission();
            boolean writes = submission.op() == Op.WRITE || submission.op() == Op.WRITE_FORCE;
            if (writes && !moved.get(slot) && random.nextInt(8) < share) {
                engine.tear(submission);
            }
        }
    }

    @Override
    public void drain(Completions out) {
        require();
        for (int i = 0; i < done.count(); i++) {
            out.add(done.slot(i), done.result(i), done.forced(i));
            busy.clear(done.slot(i));
        }
        done.clear();
    }

    private void require() {
        owner.require();
        if (closed) {
            throw new IllegalStateException("the ring is closed");
        }
    }

    @Override
    public void wake() {
        wakeup.wake();
    }

    @Override
    public void close() {
        owner.requireToClose();
        closeForOwner();
    }

    @Override
    public void closeForOwner() {
        closed = true;
        synchronized (disk) {
            completeSome(inFlight.size());
            disk.forget(this);
        }
    }
}
