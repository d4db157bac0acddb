package io.pinbounce.internal.uring;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a ring can do; found by trying.
 *
 * @param flags {@code IORING_SETUP_*} that the kernel took
 * @param features {@code IORING_FEAT_*} that it reported
 * @param opcodes {@code IORING_OP_*} that it knows
 * @param notes what the kernel did not take, and why
 */
record RingFeatures(int flags, int features, BitSet opcodes, List<String> notes) {

    private static final SortedMap<Integer, String> FLAG_NAMES =
            new TreeMap<>(
                    Map.of(
                            ParamsLayout.IORING_SETUP_SUBMIT_ALL, "SUBMIT_ALL",
                            ParamsLayout.IORING_SETUP_COOP_TASKRUN, "COOP_TASKRUN",
                            ParamsLayout.IORING_SETUP_TASKRUN_FLAG, "TASKRUN_FLAG",
                            ParamsLayout.IORING_SETUP_SINGLE_ISSUER, "SINGLE_ISSUER",
                            ParamsLayout.IORING_SETUP_DEFER_TASKRUN, "DEFER_TASKRUN",
                            ParamsLayout.IORING_SETUP_NO_SQARRAY, "NO_SQARRAY"));

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean reports(int feature) {
        return (features & feature) != 0;
    }

    boolean knows(int opcode) {
        return opcodes.get(opcode);
    }

    /** The optional features that the ring has, by the kernel's names. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        FLAG_NAMES.forEach(
                (flag, name) -> {
                    if (has(flag)) {
                        names.add(name);
                    }
                });
        if (reports(ParamsLayout.IORING_FEAT_EXT_ARG)) {
            names.add("EXT_ARG");
        }
        return names;
    }

    /** The features that the ring lacks, and what that means. */
    List<String> lacks() {
        List<String> lacks = new ArrayList<>(notes);
        if (!reports(ParamsLayout.IORING_FEAT_EXT_ARG)) {
            lacks.add("waits take a timer each: the kernel lacks IORING_FEAT_EXT_ARG (Linux 5.11)");
        }
        if (!knows(SqeLayout.IORING_OP_WRITEV_FIXED)) {
            lacks.add(
                    "several segments in one request do without registered memory: the kernel"
                            + " lacks IORING_OP_WRITEV_FIXED (Linux 6.15)");
        }
        return lacks;
    }

    RingFeatures with(BitSet probed) {
        return new RingFeatures(flags, features, probed, notes);
    }
}
