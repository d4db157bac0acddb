package io.pinbounce.internal.uring;

import static io.pinbounce.internal.uring.ParamsLayout.IORING_SETUP_COOP_TASKRUN;
import static io.pinbounce.internal.uring.ParamsLayout.IORING_SETUP_CQSIZE;
import static io.pinbounce.internal.uring.ParamsLayout.IORING_SETUP_DEFER_TASKRUN;
import static io.pinbounce.internal.uring.ParamsLayout.IORING_SETUP_NO_SQARRAY;
import static io.pinbounce.internal.uring.ParamsLayout.IORING_SETUP_SINGLE_ISSUER;
import static io.pinbounce.internal.uring.ParamsLayout.IORING_SETUP_SUBMIT_ALL;
import static io.pinbounce.internal.uring.ParamsLayout.IORING_SETUP_TASKRUN_FLAG;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.pinbounce.internal.engine.RingUnavailableException;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.UringSyscalls;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Makes a ring with the best flags that the kernel takes: sets of flags are tried from the largest
 * to the smallest, and each refusal is kept as a note. Kernel versions are never looked at, since
 * vendors move features between them.
 */
final class RingSetup {

    private static final int OWNED = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG;

    private static final List<Rung> LADDER =
            List.of(
                    new Rung(
                            "NO_SQARRAY",
                            OWNED
                                    | IORING_SETUP_SINGLE_ISSUER
                                    | IORING_SETUP_DEFER_TASKRUN
                                    | IORING_SETUP_NO_SQARRAY),
                    new Rung(
                            "DEFER_TASKRUN",
                            OWNED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN),
                    new Rung(
                            "SINGLE_ISSUER",
                            OWNED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN),
                    new Rung("COOP_TASKRUN", OWNED | IORING_SETUP_COOP_TASKRUN),
                    new Rung("SUBMIT_ALL", IORING_SETUP_SUBMIT_ALL),
                    new Rung("CQSIZE", 0));

    /** Features that the ring cannot do without; Linux 5.5 has all of them. */
    private static final int NEEDED =
            ParamsLayout.IORING_FEAT_SINGLE_MMAP
                    | ParamsLayout.IORING_FEAT_NODROP
                    | ParamsLayout.IORING_FEAT_SUBMIT_STABLE;

    private static final int MAX_OPCODES = 256;

    /** A set of flags to try, and the name of the flag that the next set lacks. */
    private record Rung(String name, int flags) {}

    private RingSetup() {}

    /**
     * Makes a ring.
     *
     * @param sqEntries submissions that it holds
     * @param cqEntries completions that it holds
     * @throws RingUnavailableException with the reason and what to do
     */
    static KernelRing open(KernelRing.Machine machine, int sqEntries, int cqEntries)
            throws RingUnavailableException {
        List<String> notes = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(UringSyscalls.PARAMS_SIZE, Long.BYTES);
            long fd = -Errno.EINVAL;
            int flags = 0;
            for (int i = 0; i < LADDER.size() && fd == -Errno.EINVAL; i++) {
                flags = LADDER.get(i).flags() | IORING_SETUP_CQSIZE;
                params.fill((byte) 0);
                params.set(JAVA_INT, ParamsLayout.FLAGS, flags);
                params.set(JAVA_INT, ParamsLayout.CQ_ENTRIES, cqEntries);
                fd = machine.syscalls().setup(sqEntries, params);
                if (fd == -Errno.EINVAL) {
                    notes.add(refusal(LADDER.get(i)));
                }
            }
            if (fd < 0) {
                throw new KernelRefusal("io_uring_setup", (int) -fd).unavailable();
            }
            RingFeatures features =
                    new RingFeatures(
                            flags,
                            params.get(JAVA_INT, ParamsLayout.FEATURES),
                            new BitSet(),
                            List.copyOf(notes));
            return finish(machine, (int) fd, params, features);
        }
    }

    private static String refusal(Rung rung) {
        return "the kernel does not take IORING_SETUP_"
                + rung.name()
                + (", flags=0x" + Integer.toHexString(rung.flags() | IORING_SETUP_CQSIZE))
                + (" errno=" + Errno.EINVAL);
    }

    /** Checks the ring's features, maps it, and tries it. */
    private static KernelRing finish(
            KernelRing.Machine machine, int fd, MemorySegment params, RingFeatures features)
            throws RingUnavailableException {
        KernelRing ring = null;
        boolean finished = false;
        try {
            if ((features.features() & NEEDED) != NEEDED) {
                throw new KernelRefusal(
                        "this kernel's io_uring is too old: update to Linux 5.6 or later,"
                                + (" features=0x" + Integer.toHexString(features.features())));
            }
            BitSet opcodes = probe(machine.syscalls(), fd);
            if (!opcodes.get(SqeLayout.IORING_OP_READ)) {
                throw new KernelRefusal(
                        "this kernel's io_uring lacks IORING_OP_READ: update to Linux 5.6 or"
                                + (" later, opcodes=" + opcodes.cardinality()));
            }
            ring = new KernelRing(machine, fd, params, features.with(opcodes));
            RingTrial.make(ring);
            finished = true;
            return ring;
        } catch (KernelRefusal e) {
            throw e.unavailable();
        } finally {
            if (!finished && ring != null) {
                ring.close();
            } else if (!finished) {
                machine.libc().close(fd);
            }
        }
    }

    private static BitSet probe(UringSyscalls syscalls, int fd) throws KernelRefusal {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment probe =
                    arena.allocate(
                            RegisterLayout.PROBE_OPS + MAX_OPCODES * RegisterLayout.PROBE_OP_SIZE,
                            Long.BYTES);
            long result =
                    syscalls.register(fd, RegisterLayout.IORING_REGISTER_PROBE, probe, MAX_OPCODES);
            if (result < 0) {
                throw new KernelRefusal("io_uring_register", (int) -result);
            }
            BitSet opcodes = new BitSet(MAX_OPCODES);
            int count = Byte.toUnsignedInt(probe.get(JAVA_BYTE, RegisterLayout.PROBE_OPS_LEN));
            for (int i = 0; i < count; i++) {
                long entry = RegisterLayout.PROBE_OPS + i * RegisterLayout.PROBE_OP_SIZE;
                int flags = probe.get(JAVA_SHORT, entry + RegisterLayout.PROBE_OP_FLAGS);
                opcodes.set(i, (flags & RegisterLayout.IO_URING_OP_SUPPORTED) != 0);
            }
            return opcodes;
        }
    }
}
