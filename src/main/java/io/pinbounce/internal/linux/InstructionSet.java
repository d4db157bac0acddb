package io.pinbounce.internal.linux;

import java.util.Locale;

/**
 * What native code computes guards with, from slow to fast: {@code enum pinbounce_kernel} of
 * native-stubs/pinbounce.h.
 */
public enum InstructionSet {
    /** Tables and no special instructions; slower than the Java twins. */
    PORTABLE(0),
    /** 128-bit PCLMULQDQ. */
    PCLMUL128(1),
    /** 256-bit VPCLMULQDQ. */
    VPCLMUL256(2),
    /** 512-bit VPCLMULQDQ. */
    VPCLMUL512(3);

    final int number;

    InstructionSet(int number) {
        this.number = number;
    }

    /** Its word in the system property {@code pinbounce.native}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
