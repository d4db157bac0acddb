package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Loads the native library that lies in the jar. It goes through memory that has a file descriptor
 * ({@code memfd_create}) and is loaded by that descriptor's name in procfs, so that no file is left
 * behind, whatever happens to the process. One descriptor stays open.
 */
final class StubLoader {

    /** {@code MFD_CLOEXEC} of linux/memfd.h. */
    static final int MFD_CLOEXEC = 1;

    private static final MethodHandle MEMFD_CREATE =
            Downcall.LINKER.downcallHandle(
                    Downcall.symbol("memfd_create"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Downcall.ERRNO);

    private StubLoader() {}

    /** Why the library cannot be loaded, and what to do about it if anything can be done. */
    static final class Unavailable extends Exception {

        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }
    }

    /** Where the jar has the library for this machine. */
    static String resource() {
        String architecture = System.getProperty("os.arch", "unknown");
        return "/native/linux-"
                + (architecture.equals("amd64") ? "x86_64" : architecture)
                + "/libpinbounce-stubs.so";
    }

    /** The library's symbols; it stays loaded as long as the process lives. */
    static SymbolLookup load(String resource) throws Unavailable {
        byte[] library = read(resource);
        MemorySegment state = Downcall.STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("pinbounce-stubs");
            int fd =
                    (int)
                            Downcall.result(
                                    (int) MEMFD_CREATE.invokeExact(state, name, MFD_CLOEXEC),
                                    state);
            if (fd < 0) {
                throw new Unavailable("memfd_create failed, errno=" + -fd);
            }
            SymbolLookup symbols = null;
            try {
                write(fd, arena.allocateFrom(ValueLayout.JAVA_BYTE, library));
                symbols = lookup("/proc/self/fd/" + fd);
                return symbols;
            } finally {
                // A loaded library keeps its descriptor: the dynamic linker knows libraries by
                // name, and would take the next one under the same number for this one.
                if (symbols == null) {
                    FfmLibC.INSTANCE.close(fd);
                }
            }
        } catch (Unavailable e) {
            throw e;
        } catch (Throwable t) {
            throw Downcall.propagate(t);
        }
    }

    private static byte[] read(String resource) throws Unavailable {
        try (InputStream in = StubLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new Unavailable(
                        "this build has no native library for this machine; build it there with a"
                                + " C compiler and make, resource="
                                + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new Unavailable("the jar cannot be read, " + e);
        }
    }

    private static void write(int fd, MemorySegment bytes) throws Unavailable {
        for (long done = 0; done < bytes.byteSize(); ) {
            long written = FfmLibC.INSTANCE.pwrite(fd, bytes.asSlice(done), done);
            if (written <= 0) {
                throw new Unavailable("the memory file cannot be written, errno=" + -written);
            }
            done += written;
        }
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup lookup(String path) throws Unavailable {
        try {
            return SymbolLookup.libraryLookup(path, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new Unavailable(
                    "the dynamic linker refused the native library, " + e.getMessage());
        }
    }
}
