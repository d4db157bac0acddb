package io.pinbounce.internal.sidecar;

import io.pinbounce.pi.PiCheck;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.pi.PiType;
import io.pinbounce.pi.TuplePosition;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/** Random contexts of all kinds that a sidecar takes. */
final class Contexts {

    private Contexts() {}

    static PiContext any(Random random) {
        PiFormat format = List.of(PiFormat.values()).get(random.nextInt(PiFormat.values().length));
        PiType[] types = {PiType.TYPE_1, PiType.TYPE_2, PiType.TYPE_3};
        int tagSize = random.nextInt(format.minStorageTagSize(), format.maxStorageTagSize() + 1);
        EnumSet<PiCheck> checks = EnumSet.of(PiCheck.GUARD);
        for (PiCheck check : PiCheck.values()) {
            if (random.nextBoolean()) {
                checks.add(check);
            }
        }
        long ones = tagSize == 0 ? 0 : -1L >>> (Long.SIZE - tagSize);
        return new PiContext(
                format,
                types[random.nextInt(types.length)],
                format.intervalUnit() * (1 + random.nextInt(16)),
                format.tupleSize() + random.nextInt(3) * 8,
                random.nextBoolean() ? TuplePosition.FIRST : TuplePosition.LAST,
                random.nextInt(0xFFFF),
                random.nextInt(0x10000),
                tagSize,
                random.nextLong() & ones,
                random.nextLong(),
                random.nextLong() & format.guardMask(),
                checks);
    }
}
