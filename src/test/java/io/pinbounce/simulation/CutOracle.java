package io.pinbounce.simulation;

import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.simulation.CutInterval.Durable;
import io.pinbounce.simulation.CutVersion.State;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a file may be after a power cut, as its user knows it: for each interval every version since
 * the last force, and the one before; and every size. Changes are told in the order in which the
 * library makes them, which is that in which they were asked for.
 */
final class CutOracle {

    private final int interval;

    private final long unit;

    private final CutVersion zeros;

    /** Intervals that were ever anything but protected zeros. */
    private final TreeMap<Long, CutInterval> known = new TreeMap<>();

    /** Intervals of which more than one version is possible. */
    private final Set<CutInterval> open = new LinkedHashSet<>();

    private final List<Size> sizes = new ArrayList<>();

    private Mode mode = Mode.JOURNAL;

    private long time;

    private long changes;

    /**
     * How long the file may be.
     *
     * @param bytes when the change is done
     * @param padded while it is under way
     */
    private record Size(long bytes, long padded, @Nullable CutChange by) {}

    /**
     * An empty file.
     *
     * @param unit what the library pads the ends of writes to
     */
    CutOracle(int interval, long unit) {
        this.interval = interval;
        this.unit = unit;
        zeros = new CutVersion(new byte[interval], State.PROTECTED, null);
        sizes.add(new Size(0, 0, null));
    }

    int interval() {
        return interval;
    }

    /** From here on the sidecar is in that mode. */
    void opened(Mode current) {
        mode = current;
    }

    Mode mode() {
        return mode;
    }

    /** The file starts with unprotected data. */
    void startUnprotected(byte[] data) {
        for (long number = 0; number * interval < data.length; number++) {
            int at = (int) number * interval;
            byte[] bytes = Arrays.copyOfRange(data, at, at + interval);
            CutVersion base = new CutVersion(bytes, State.UNPROTECTED, null);
            known.put(number, new CutInterval(number, base));
        }
        settleSize(data.length);
    }

    /** Intervals that ever were anything but zeros. */
    Iterable<Long> knownIntervals() {
        return List.copyOf(known.keySet());
    }

    /** How long the file is once all is done that was asked for. */
    long size() {
        return sizes.getLast().bytes();
    }

    /** How long it is by now. */
    long sizeNow() {
        for (Size size : sizes.reversed()) {
            if (size.by() == null || size.by().isDoneBy(time)) {
                return size.bytes();
            }
        }
        return sizes.getFirst().bytes();
    }

    CutInterval at(long number) {
        CutInterval found = known.get(number);
        return found == null ? new CutInterval(number, zeros) : found;
    }

    private void add(long number, byte[] bytes, State state, CutChange by) {
        CutInterval changed = known.computeIfAbsent(number, n -> new CutInterval(n, zeros));
        changed.add(new CutVersion(bytes, state, by), mode);
        open.add(changed);
    }

    /** What the file holds once all requests are done. */
    byte[] expected(long position, int length) {
        byte[] bytes = new byte[Math.clamp(size() - position, 0, length)];
        for (int done = 0; done < bytes.length; ) {
            long number = (position + done) / interval;
            int from = (int) ((position + done) % interval);
            int some = Math.min(interval - from, bytes.length - done);
            CutInterval there = known.get(number);
            if (there != null) {
                System.arraycopy(there.newest().bytes(), from, bytes, done, some);
            }
            done += some;
        }
        return bytes;
    }

    /** How many intervals of a range are read without being verified. */
    int unprotected(long position, long length) {
        return count(position, length, State.UNPROTECTED);
    }

    /** How many intervals of a range are errors. */
    int torn(long position, long length) {
        return count(position, length, State.TORN);
    }

    private int count(long position, long length, State state) {
        long end = Math.min(position + length, size());
        int count = 0;
        for (long number = position / interval;
                position < end && number * interval < end;
                number++) {
            CutInterval there = known.get(number);
            count += there != null && there.newest().state() == state ? 1 : 0;
        }
        return count;
    }

    /** Whether a write keeps a part of an interval that is an error. */
    boolean refuses(long position, long length) {
        long end = position + length;
        boolean refuses = false;
        for (long number = position / interval; number * interval < end; number++) {
            refuses |= keepsOld(number, position, end) && at(number).newest().state() == State.TORN;
        }
        return refuses;
    }

    private boolean keepsOld(long number, long position, long end) {
        long begin = number * interval;
        long old = Math.min(begin + interval, size());
        return (begin < position && begin < old) || end < old;
    }

    /** A write is asked for. */
    CutChange write(long position, byte[] bytes) {
        CutChange change = change("write " + position + "+" + bytes.length);
        long end = position + bytes.length;
        for (long number = position / interval; number * interval < end; number++) {
            CutVersion before = at(number).newest();
            byte[] after = before.bytes().clone();
            long begin = number * interval;
            int from = (int) Math.max(position - begin, 0);
            int to = (int) Math.min(end - begin, interval);
            System.arraycopy(bytes, (int) (begin + from - position), after, from, to - from);
            State state = keepsOld(number, position, end) ? before.state() : State.PROTECTED;
            add(number, after, state, change);
        }
        long padded = Alignment.up(end, unit);
        if (padded > size()) {
            sizes.add(new Size(Math.max(end, size()), padded, change));
        }
        return change;
    }

    /** Another size is asked for. */
    CutChange resize(long bytes) {
        CutChange change = change("resize " + bytes);
        if (bytes < size()) {
            cut(bytes, change);
        }
        sizes.add(new Size(bytes, bytes, change));
        return change;
    }

    private void cut(long bytes, CutChange change) {
        long number = bytes / interval;
        int within = (int) (bytes % interval);
        CutInterval last = known.get(number);
        if (within > 0 && last != null) {
            byte[] cut = last.newest().bytes().clone();
            Arrays.fill(cut, within, interval, (byte) 0);
            add(number, cut, last.newest().state(), change);
        }
        long gone = Alignment.up(bytes, interval) / interval;
        for (CutInterval behind : List.copyOf(known.tailMap(gone).values())) {
            add(behind.number, zeros.bytes(), State.PROTECTED, change);
        }
    }

    /** Sealing is asked for: intervals are protected as they are. */
    CutChange seal(long position, long length) {
        CutChange change = change("seal " + position + "+" + length);
        long end = Math.min(position + length, size());
        for (long number = position / interval; number * interval < end; number++) {
            CutInterval there = known.get(number);
            if (there != null) {
                add(number, there.newest().bytes(), State.PROTECTED, change);
            }
        }
        return change;
    }

    /** Intervals that a change may have changed, and that were not forced since. */
    List<CutInterval> changedBy(CutChange change) {
        return open.stream().filter(one -> one.isChangedBy(change)).toList();
    }

    /** After a write that failed: this is what an interval is now, and it can be relied on. */
    void observe(CutInterval one, byte[] bytes, State state, CutChange failed) {
        add(one.number, bytes, state, observed(failed));
    }

    /** After a write that failed: so long is the file now. */
    void observeSize(long bytes, CutChange failed) {
        sizes.add(new Size(bytes, bytes, observed(failed)));
    }

    private CutChange observed(CutChange failed) {
        CutChange seen = change("what is left of " + failed);
        done(seen);
        return seen;
    }

    private CutChange change(String text) {
        return new CutChange(changes++, text);
    }

    void done(CutChange change) {
        change.done(++time);
    }

    /** A change that is done is durable. */
    void durable(CutChange change, Durable what) {
        open.forEach(one -> one.durable(change, what));
        open.removeIf(CutInterval::isForced);
    }

    /** The time now: a force that begins later makes durable what is done by now. */
    long time() {
        return time;
    }

    /** All that was done by some time is durable. */
    void forced(long since) {
        open.forEach(one -> one.forced(since));
        open.removeIf(CutInterval::isForced);
        for (int i = sizes.size() - 1; i >= 0; i--) {
            Size size = sizes.get(i);
            if (size.by() == null || size.by().isDoneBy(since)) {
                sizes.set(i, new Size(size.bytes(), size.bytes(), null));
                sizes.subList(0, i).clear();
                return;
            }
        }
    }

    /** Whether a file of that size may be left. */
    boolean allowsSize(long bytes) {
        long least = sizes.stream().mapToLong(Size::bytes).min().orElse(0);
        long most = sizes.stream().mapToLong(Size::padded).max().orElse(0);
        return least <= bytes && bytes <= most;
    }

    String sizes() {
        return sizes.toString();
    }

    /** After a recovery: this is what the file is, for good. */
    void settleSize(long bytes) {
        sizes.clear();
        sizes.add(new Size(bytes, bytes, null));
        known.tailMap(Alignment.up(bytes, interval) / interval).clear();
        open.removeIf(one -> one.number * interval >= bytes);
    }

    /** After a recovery: this is what an interval is, for good. */
    void settle(long number, byte[] bytes, State state) {
        CutInterval before = known.get(number);
        if (before == null && state == State.PROTECTED && Arrays.equals(bytes, zeros.bytes())) {
            return;
        }
        known.put(number, new CutInterval(number, new CutVersion(bytes, state, null)));
        if (before != null) {
            open.remove(before);
        }
    }
}
