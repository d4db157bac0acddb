package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The calls of a ring, some of which fail, or behave as on a kernel that lacks a feature. The plan
 * names a {@code register} {@code register-} and its opcode.
 */
public final class FaultyUring implements UringSyscalls {

    private static final long PARAMS_FLAGS = 8;

    private static final long PARAMS_FEATURES = 20;

    private static final long PROBE_OPS = 16;

    private static final int REGISTER_PROBE = 8;

    private static final int REGISTER_RESTRICTIONS = 11;

    private static final int REGISTER_ENABLE = 12;

    /** Calls of io_uring_register that are allowed: all those below this number. */
    private static final int REGISTERS = 20;

    private static final int SETUP_R_DISABLED = 1 << 6;

    private static final long RESTRICTION_SIZE = 16;

    private static final short ALLOW_REGISTER = 0;

    private static final short ALLOW_SQE = 1;

    private final UringSyscalls syscalls = UringSyscalls.system();

    private final Faults faults;

    private final List<Integer> setups = new ArrayList<>();

    /** All descriptors that these calls have opened. */
    private final List<Integer> opened = new CopyOnWriteArrayList<>();

    private int unknownFlags;

    private int hiddenFeatures;

    private int hiddenOpcodes = Integer.MAX_VALUE;

    private int mostSubmits = Integer.MAX_VALUE;

    /** An operation that rings may not carry out; -1 for none. */
    private int forbidden = -1;

    private boolean mute;

    /** Makes the machine's calls, except those that the plan changes. */
    public FaultyUring(Faults faults) {
        this.faults = faults;
    }

    /** Refuses a ring with any of these flags, as a kernel that does not know them. */
    public FaultyUring withoutFlags(int flags) {
        unknownFlags = flags;
        return this;
    }

    /** Reports none of these features. */
    public FaultyUring withoutFeatures(int features) {
        hiddenFeatures = features;
        return this;
    }

    /** Knows no opcode from this one on. */
    public FaultyUring withoutOpcodesFrom(int opcode) {
        hiddenOpcodes = opcode;
        return this;
    }

    /** Takes no more entries at once. */
    public FaultyUring takingAtMost(int entries) {
        mostSubmits = entries;
        return this;
    }

    /** Has the kernel refuse an operation, by the restrictions of a ring (Linux 5.10). */
    public FaultyUring forbidding(int opcode) {
        forbidden = opcode;
        return this;
    }

    /** Says that an enter took nothing, and does nothing, as a filter can. */
    public FaultyUring mute() {
        mute = true;
        return this;
    }

    /** The flags of each ring that was asked for. */
    public List<Integer> setups() {
        return setups;
    }

    /** Every descriptor that was opened. */
    public List<Integer> opened() {
        return opened;
    }

    @Override
    public long setup(int entries, MemorySegment params) {
        int flags = params.get(JAVA_INT, PARAMS_FLAGS);
        setups.add(flags);
        if ((flags & unknownFlags) != 0) {
            return -Errno.EINVAL;
        }
        Faults.Fault fault = faults.next("setup");
        if (forbidden >= 0) {
            params.set(JAVA_INT, PARAMS_FLAGS, flags | SETUP_R_DISABLED);
        }
        long result = fault.fails() ? -fault.errno() : opened(syscalls.setup(entries, params));
        if (forbidden >= 0 && result >= 0) {
            restrict((int) result);
        }
        params.set(
                JAVA_INT, PARAMS_FEATURES, params.get(JAVA_INT, PARAMS_FEATURES) & ~hiddenFeatures);
        return result;
    }

    /** {@code struct io_uring_restriction}: opcode u16, what it allows u8, 13 bytes of zeros. */
    private void restrict(int ring) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment probe = arena.allocate(PROBE_OPS + 8L * 256, 8);
            long result = syscalls.register(ring, REGISTER_PROBE, probe, 256);
            int opcodes = Byte.toUnsignedInt(probe.get(JAVA_BYTE, 0)) + 1; // after the last one
            MemorySegment all = arena.allocate((REGISTERS + opcodes) * RESTRICTION_SIZE, 8);
            int count = 0;
            for (int i = 0; i < REGISTERS; i++) {
                all.set(JAVA_SHORT, count * RESTRICTION_SIZE, ALLOW_REGISTER);
                all.set(JAVA_BYTE, count++ * RESTRICTION_SIZE + 2, (byte) i);
            }
            for (int i = 0; i < opcodes; i++) {
                if (i != forbidden) {
                    all.set(JAVA_SHORT, count * RESTRICTION_SIZE, ALLOW_SQE);
                    all.set(JAVA_BYTE, count++ * RESTRICTION_SIZE + 2, (byte) i);
                }
            }
            if (result == 0) {
                result = syscalls.register(ring, REGISTER_RESTRICTIONS, all, count);
            }
            if (result == 0) {
                result = syscalls.register(ring, REGISTER_ENABLE, MemorySegment.NULL, 0);
            }
            if (result < 0) {
                throw new AssertionError("the ring cannot be restricted, errno=" + -result);
            }
        }
    }

    @Override
    public long enter(int ring, int submit, int min, int flags, MemorySegment argument, long size) {
        Faults.Fault fault = faults.next("enter");
        if (fault.fails()) {
            return -fault.errno();
        }
        if (mute) {
            return 0;
        }
        int taken = Math.min(submit, mostSubmits);
        return syscalls.enter(ring, taken, taken < submit ? 0 : min, flags, argument, size);
    }

    @Override
    public long register(int ring, int opcode, MemorySegment argument, int count) {
        Faults.Fault fault = faults.next("register-" + opcode);
        if (fault.fails()) {
            return -fault.errno();
        }
        long result = syscalls.register(ring, opcode, argument, count);
        if (opcode == REGISTER_PROBE && hiddenOpcodes < count) {
            argument.asSlice(PROBE_OPS + 8L * hiddenOpcodes).fill((byte) 0);
        }
        return result;
    }

    @Override
    public long mmap(int ring, long length, long offset) {
        Faults.Fault fault = faults.next("mmap");
        return fault.fails() ? -fault.errno() : syscalls.mmap(ring, length, offset);
    }

    @Override
    public long eventfd() {
        Faults.Fault fault = faults.next("eventfd");
        return fault.fails() ? -fault.errno() : opened(syscalls.eventfd());
    }

    @Override
    public long raise(int fd) {
        Faults.Fault fault = faults.next("raise");
        return fault.fails() ? -fault.errno() : syscalls.raise(fd);
    }

    @Override
    public long lower(int fd) {
        Faults.Fault fault = faults.next("lower");
        return fault.fails() ? -fault.errno() : syscalls.lower(fd);
    }

    @Override
    public long pipe(MemorySegment ends) {
        Faults.Fault fault = faults.next("pipe");
        if (fault.fails()) {
            return -fault.errno();
        }
        long result = syscalls.pipe(ends);
        opened(ends.getAtIndex(JAVA_INT, 0));
        opened(ends.getAtIndex(JAVA_INT, 1));
        return result;
    }

    private long opened(long fd) {
        if (fd >= 0) {
            opened.add((int) fd);
        }
        return fd;
    }
}
