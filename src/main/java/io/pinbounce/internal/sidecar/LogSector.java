package io.pinbounce.internal.sidecar;

import io.pinbounce.internal.sidecar.TupleStore.State;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * The records of a group of intents, in sectors each of which can be read by itself:
 *
 * <pre>
 *   0      4      6      8          16         24                       504     512
 *   | magic| index|count | sequence | data end |  records, 60 words      | check |
 * </pre>
 *
 * <p>{@code index} counts from 0 within the group, which has {@code count} sectors; a group is
 * durable if all are there. {@code data end} is the byte behind the last one that the data file may
 * reach. A record starts with a word of kind, number of words that follow, and first interval; a
 * word of zeros ends the sector:
 *
 * <pre>
 *   63        60 59           48 47                                       0
 *   |  kind     |  words        |  interval                               |
 *
 *   1  SEALS   words: seals of as many consecutive intervals, about to be written
 *   2  BASE    the same of unprotected data: what is there, and what will be if it stays so
 *   3  RESIZE  one word: the file is about to have that many bytes
 * </pre>
 */
final class LogSector {

    /** What a record says. */
    enum Kind {
        SEALS(1),
        BASE(2),
        RESIZE(3);

        private final long code;

        Kind(long code) {
            this.code = code;
        }
    }

    /** Receives the records of a sector. */
    interface Reader {

        /**
         * One word of a record.
         *
         * @param kind of the record
         * @param interval its number; 0 for a size
         * @param word a seal or a size
         */
        void record(Kind kind, long interval, long word);
    }

    static final int MAGIC = 0x474F4C50; // "PLOG", little-endian

    static final int RECORDS = 24;

    static final int WORDS = (Sector.BODY - RECORDS) / Long.BYTES;

    private static final int KIND_SHIFT = 60;

    private static final int COUNT_SHIFT = 48;

    private static final long COUNT_MASK = 0xFFF;

    private static final long INTERVAL_MASK = (1L << COUNT_SHIFT) - 1;

    private LogSector() {}

    static int index(MemorySegment memory, long at) {
        return Short.toUnsignedInt(memory.get(Sector.U16, at + 4));
    }

    static int count(MemorySegment memory, long at) {
        return Short.toUnsignedInt(memory.get(Sector.U16, at + 6));
    }

    static long sequence(MemorySegment memory, long at) {
        return memory.get(Sector.U64, at + 8);
    }

    static long dataEnd(MemorySegment memory, long at) {
        return memory.get(Sector.U64, at + 16);
    }

    /** Whether a sector whose check is right belongs to a group of intents. */
    static boolean isOfGroup(MemorySegment memory, long at) {
        return memory.get(Sector.U32, at) == MAGIC
                && index(memory, at) < count(memory, at)
                && sequence(memory, at) > 0
                && sequence(memory, at) < Layout.MAX_SEQUENCE
                && isSize(dataEnd(memory, at));
    }

    private static boolean isSize(long word) {
        return word >= 0 && word <= Layout.MAX_BYTES;
    }

    /**
     * Reads the records of a sector whose check is right.
     *
     * @return false if they make no sense: then the check was forged
     */
    static boolean read(MemorySegment memory, long at, Reader reader) {
        int word = 0;
        while (word < WORDS) {
            long head = memory.get(Sector.U64, at + RECORDS + (long) word * Long.BYTES);
            if (head == 0) {
                return true;
            }
            Kind kind = kind(head >>> KIND_SHIFT);
            int count = (int) (head >>> COUNT_SHIFT & COUNT_MASK);
            long first = head & INTERVAL_MASK;
            if (kind == null
                    || count == 0
                    || word + 1 + count > WORDS
                    || first + count > Layout.MAX_INTERVALS) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                long valueAt = at + RECORDS + (word + 1L + i) * Long.BYTES;
                long value = memory.get(Sector.U64, valueAt);
                if (kind == Kind.RESIZE && !isSize(value)) {
                    return false;
                }
                reader.record(kind, first + i, value);
            }
            word += 1 + count;
        }
        return true;
    }

    private static @Nullable Kind kind(long code) {
        for (Kind kind : Kind.values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    /** Writes the records of a group, sector after sector, into memory that starts as zeros. */
    static final class Writer {

        private final MemorySegment memory;

        private int sector;

        private int word;

        Writer(MemorySegment memory) {
            this.memory = memory;
        }

        /** Whether an intent fits for sure: each of its words may need a head of its own. */
        boolean hasRoomFor(int words) {
            int left = (int) (memory.byteSize() / Sector.SIZE) - sector;
            return left > 2L * words / (WORDS - 1) + 1;
        }

        void add(Intent intent) {
            if (intent.size() >= 0) {
                put(Kind.RESIZE, 0, intent.size());
            }
            addAll(Kind.SEALS, intent, intent.seals(), State.PROTECTED);
            if (intent.base().count() > 0) {
                addAll(Kind.BASE, intent, intent.base(), State.UNPROTECTED);
                // Written in part, an interval stays unprotected: both its versions are on record.
                addAll(Kind.BASE, intent, intent.seals(), State.UNPROTECTED);
            }
        }

        private void addAll(Kind kind, Intent intent, SealRun run, State state) {
            int i = intent.from();
            while (i < intent.to()) {
                if (run.state(i) != state) {
                    i++;
                    continue;
                }
                if (WORDS - word < 2) {
                    nextSector();
                }
                int head = word++;
                int count = 0;
                while (i < intent.to() && word < WORDS && run.state(i) == state) {
                    set(word++, run.seal(i));
                    i++;
                    count++;
                }
                set(head, head(kind, count, intent.first() + i - count));
            }
        }

        private void put(Kind kind, long interval, long value) {
            if (WORDS - word < 2) {
                nextSector();
            }
            set(word++, head(kind, 1, interval));
            set(word++, value);
        }

        private static long head(Kind kind, int count, long interval) {
            return kind.code << KIND_SHIFT | (long) count << COUNT_SHIFT | interval;
        }

        private void nextSector() {
            sector++;
            word = 0;
        }

        private void set(int word, long value) {
            long at = (long) sector * Sector.SIZE + RECORDS + (long) word * Long.BYTES;
            memory.set(Sector.U64, at, value);
        }

        /** Sectors that have records. */
        int sectors() {
            return sector + 1;
        }

        /**
         * Adds heads and checks.
         *
         * @param bytes of the whole group, whole blocks
         */
        void finish(int bytes, long sequence, long dataEnd, long identity, long position) {
            int count = bytes / Sector.SIZE;
            for (int index = 0; index < count; index++) {
                long at = (long) index * Sector.SIZE;
                memory.set(Sector.U32, at, MAGIC);
                memory.set(Sector.U16, at + 4, (short) index);
                memory.set(Sector.U16, at + 6, (short) count);
                memory.set(Sector.U64, at + 8, sequence);
                memory.set(Sector.U64, at + 16, dataEnd);
                Sector.stamp(memory, at, identity, position + at);
            }
        }
    }
}
