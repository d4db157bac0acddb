package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which contents a file may have after a power cut, by the rules alone and without the disk's code:
 * for each number of sizes that may be left, each sector is compared with everything that was ever
 * written to it.
 */
final class CutModel {

    /** A sector written at some time, or another size. */
    private static final class Event {

        final boolean isSize;

        /** The sector's number, or the size. */
        final long target;

        final byte[] bytes;

        Event(boolean isSize, long target, byte[] bytes) {
            this.isSize = isSize;
            this.target = target;
            this.bytes = bytes;
        }
    }

    /** What was durable when the events began. */
    private byte[] base = new byte[0];

    private final List<Event> events = new ArrayList<>();

    private long size;

    /** How many sizes cannot be lost. */
    private int durableSizes;

    /** For each sector, the oldest event that may be left of it. */
    private final Map<Long, Integer> oldest = new HashMap<>();

    void write(long position, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += SECTOR) {
            byte[] sector = Arrays.copyOfRange(bytes, at, at + SECTOR);
            events.add(new Event(false, (position + at) / SECTOR, sector));
        }
        resize(Math.max(size, position + bytes.length));
    }

    /** A write that is durable when it is done. */
    void writeDurably(long position, byte[] bytes) {
        int first = events.size();
        write(position, bytes);
        durableSizes = 0;
        for (Event event : events) {
            durableSizes += event.isSize ? 1 : 0;
        }
        for (int i = first; i < events.size(); i++) {
            if (!events.get(i).isSize) {
                oldest.put(events.get(i).target, i);
            }
        }
    }

    void resize(long bytes) {
        if (bytes != size) {
            size = bytes;
            events.add(new Event(true, bytes, new byte[0]));
        }
    }

    /** Starts anew with these contents, all of them durable. */
    void settle(byte[] contents) {
        base = contents;
        size = contents.length;
        events.clear();
        oldest.clear();
        durableSizes = 0;
    }

    /** Whether a power cut may leave these contents. */
    boolean allows(byte[] contents) {
        List<Event> sizes = events.stream().filter(event -> event.isSize).toList();
        boolean allowed = false;
        for (int left = durableSizes; left <= sizes.size() && !allowed; left++) {
            long bytes = left == 0 ? base.length : sizes.get(left - 1).target;
            allowed = bytes == contents.length && allows(contents, left);
        }
        return allowed;
    }

    private boolean allows(byte[] contents, int sizesLeft) {
        byte[] padded = Arrays.copyOf(contents, contents.length + SECTOR);
        boolean allowed = true;
        for (int at = 0; at < contents.length && allowed; at += SECTOR) {
            byte[] found = Arrays.copyOfRange(padded, at, at + SECTOR);
            allowed = allows(found, at / SECTOR, sizesLeft, contents.length);
        }
        return allowed;
    }

    private boolean allows(byte[] found, long sector, int sizesLeft, long end) {
        int first = oldest.getOrDefault(sector, -1);
        boolean allowed = false;
        for (int i = first; i < events.size() && !allowed; i++) {
            boolean written = i < 0 || (!events.get(i).isSize && events.get(i).target == sector);
            if (written && isReachable(i, sector, sizesLeft)) {
                byte[] bytes = i < 0 ? baseOf(sector) : events.get(i).bytes.clone();
                hide(bytes, i, sector, sizesLeft);
                clear(bytes, end - sector * SECTOR);
                allowed = Arrays.equals(bytes, found);
            }
        }
        return allowed;
    }

    private byte[] baseOf(long sector) {
        int from = (int) Math.min(base.length, sector * SECTOR);
        int to = (int) Math.min(base.length, (sector + 1) * SECTOR);
        return Arrays.copyOf(Arrays.copyOfRange(base, from, to), SECTOR);
    }

    /** Whether no size that was lost had cut the sector off before it was written. */
    private boolean isReachable(int write, long sector, int sizesLeft) {
        int sizes = 0;
        boolean reachable = true;
        for (Event event : events.subList(0, Math.max(0, write))) {
            sizes += event.isSize ? 1 : 0;
            reachable &= !event.isSize || sizes <= sizesLeft || event.target > sector * SECTOR;
        }
        return reachable;
    }

    /** Clears the bytes that a size cut off after they were written. */
    private void hide(byte[] bytes, int write, long sector, int sizesLeft) {
        int sizes = 0;
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            sizes += event.isSize ? 1 : 0;
            if (event.isSize && sizes <= sizesLeft && i > write) {
                clear(bytes, event.target - sector * SECTOR);
            }
        }
    }

    private static void clear(byte[] sector, long from) {
        if (from < SECTOR) {
            Arrays.fill(sector, (int) Math.max(0, from), SECTOR, (byte) 0);
        }
    }
}
