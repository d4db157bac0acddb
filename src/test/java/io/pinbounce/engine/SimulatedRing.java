package io.pinbounce.engine;

import io.pinbounce.engine.Submission.Op;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A ring over a simulated disk, whose transfers are done late and in any order, as its seed has it.
 * Only {@link #enter} and {@link #close} touch memory: reads fill it just before they complete;
 * writes take their bytes when they are sent, in some later enter, or when they complete, so memory
 * that changes while a write is in flight shows.
 *
 * <p>Time does not pass in here: while enough is in flight, a wait brings it, however short the
 * wait. Only a wait for more than that is a real one.
 */
final class SimulatedRing implements IoRing {

    private final RingOwner owner = new RingOwner();

    private final SimulatedEngine engine;

    private final Random chance;

    private final RingSlot[] slots;

    private final BitSet busy = new BitSet();

    private final Deque<Integer> prepared = new ArrayDeque<>();

    private final List<Integer> inFlight = new ArrayList<>();

    /** Those in flight that have moved their bytes, and do not say so yet. */
    private final BitSet moved = new BitSet();

    private final Completions done;

    private final ReentrantLock lock = new ReentrantLock();

    private final Wakeup wakeup = new Wakeup(lock);

    private boolean closed;

    SimulatedRing(SimulatedEngine engine, int depth, long seed) {
        this.engine = engine;
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
        inFlight.addAll(prepared);
        prepared.clear();
        for (int slot : inFlight) {
            if (slots[slot].submission().op() != Op.READ && chance.nextInt(3) == 0) {
                move(slot);
            }
        }
        completeSome(chance.nextInt(inFlight.size() + 1));
        lock.lock();
        try {
            wakeup.await(() -> reaches(min), nanos);
        } finally {
            lock.unlock();
        }
        return 0;
    }

    /** Whether so much is done, which may be made so. Asked again by a wait that is not over. */
    private boolean reaches(int min) {
        completeSome(Math.min(min - done.count(), inFlight.size()));
        return done.count() >= min;
    }

    private void completeSome(int count) {
        for (int i = 0; i < count; i++) {
            int slot = inFlight.remove(/* index */ chance.nextInt(inFlight.size()));
            move(slot);
            moved.clear(slot);
            slots[slot].complete(slot, done);
        }
    }

    private void move(int slot) {
        if (!moved.get(slot)) {
            moved.set(slot);
            slots[slot].execute(engine);
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
        closed = true;
        completeSome(inFlight.size());
    }
}
