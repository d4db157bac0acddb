package io.pinbounce;

import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.buffer.Alignment;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;

import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What a scenario is about, as its seed has it.
 *
 * @param block what the disk's positions and lengths are multiples of
 * @param interval bytes that one tuple guards
 * @param format of the tuples
 * @param mode of the sidecar
 * @param existing bytes of unprotected data that the file starts with; -1 for no file
 * @param longest bytes that the file has at the most
 * @param depth of the queue
 * @param durability of the file
 * @param slots whether requests are split early
 */
record CutSetup(
        int block,
        int interval,
        PiFormat format,
        Mode mode,
        int existing,
        int longest,
        int depth,
        Durability durability,
        Slots slots) {

    static final Path DATA = Path.of("/disk/data");

    static final Path SIDECAR = Path.of("/disk/data.pi");

    private static final PiFormat[] FORMATS = PiFormat.values();

    /** Where bounced data passes through. */
    enum Slots {
        /** Long requests are many parts. */
        SMALL(8 << 10),
        /** Few are. */
        LARGE(128 << 10);

        @SuppressWarnings("ImmutableEnumChecker") // made once, and shared by all scenarios
        private final BouncePool pool;

        Slots(int largest) {
            pool = new BouncePool(1 << 20, largest);
        }

        BouncePool pool() {
            return pool;
        }
    }

    static CutSetup of(RandomGenerator random) {
        int interval = random.nextBoolean() ? 512 : 4096;
        PiFormat format = FORMATS[random.nextInt(FORMATS.length)];
        if (interval % format.intervalUnit() != 0) {
            interval = 4096;
        }
        int longest = (64 << 10) << random.nextInt(4);
        int existing = random.nextInt(3) > 0 ? -1 : random.nextInt(longest / 2);
        return new CutSetup(
                random.nextBoolean() ? 512 : 4096,
                interval,
                format,
                random.nextInt(4) > 0 ? Mode.JOURNAL : Mode.NONE,
                existing,
                longest,
                1 + random.nextInt(16),
                random.nextInt(8) > 0 ? Durability.ON_FORCE : Durability.DSYNC,
                random.nextBoolean() ? Slots.SMALL : Slots.LARGE);
    }

    /** What positions and lengths of writes are multiples of inside the library. */
    long unit() {
        return Alignment.common(block, interval);
    }

    DirectOptions writer() {
        return options(DirectOptions.readWrite().create().durability(durability));
    }

    DirectOptions reader() {
        return options(DirectOptions.readOnly());
    }

    private DirectOptions options(DirectOptions options) {
        SidecarOptions sidecar =
                SidecarOptions.at(SIDECAR)
                        .mode(mode)
                        .existing(existing < 0 ? Existing.REFUSED : Existing.UNPROTECTED)
                        .logSize(SidecarOptions.SMALLEST_LOG)
                        .memory(SidecarOptions.SMALLEST_MEMORY);
        return options.bouncePool(slots.pool())
                .protection(Protection.of(PiContext.of(format, interval)).sidecar(sidecar));
    }
}
