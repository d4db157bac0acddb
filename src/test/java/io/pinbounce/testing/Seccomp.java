package io.pinbounce.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A filter of system calls, as containers have (seccomp(2)). It is for all threads of the process
 * and for good, so that only a JVM that a test starts may have one. Any user may set it.
 */
public final class Seccomp {

    private static final int PR_SET_NO_NEW_PRIVS = 38;

    private static final int SET_MODE_FILTER = 1;

    private static final int FILTER_FLAG_TSYNC = 1;

    /** Loads the number of the call: {@code BPF_LD | BPF_W | BPF_ABS} at offset 0. */
    private static final short LOAD = 0x20;

    /** {@code BPF_JMP | BPF_JEQ | BPF_K}. */
    private static final short JUMP_IF_EQUAL = 0x15;

    /** {@code BPF_RET | BPF_K}. */
    private static final short RETURN = 0x06;

    private static final int RET_ALLOW = 0x7fff0000;

    private static final int RET_ERRNO = 0x00050000;

    private Seccomp() {}

    /** {@code struct sock_filter} of linux/filter.h. */
    private record Instruction(short code, int jumpTrue, int jumpFalse, int value) {

        static final long SIZE = 8;

        void put(MemorySegment at) {
            at.set(JAVA_SHORT, 0, code);
            at.set(JAVA_BYTE, 2, (byte) jumpTrue);
            at.set(JAVA_BYTE, 3, (byte) jumpFalse);
            at.set(JAVA_INT, 4, value);
        }
    }

    /**
     * Lets a system call fail from now on.
     *
     * @param call its number
     * @param errno what it returns
     */
    public static void forbid(int call, int errno) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction(LOAD, 0, 0, 0));
        program.add(new Instruction(JUMP_IF_EQUAL, 0, 1, call));
        program.add(new Instruction(RETURN, 0, 0, RET_ERRNO | errno));
        program.add(new Instruction(RETURN, 0, 0, RET_ALLOW));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(program.size() * Instruction.SIZE, 8);
            for (int i = 0; i < program.size(); i++) {
                program.get(i).put(filter.asSlice(i * Instruction.SIZE));
            }
            MemorySegment header = arena.allocate(16, 8); // struct sock_fprog
            header.set(JAVA_SHORT, 0, (short) program.size());
            header.set(ADDRESS, 8, filter);
            set(header);
        }
    }

    private static void set(MemorySegment header) {
        Linker linker = Linker.nativeLinker();
        MemorySegment prctl = linker.defaultLookup().findOrThrow("prctl");
        MemorySegment syscall = linker.defaultLookup().findOrThrow("syscall");
        long number = System.getProperty("os.arch").equals("amd64") ? 317 : 277; // __NR_seccomp
        try {
            long result =
                    (int)
                            linker.downcallHandle(
                                            prctl,
                                            FunctionDescriptor.of(
                                                    JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG,
                                                    JAVA_LONG, JAVA_LONG),
                                            Linker.Option.firstVariadicArg(1))
                                    .invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
            if (result == 0) {
                result =
                        (long)
                                linker.downcallHandle(
                                                syscall,
                                                FunctionDescriptor.of(
                                                        JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT,
                                                        ADDRESS),
                                                Linker.Option.firstVariadicArg(1))
                                        .invokeExact(
                                                number, SET_MODE_FILTER, FILTER_FLAG_TSYNC, header);
            }
            if (result != 0) {
                throw new AssertionError("the filter cannot be set, result=" + result);
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
