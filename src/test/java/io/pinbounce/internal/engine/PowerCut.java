package io.pinbounce.internal.engine;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Decides which changes that were not forced a power cut leaves. It decides on each change to a
 * sector alone; of the changes to a file's size it leaves the first few.
 */
public final class PowerCut {

    /** Ways to choose the changes that are left, so that each extreme comes up often. */
    public enum Mood {
        /** No pending change is left. */
        NOTHING,
        /** All pending changes are left. */
        EVERYTHING,
        /** Any of them are left: few, half or most. */
        SUBSET,
        /** Only the last changes are left. */
        NEWEST,
        /** All but the last changes are left, as if the disk had done everything in order. */
        IN_ORDER,
        /** One sector of one request is left. */
        ONE_SECTOR,
        /** Everything but one sector of one request is left. */
        ALL_BUT_ONE
    }

    /**
     * What a power cut left of a file.
     *
     * @param path the file's name
     * @param mood how the changes were chosen
     * @param pending changes that were not forced
     * @param kept how many of them are left
     */
    public record Remains(Path path, Mood mood, int pending, int kept) {}

    private static final Mood[] MOODS = Mood.values();

    private final Mood mood;

    private final RandomGenerator random;

    /** How many of eight changes are left under {@link Mood#SUBSET}. */
    private final int share;

    /** Where the newest changes begin. */
    private final long border;

    /** The sector of {@link Mood#ONE_SECTOR} and {@link Mood#ALL_BUT_ONE}. */
    private final long one;

    private PowerCut(Mood mood, RandomGenerator random, long border, long one) {
        this.mood = mood;
        this.random = random;
        this.border = border;
        this.one = one;
        share = 1 + 3 * random.nextInt(3);
    }

    /** A random mood. */
    static Mood anyMood(RandomGenerator random) {
        return MOODS[random.nextInt(MOODS.length)];
    }

    /** Makes a cut of some files in a mood. */
    static PowerCut of(Mood mood, RandomGenerator random, Collection<SimulatedFile> files) {
        long first = Long.MAX_VALUE;
        long last = -1;
        int count = 0;
        for (SimulatedFile file : files) {
            List<PendingChange> pending = file.pending();
            if (!pending.isEmpty()) {
                count += pending.size();
                first = Math.min(first, pending.getFirst().sequence);
                last = Math.max(last, pending.getLast().sequence);
            }
        }
        if (count == 0) {
            return new PowerCut(mood, random, 0, -1);
        }
        long border = last + 1 - back(random, last + 1 - first);
        return new PowerCut(mood, random, border, sector(random.nextInt(count), files));
    }

    /** How far to go back: as often less than ten changes as ten to a hundred. */
    private static long back(RandomGenerator random, long most) {
        int bits = 64 - Long.numberOfLeadingZeros(most);
        return random.nextLong(1 + (most >> random.nextInt(bits))) + random.nextInt(2);
    }

    /** The sector written by the n-th change or a later one. */
    private static long sector(int n, Collection<SimulatedFile> files) {
        int left = n;
        for (SimulatedFile file : files) {
            List<PendingChange> pending = file.pending();
            for (int i = left; i < pending.size(); i++) {
                if (!pending.get(i).isResize()) {
                    return pending.get(i).sequence;
                }
            }
            left = Math.max(0, left - pending.size());
        }
        return -1;
    }

    Mood mood() {
        return mood;
    }

    /** Whether a change to a sector, or to a name, is left. */
    boolean keeps(long sequence) {
        return switch (mood) {
            case NOTHING -> false;
            case EVERYTHING -> true;
            case SUBSET -> random.nextInt(8) < share;
            case NEWEST -> sequence >= border;
            case IN_ORDER -> sequence < border;
            case ONE_SECTOR -> sequence == one;
            case ALL_BUT_ONE -> sequence != one;
        };
    }

    /** How many of a file's changes of size are left. */
    int sizes(List<PendingChange> pending) {
        int all = 0;
        int older = 0;
        for (PendingChange change : pending) {
            if (change.isResize()) {
                all++;
                older += change.sequence < border ? 1 : 0;
            }
        }
        return switch (mood) {
            case NOTHING -> 0;
            case EVERYTHING, ALL_BUT_ONE -> all;
            case IN_ORDER -> older;
            case SUBSET -> random.nextInt(all + 1);
            case NEWEST, ONE_SECTOR -> random.nextBoolean() ? all : random.nextInt(all + 1);
        };
    }
}
