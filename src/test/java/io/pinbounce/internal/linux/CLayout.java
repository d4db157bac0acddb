package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.junit.jupiter.api.Assumptions;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the C compiler says about sizes, offsets and constants (native-stubs/layout.c). */
public final class CLayout {

    /** The C headers of this machine are too old to know the name. */
    static final long UNKNOWN = -1;

    /** layout.c does not list the name. */
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

    /**
     * Loads the library that the build compiled; without a C compiler the test is skipped, or fails
     * if required.
     */
    public static CLayout load() {
        String folder = System.getProperty("pinbounce.stubs", "target/native");
        Path library = Path.of(folder, "libpinbounce-stubs.so");
        if (!Files.exists(library)) {
            String reason = "no native library, gcc and make build it, library=" + library;
            assertNotEquals("all", System.getenv("PINBOUNCE_REQUIRE"), reason);
            Assumptions.abort(reason);
        }
        return new CLayout(library);
    }

    /** Compares a number; skips it if the C headers here are too old to know it. */
    public void assertSays(String name, long java) {
        long value = value(name);
        assertNotEquals(NO_SUCH_NAME, value, "layout.c does not list " + name);
        // Skipped even where requirements are mandatory, since a distribution ships its headers as
        // they are.
        Assumptions.assumeTrue(
                value != UNKNOWN, "the C headers here are too old to define " + name);
        assertEquals(value, java);
    }

    long value(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) lookup.invokeExact(arena.allocateFrom(name));
        } catch (Throwable t) {
            throw new AssertionError("the lookup failed, name=" + name, t);
        }
    }
}
