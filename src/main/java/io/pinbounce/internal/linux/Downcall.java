package io.pinbounce.internal.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** What all FFM classes share: how a function is found and linked, and how a call reports errno. */
final class Downcall {

    static final Linker LINKER = Linker.nativeLinker();

    static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO_VALUE =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Where a thread's down-calls leave errno; garbage collected with the thread. */
    static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

    private Downcall() {}

    /** Calls a function that takes nothing, returns an int and cannot fail, once. */
    static int ask(MemorySegment symbol) {
        try {
            return (int)
                    LINKER.downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT)).invokeExact();
        } catch (Throwable t) {
            throw propagate(t);
        }
    }

    static long result(long returned, MemorySegment state) {
        return returned == -1 ? -(int) ERRNO_VALUE.get(state, 0L) : returned;
    }

    /**
     * Unchecked exceptions are the linker's refusals (closed arena, heap segment): they are passed
     * on.
     */
    static RuntimeException propagate(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        throw new AssertionError("a down-call threw a checked exception", t);
    }

    static MethodHandle find(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, arguments), ERRNO);
    }

    /**
     * The C library is part of the process already, so that its name needs no descriptor. The
     * linker's own look-up does, with its first use, and finds nothing ever after if there is none.
     */
    @SuppressWarnings("restricted")
    static MemorySegment symbol(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseGet(
                        () ->
                                SymbolLookup.libraryLookup("libc.so.6", Arena.global())
                                        .findOrThrow(name));
    }
}
