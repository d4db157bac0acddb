package io.pinbounce.pi;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

import java.util.SplittableRandom;

/** Contexts of every format, type, position and size, with random tags and seeds. */
final class Contexts implements ArbitrarySupplier<PiContext> {

    @Override
    public Arbitrary<PiContext> get() {
        return Arbitraries.longs().withoutEdgeCases().map(Contexts::random);
    }

    /**
     * A random context. Reference tags have at least a bit, so that type 3 can escape by halves.
     */
    static PiContext random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PiFormat format = any(random, PiFormat.values());
        int unit = format.intervalUnit();
        PiContext usual = PiContext.of(format, unit * (1 + random.nextInt(2)));
        int most = Math.min(format.maxStorageTagSize(), format.tagBits() - 1);
        int least = format.minStorageTagSize();
        int storageTagSize = least + random.nextInt(most - least + 1);
        long storageTag = random.nextLong() & PiFormat.ones(storageTagSize);
        return usual.toBuilder()
                .type(any(random, PiType.TYPE_1, PiType.TYPE_2, PiType.TYPE_3))
                .metadataSize(format.tupleSize() + random.nextInt(66))
                .tuplePosition(any(random, TuplePosition.values()))
                .appTag(random.nextInt(0xFFFF))
                .appMask(random.nextInt(0x10000))
                .storageTag(storageTagSize, storageTag)
                .refSeed(random.nextLong())
                .guardSeed(random.nextLong() & format.guardMask())
                .build();
    }

    @SafeVarargs
    private static <T> T any(SplittableRandom random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
