package io.pinbounce.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What the C compiler says about sizes, offsets and constants (native-stubs/layout.c). */
final class CLayout {

    /** The C headers of this machine are older than what was asked for. */
    static final long UNKNOWN = -1;

    /** layout.c does not list what was asked for. */
    static final long NO_SUCH_NAME = -2;

    private final MethodHandle lookup;

    CLayout(Path library) {
        lookup =
                Linker.nativeLinker()
                        .downcallHandle(
                                SymbolLookup.libraryLookup(library, Arena.global())
                                        .findOrThrow("pinbounce_layout"),
                                FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    long value(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) lookup.invokeExact(arena.allocateFrom(name));
        } catch (Throwable t) {
            throw new AssertionError("the lookup failed, name=" + name, t);
        }
    }
}
