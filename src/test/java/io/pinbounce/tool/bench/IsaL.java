package io.pinbounce.tool.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * The CRCs of Intel's ISA-L (isa-l/crc.h, crc64.h), the fastest that are known, to compare with.
 * Native memory only, at most 2^31 - 1 bytes. Every function has a {@code missing...} beside it.
 */
final class IsaL {

    private static final @Nullable SymbolLookup LIBRARY = library();

    private static final @Nullable MethodHandle CRC16 =
            find("crc16_t10dif", FunctionDescriptor.of(JAVA_SHORT, JAVA_SHORT, ADDRESS, JAVA_LONG));

    private static final @Nullable MethodHandle CRC32C =
            find("crc32_iscsi", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

    private static final @Nullable MethodHandle CRC64 =
            find(
                    "crc64_rocksoft_refl",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));

    private IsaL() {}

    /** Why there is no {@link #crc16} and no {@link #crc32c}; empty if there is. */
    static String missing() {
        return LIBRARY == null
                ? "libisal.so.2 is not found; install it (Debian: libisal2) or name its folder in"
                        + " LD_LIBRARY_PATH"
                : "";
    }

    /** Why there is no {@link #crc64}; empty if there is. */
    static String missingCrc64() {
        return LIBRARY != null && CRC64 == null
                ? "this libisal.so.2 has no crc64_rocksoft_refl; it came with ISA-L 2.31"
                : missing();
    }

    /** CRC-16/T10-DIF. */
    static long crc16(MemorySegment memory) {
        try {
            MethodHandle crc16 = Objects.requireNonNull(CRC16);
            return Short.toUnsignedLong(
                    (short) crc16.invokeExact((short) 0, memory, memory.byteSize()));
        } catch (Throwable t) {
            throw new LinkageError("crc16_t10dif", t);
        }
    }

    /** CRC-32C; ISA-L leaves both inversions to its caller. */
    static long crc32c(MemorySegment memory) {
        try {
            MethodHandle crc32c = Objects.requireNonNull(CRC32C);
            return Integer.toUnsignedLong(
                    ~(int) crc32c.invokeExact(memory, (int) memory.byteSize(), ~0));
        } catch (Throwable t) {
            throw new LinkageError("crc32_iscsi", t);
        }
    }

    /** CRC-64/NVME. */
    static long crc64(MemorySegment memory) {
        try {
            MethodHandle crc64 = Objects.requireNonNull(CRC64);
            return (long) crc64.invokeExact(0L, memory, memory.byteSize());
        } catch (Throwable t) {
            throw new LinkageError("crc64_rocksoft_refl", t);
        }
    }

    private static @Nullable SymbolLookup library() {
        try {
            return SymbolLookup.libraryLookup("libisal.so.2", Arena.global());
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Critical, as our own short calls are: a rival must not pay for a change of thread state. */
    private static @Nullable MethodHandle find(String name, FunctionDescriptor type) {
        if (LIBRARY == null) {
            return null;
        }
        return LIBRARY.find(name)
                .map(
                        symbol ->
                                Linker.nativeLinker()
                                        .downcallHandle(
                                                symbol, type, Linker.Option.critical(false)))
                .orElse(null);
    }
}
