package io.pinbounce.simulation;

import io.pinbounce.DirectOptions;
import io.pinbounce.Durability;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What a scenario is about, as its seed has it.
 *
 * @param block what the disk's positions and lengths are multiples of
 * @param interval bytes that one tuple guards
 * @param format of the tuples
 * @param modes of the sidecar
 * @param existing bytes of unprotected data that the file starts with; -1 for no file
 * @param spread bytes from each start on that are used
 * @param reach where those starts are
 * @param depth of the queue
 * @param durability of the file
 * @param slots whether requests are split early
 * @param faults which transfers and calls fail besides
 * @param content what is written
 * @param background when checkpoints run
 */
record CutSetup(
        int block,
        int interval,
        PiFormat format,
        Modes modes,
        int existing,
        int spread,
        Reach reach,
        int depth,
        Durability durability,
        Slots slots,
        Faults faults,
        CutContent content,
        CutMachine.Background background) {

    static final Path DATA = Path.of("/disk/data");

    static final Path SIDECAR = Path.of("/disk/data.pi");

    /** Intervals of a tuple page, and pages that one page of the map knows about. */
    private static final long PER_PAGE = 488;

    private static final long PER_MAP = PER_PAGE * 32_256;

    private static final BouncePool SMALL_POOL = new BouncePool(1 << 20, 8 << 10);

    private static final BouncePool LARGE_POOL = new BouncePool(1 << 20, 128 << 10);

    private static final PiFormat[] FORMATS = PiFormat.values();

    /** How far a file goes. */
    enum Reach {
        /** It is small. */
        NEAR,
        /** It has many tuple pages, few of which are used, and many pages of their map. */
        FAR;

        /** The numbers of the intervals at which the parts start that are used. */
        private long[] intervals() {
            return switch (this) {
                case NEAR -> new long[] {0};
                case FAR ->
                        new long[] {
                            0,
                            PER_PAGE - 8,
                            9 * PER_PAGE,
                            PER_MAP - 16,
                            PER_MAP + 3 * PER_PAGE,
                            2 * PER_MAP
                        };
            };
        }
    }

    /** Where bounced data passes through. */
    enum Slots {
        /** Long requests are many parts. */
        SMALL,
        /** Few are. */
        LARGE;

        BouncePool pool() {
            return switch (this) {
                case SMALL -> SMALL_POOL;
                case LARGE -> LARGE_POOL;
            };
        }
    }

    /** In which modes the sidecar is opened. */
    enum Modes {
        JOURNAL,
        NONE,
        /** Now one, now the other. */
        ANY
    }

    /** What fails besides the power. */
    enum Faults {
        /** Nothing. */
        NONE,
        /** Transfers are short. */
        SHORT,
        /** Calls fail, between recoveries. */
        FAILING
    }

    static CutSetup of(RandomGenerator random) {
        int interval = random.nextBoolean() ? 512 : 4096;
        PiFormat format = FORMATS[random.nextInt(FORMATS.length)];
        if (interval % format.intervalUnit() != 0) {
            interval = 4096;
        }
        Reach reach = random.nextInt(6) > 0 ? Reach.NEAR : Reach.FAR;
        int spread = reach == Reach.FAR ? 16 * interval : 64 << 10 << random.nextInt(4);
        int faults = random.nextInt(6);
        int modes = random.nextInt(12);
        return new CutSetup(
                random.nextBoolean() ? 512 : 4096,
                interval,
                format,
                modes < 8 ? Modes.JOURNAL : modes < 11 ? Modes.NONE : Modes.ANY,
                random.nextInt(3) > 0 ? -1 : random.nextInt(spread / 2),
                spread,
                reach,
                1 + random.nextInt(16),
                random.nextInt(8) > 0 ? Durability.ON_FORCE : Durability.DSYNC,
                random.nextBoolean() ? Slots.SMALL : Slots.LARGE,
                faults > 1 ? Faults.NONE : faults > 0 ? Faults.SHORT : Faults.FAILING,
                random.nextInt(6) > 0 ? CutContent.RANDOM : CutContent.GUARDS_FORGED,
                random.nextBoolean()
                        ? CutMachine.Background.AT_ONCE
                        : CutMachine.Background.IN_TURN);
    }

    /** The same with other content, in intervals that can be torn. */
    CutSetup with(CutContent other) {
        return new CutSetup(
                block,
                4096,
                format,
                modes,
                existing,
                Math.max(spread, 64 << 10),
                reach,
                depth,
                durability,
                slots,
                faults,
                other,
                background);
    }

    /** Where the parts of the file start that are used. */
    long[] starts() {
        return Arrays.stream(reach.intervals()).map(number -> number * interval).toArray();
    }

    /** How long the file is at the most. */
    long limit() {
        long last = Arrays.stream(reach.intervals()).max().orElseThrow();
        return last * interval + spread;
    }

    /** What positions and lengths of writes are multiples of inside the library. */
    long unit() {
        return Alignment.common(block, interval);
    }

    /** The mode to open the sidecar in this time. */
    Mode mode(RandomGenerator random) {
        return switch (modes) {
            case JOURNAL -> Mode.JOURNAL;
            case NONE -> Mode.NONE;
            case ANY -> random.nextBoolean() ? Mode.JOURNAL : Mode.NONE;
        };
    }

    DirectOptions writer(Mode mode) {
        return options(DirectOptions.readWrite().create().durability(durability), mode);
    }

    DirectOptions reader() {
        return options(DirectOptions.readOnly(), Mode.JOURNAL);
    }

    /** Options of a program that knows nothing of the sidecar. */
    DirectOptions unguarded() {
        return DirectOptions.readWrite().create().bouncePool(slots.pool());
    }

    private DirectOptions options(DirectOptions options, Mode mode) {
        SidecarOptions sidecar =
                SidecarOptions.at(SIDECAR)
                        .mode(mode)
                        .existing(existing < 0 ? Existing.REFUSED : Existing.UNPROTECTED)
                        .logSize(SidecarOptions.MIN_LOG)
                        .memory(SidecarOptions.MIN_MEMORY);
        return options.bouncePool(slots.pool())
                .protection(Protection.of(PiContext.of(format, interval)).sidecar(sidecar));
    }
}
