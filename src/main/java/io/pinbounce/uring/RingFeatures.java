package io.pinbounce.uring;

import java.util.BitSet;
import java.util.List;

/**
 * What a ring can do, found by trying.
 *
 * @param flags {@code IORING_SETUP_*} that the kernel took
 * @param features {@code IORING_FEAT_*} that it reported
 * @param opcodes {@code IORING_OP_*} that it knows
 * @param notes what it did not take, and why
 */
record RingFeatures(int flags, int features, BitSet opcodes, List<String> notes) {

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean reports(int feature) {
        return (features & feature) != 0;
    }

    boolean knows(int opcode) {
        return opcodes.get(opcode);
    }

    RingFeatures with(BitSet probed) {
        return new RingFeatures(flags, features, probed, notes);
    }
}
