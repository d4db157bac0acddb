package io.pinbounce.internal.uring;

import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.Registrable;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Files or memory that a ring registers with the kernel once, instead of naming them with each
 * request. They are told apart by identity, never by number or address, and get a place in the
 * kernel's table once enough bytes have gone through them. One that has ended loses its place as
 * soon as no transfer uses it.
 *
 * <p>Registering only saves work: when the table is full, or the kernel refuses, the ring uses the
 * number or address, and {@link #reason()} says why.
 *
 * @param <K> what is registered
 */
abstract class RingTable<K extends Registrable> {

    private final String what;

    private final int capacity;

    private final IdentityHashMap<K, Entry> entries;

    private final BitSet used;

    private @Nullable String reason;

    /**
     * What is known of a file or of memory: its place in the kernel's table, if it has one, and its
     * uses.
     */
    static final class Entry {

        /** Not registered: too few bytes have gone through it. */
        private static final int UNREGISTERED = -1;

        /** Not registered: the kernel refused, and is not asked again. */
        private static final int REFUSED = -2;

        private int index = UNREGISTERED;

        /** Transfers that use it. */
        private int uses;

        /** Bytes that have gone through it without a place. */
        private long moved;

        /** Keeps it, and its place, until {@link #release()}. */
        void use() {
            uses++;
        }

        void release() {
            uses--;
        }
    }

    RingTable(String what, int capacity) {
        this.what = what;
        this.capacity = capacity;
        entries = new IdentityHashMap<>(capacity);
        used = new BitSet(capacity);
    }

    /** Bytes that go through it before registering it is worth the cost. */
    abstract long threshold(K thing);

    /** Registers it with the kernel; the result is negative if the kernel refuses. */
    abstract int register(int index, K thing);

    /** Unregisters a place; the result is negative if the kernel refuses. */
    abstract int unregister(int index);

    /** Unregisters the whole table. */
    abstract void discard();

    /**
     * Finds the entry of what a transfer is about to use, and registers it once enough bytes have
     * gone through it.
     *
     * @param bytes how much the transfer moves
     * @return null if the table has no room for it
     */
    final @Nullable Entry find(K thing, long bytes) {
        Entry entry = entries.get(thing);
        if (entry == null) {
            entry = enter(thing);
        }
        if (entry == null || entry.index != Entry.UNREGISTERED) {
            return entry;
        }
        if (entry.moved >= threshold(thing)) {
            register(thing, entry);
        } else {
            entry.moved += bytes;
        }
        return entry;
    }

    /** The place in the kernel's table; negative if there is none. */
    static int place(@Nullable Entry entry) {
        return entry == null ? Entry.UNREGISTERED : entry.index;
    }

    private @Nullable Entry enter(K thing) {
        if (entries.size() == capacity) {
            if (capacity > 0) {
                note("the table is full, entries=" + capacity);
            }
            return null;
        }
        if (!thing.keep()) {
            return null; // its owner has ended it, so this is its last use
        }
        Entry entry = new Entry();
        entries.put(thing, entry);
        return entry;
    }

    private void register(K thing, Entry entry) {
        int index = used.nextClearBit(0);
        int result = register(index, thing);
        if (result < 0) {
            refused(-result);
            entry.index = Entry.REFUSED;
        } else {
            used.set(index);
            entry.index = index;
        }
    }

    /** Keeps the first reason why something is not registered. */
    final void refused(int errno) {
        note(
                Errno.describe(errno)
                        + (errno == Errno.ENOMEM
                                ? ", too little memory may be locked: raise ulimit -l"
                                : "")
                        + (", errno=" + errno));
    }

    private void note(String cause) {
        if (reason == null) {
            reason = "some " + what + " are not registered: " + cause;
        }
    }

    /** Whether there are any places. */
    final boolean isRegistered() {
        return capacity > 0;
    }

    final @Nullable String reason() {
        return reason;
    }

    /**
     * Lets go of what has ended and is not in use.
     *
     * @return false if something that has ended is still in use
     */
    final boolean forgetEnded() {
        boolean all = true;
        Iterator<Map.Entry<K, Entry>> each = entries.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<K, Entry> next = each.next();
            K thing = next.getKey();
            Entry entry = next.getValue();
            if (!thing.hasEnded()) {
                continue;
            }
            if (entry.uses > 0 || !forgotten(entry)) {
                all = false;
                continue;
            }
            each.remove();
            thing.letGo();
        }
        return all;
    }

    private boolean forgotten(Entry entry) {
        if (entry.index < 0) {
            return true;
        }
        int result = unregister(entry.index);
        if (result < 0) {
            note("unregistering failed, errno=" + -result);
            return false; // the kernel may still write there: it is kept, and unregistering is
                          // tried again
        }
        used.clear(entry.index);
        return true;
    }

    /** Lets go of everything, once the kernel has. */
    final void letGo() {
        entries.keySet().forEach(Registrable::letGo);
        entries.clear();
    }
}
