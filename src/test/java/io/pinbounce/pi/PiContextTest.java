package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

class PiContextTest {

    private static void refused(UnaryOperator<PiContextBuilder> change, String message) {
        PiContextBuilder builder = change.apply(PiContext.t10(4096).toBuilder());
        String actual = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertEquals(message, actual);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        String interval = "The interval must be a positive multiple of 512 bytes, interval=";
        refused(b -> b.interval(0), interval + "0 format=GUARD_16");
        refused(b -> b.interval(-512), interval + "-512 format=GUARD_16");
        refused(b -> b.interval(520), interval + "520 format=GUARD_16");
        refused(
                b -> b.metadataSize(7),
                "The metadata must have room for a tuple of 8 bytes,"
                        + " metadataSize=7 format=GUARD_16");
        refused(
                b -> b.appTag(0xFFFF),
                "The application tag 0xFFFF switches every check off; choose 0 to 0xFFFE,"
                        + " appTag=0xffff");
        String appTag = "The application tag must be 0 to 0xFFFE, appTag=";
        refused(b -> b.appTag(0x10000), appTag + "0x10000");
        refused(b -> b.appTag(-1), appTag + "0xffffffffffffffff");
        String mask = "The application tag's mask must be 0 to 0xFFFF, appMask=";
        refused(b -> b.appMask(0x10000), mask + "0x10000");
        refused(b -> b.appMask(-1), mask + "0xffffffffffffffff");
        String seed = "The guard's seed must be 0 to 0xffff, guardSeed=";
        refused(b -> b.guardSeed(0x10000), seed + "0x10000 format=GUARD_16");
        refused(b -> b.guardSeed(-1), seed + "0xffffffffffffffff format=GUARD_16");
    }

    @Test
    void valuesThatDoNotFitTheFormatAreRefused() {
        String interval = "The interval must be a positive multiple of 4096 bytes, interval=512";
        String room = "The metadata must have room for a tuple of 16 bytes, metadataSize=15";
        for (PiFormat format : EnumSet.of(PiFormat.GUARD_32, PiFormat.GUARD_64)) {
            int least = format.minStorageTagSize();
            UnaryOperator<PiContextBuilder> base =
                    b -> b.format(format).metadataSize(16).storageTag(least, 0);
            refused(b -> base.apply(b).interval(512), interval + " format=" + format);
            refused(b -> base.apply(b).metadataSize(15), room + " format=" + format);
        }
        refused(
                b -> b.format(PiFormat.GUARD_32).metadataSize(16),
                "The storage tag must have 16 to 64 bits, storageTagSize=0 format=GUARD_32");
        refused(
                b -> b.format(PiFormat.GUARD_32).metadataSize(16).storageTag(65, 0),
                "The storage tag must have 16 to 64 bits, storageTagSize=65 format=GUARD_32");
        refused(
                b -> b.format(PiFormat.GUARD_64).metadataSize(16).storageTag(49, 0),
                "The storage tag must have 0 to 48 bits, storageTagSize=49 format=GUARD_64");
        refused(
                b -> b.storageTag(-1, 0),
                "The storage tag must have 0 to 32 bits, storageTagSize=-1 format=GUARD_16");
        refused(
                b -> b.storageTag(4, 0x10),
                "The storage tag must be 0 to 0xf, storageTag=0x10 storageTagSize=4");
        refused(
                b -> b.storageTag(0, -1),
                "The storage tag must be 0 to 0x0, storageTag=0xffffffffffffffff"
                        + " storageTagSize=0");
    }

    @Test
    void extremeValuesAreAccepted() {
        PiContext context =
                PiContext.t10(512).toBuilder()
                        .metadataSize(Integer.MAX_VALUE)
                        .tuplePosition(TuplePosition.LAST)
                        .appTag(0xFFFE)
                        .appMask(0)
                        .refSeed(-1)
                        .guardSeed(0xFFFF)
                        .checks(Set.of())
                        .build();
        assertEquals(Integer.MAX_VALUE - 8, context.tupleOffset());
        assertEquals(context, context.toBuilder().build());
        assertNotEquals(context, context.toBuilder().appMask(1).build());
    }

    @Test
    void aContextCopiesTheChecks() {
        Set<PiCheck> checks = EnumSet.of(PiCheck.GUARD);
        PiContext context = PiContext.t10(512).toBuilder().checks(checks).build();
        checks.add(PiCheck.REF_TAG);
        assertEquals(Set.of(PiCheck.GUARD), context.checks());
        assertThrows(
                UnsupportedOperationException.class, () -> context.checks().add(PiCheck.APP_TAG));
    }

    @Test
    void t10IsTypeOneWithAllChecks() {
        PiContext context = PiContext.t10(4096);
        assertEquals(PiType.TYPE_1, context.type());
        assertEquals(8, context.metadataSize());
        assertEquals(Set.of(PiCheck.values()), context.checks());
        assertEquals(5, context.generatedRefTag(0x1_0000_0005L));
    }
}
