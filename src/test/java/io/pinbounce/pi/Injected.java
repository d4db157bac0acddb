package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;

/** Checks what verification reports after an injection. */
final class Injected {

    private Injected() {}

    /** Requires that only the damaged interval is reported, for the damaged field. */
    static void requireFound(
            PiInjection injection, long firstInterval, List<PiMismatch> mismatches) {
        assertEquals(1, mismatches.size());
        PiMismatch mismatch = mismatches.getFirst();
        assertEquals(firstInterval + injection.interval(), mismatch.interval());
        assertEquals(Set.of(field(injection.target())), mismatch.failing());
    }

    /** Flips the bit again. */
    static void flip(PiContext context, PiInjection injection, byte[] data, byte[] metadata) {
        boolean inData = injection.target() == InjectionTarget.DATA;
        byte[] damaged = inData ? data : metadata;
        long size = inData ? context.interval() : context.metadataSize();
        long start = injection.interval() * size + (inData ? 0 : context.tupleOffset());
        damaged[(int) (start + injection.offset())] ^= (byte) injection.mask();
    }

    static PiCheck field(InjectionTarget target) {
        return switch (target) {
            case DATA, GUARD -> PiCheck.GUARD;
            case APP_TAG -> PiCheck.APP_TAG;
            case REF_TAG -> PiCheck.REF_TAG;
            case STORAGE_TAG -> PiCheck.STORAGE_TAG;
        };
    }
}
