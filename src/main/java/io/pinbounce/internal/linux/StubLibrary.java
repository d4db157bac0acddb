package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * All FFM of the library in {@code native-stubs}: guards, by themselves and over whole requests,
 * and copies.
 *
 * <p>It is loaded on first use, once. Callers ask {@link #instructions} first; if that is null, the
 * Java twins serve and {@link #reason} says why.
 *
 * <p>The system property {@code pinbounce.native} chooses: {@code on}, which it is if not set,
 * takes the fastest instruction set; {@code off} loads nothing; {@code portable}, {@code
 * pclmul128}, {@code vpclmul256} or {@code vpclmul512} takes just that one. Any other value, and a
 * set that does not run here, is an error of this class's initialization: nothing else takes its
 * place.
 *
 * <p>No call blocks, so short ones are critical: they cost no change of thread state, but hold up
 * the garbage collector, and are therefore limited to {@value #MAX_CRITICAL} bytes. Memory that is
 * mapped from a file must not come here: if the file is truncated meanwhile, native code ends the
 * process, where Java code gets an error. Any number of threads may call at once.
 */
public final class StubLibrary {

    /** Bytes of data that a critical call may work on; for heap memory there is no other call. */
    public static final int MAX_CRITICAL = 64 << 10;

    private static final StubSelection SELECTED =
            StubSelection.of(System.getProperty("pinbounce.native", "on"));

    private StubLibrary() {}

    /** A guard: {@code enum pinbounce_guard}. */
    public enum Guard {
        /** CRC-16/T10-DIF. */
        CRC16_T10DIF(0),
        /** CRC-32C. */
        CRC32C(1),
        /** CRC-64/NVME. */
        CRC64_NVME(2);

        final int number;

        Guard(int number) {
            this.number = number;
        }
    }

    /** Initialized only once the library is loaded; its handles are constants to the JIT. */
    private static final class Calls {

        private static final FunctionDescriptor CRC_TYPE =
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);

        private static final FunctionDescriptor COPY_TYPE =
                FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);

        private static final FunctionDescriptor GUARD_TYPE =
                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

        private static final FunctionDescriptor GUARD_COPY_TYPE =
                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

        private static final FunctionDescriptor VERIFY_TYPE =
                FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

        private static final Linker.Option CRITICAL = Linker.Option.critical(true);

        static final MethodHandle CRC = find("pinbounce_crc", CRC_TYPE);
        static final MethodHandle CRC_CRITICAL = find("pinbounce_crc", CRC_TYPE, CRITICAL);
        static final MethodHandle COPY_CRITICAL = find("pinbounce_copy", COPY_TYPE, CRITICAL);
        static final MethodHandle GUARD = find("pinbounce_guard", GUARD_TYPE);
        static final MethodHandle GUARD_CRITICAL = find("pinbounce_guard", GUARD_TYPE, CRITICAL);
        static final MethodHandle GUARD_COPY = find("pinbounce_guard_copy", GUARD_COPY_TYPE);
        static final MethodHandle GUARD_COPY_CRITICAL =
                find("pinbounce_guard_copy", GUARD_COPY_TYPE, CRITICAL);
        static final MethodHandle VERIFY = find("pinbounce_verify", VERIFY_TYPE);
        static final MethodHandle VERIFY_CRITICAL = find("pinbounce_verify", VERIFY_TYPE, CRITICAL);

        private Calls() {}

        private static MethodHandle find(
                String name, FunctionDescriptor type, Linker.Option... options) {
            SymbolLookup symbols = SELECTED.symbols();
            if (symbols == null) {
                throw new IllegalStateException("the library is not there: " + SELECTED.reason());
            }
            return Downcall.LINKER.downcallHandle(symbols.findOrThrow(name), type, options);
        }
    }

    /**
     * The instruction set to use.
     *
     * @return the one asked for, else the fastest that runs here if it is faster than the Java
     *     twins, or null if there is none: {@link #reason}
     */
    public static @Nullable InstructionSet instructions() {
        return SELECTED.chosen();
    }

    /**
     * Why there is no instruction set to use.
     *
     * @return a sentence, or an empty string if there is one
     */
    public static String reason() {
        return SELECTED.reason();
    }

    /**
     * Whether this processor and its Linux run an instruction set, so that it may be passed to
     * {@link #crc}.
     */
    public static boolean runs(InstructionSet set) {
        return SELECTED.runs(set);
    }

    /**
     * Continues a guard's CRC. The range must be inside the memory; it is not checked.
     *
     * @param instructions a set that {@linkplain #runs runs} here
     * @param guard which CRC
     * @param seed the CRC of the bytes before, 0 if there are none
     * @param memory not mapped from a file; on the heap only for {@link #MAX_CRITICAL} bytes
     * @param offset the first byte of the range
     * @param length bytes in the range
     * @return the CRC
     */
    public static long crc(
            InstructionSet instructions,
            Guard guard,
            long seed,
            MemorySegment memory,
            long offset,
            long length) {
        int k = instructions.number;
        int g = guard.number;
        try {
            return length <= MAX_CRITICAL
                    ? (long) Calls.CRC_CRITICAL.invokeExact(k, g, seed, memory, offset, length)
                    : (long) Calls.CRC.invokeExact(k, g, seed, memory, offset, length);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    /**
     * Copies bytes between memory that does not overlap. The ranges must be inside the memory, and
     * the destination must not be read-only; neither is checked.
     *
     * @param source as for {@link #crc}
     * @param from the first byte of the range
     * @param destination as for {@link #crc}
     * @param to the first byte of the range
     * @param length bytes, at most {@link #MAX_CRITICAL}
     */
    static void copy(
            MemorySegment source, long from, MemorySegment destination, long to, long length) {
        try {
            Calls.COPY_CRITICAL.invokeExact(source, from, destination, to, length);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    /**
     * Writes the tuples of whole intervals.
     *
     * @param protection how; its interval times {@code count} bytes of data are read
     * @param data as for {@link #crc}
     * @param metadata as for {@link #crc}
     * @param count how many intervals
     */
    public static void guard(
            StubProtection protection, MemorySegment data, MemorySegment metadata, long count) {
        MemorySegment how = protection.memory();
        try {
            if (data.byteSize() <= MAX_CRITICAL) {
                Calls.GUARD_CRITICAL.invokeExact(how, data, metadata, count);
            } else {
                Calls.GUARD.invokeExact(how, data, metadata, count);
            }
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    /**
     * Copies whole intervals and writes the tuples of the copies, which they match even if the
     * source changes meanwhile.
     *
     * @param protection how
     * @param source as for {@link #crc}
     * @param destination as for {@link #crc}
     * @param metadata as for {@link #crc}
     * @param count how many intervals
     */
    public static void guardCopy(
            StubProtection protection,
            MemorySegment source,
            MemorySegment destination,
            MemorySegment metadata,
            long count) {
        MemorySegment how = protection.memory();
        try {
            if (source.byteSize() <= MAX_CRITICAL) {
                Calls.GUARD_COPY_CRITICAL.invokeExact(how, source, destination, metadata, count);
            } else {
                Calls.GUARD_COPY.invokeExact(how, source, destination, metadata, count);
            }
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    /**
     * Looks for an interval that does not match its tuple.
     *
     * @param protection how
     * @param data as for {@link #crc}
     * @param metadata as for {@link #crc}
     * @param count how many intervals
     * @return the number of the first bad one, or {@code count}
     */
    public static long verify(
            StubProtection protection, MemorySegment data, MemorySegment metadata, long count) {
        MemorySegment how = protection.memory();
        try {
            return data.byteSize() <= MAX_CRITICAL
                    ? (long) Calls.VERIFY_CRITICAL.invokeExact(how, data, metadata, count)
                    : (long) Calls.VERIFY.invokeExact(how, data, metadata, count);
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }
}
