package io.pinbounce.internal.linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What of the native library serves in this process.
 *
 * @param symbols those of the library; null if it is not loaded
 * @param usable the instruction sets that this processor and its Linux run, a bit for each number
 * @param chosen the instruction set to use; null if the Java twins serve
 * @param reason why the Java twins serve; empty if they do not
 */
record StubSelection(
        @Nullable SymbolLookup symbols,
        int usable,
        @Nullable InstructionSet chosen,
        String reason) {

    /** {@code PINBOUNCE_ABI} of native-stubs/pinbounce.h. */
    static final int ABI = 2;

    /**
     * Loads the library and chooses, as the system property {@code pinbounce.native} says.
     *
     * @param mode {@code on}, {@code off} or the word of one instruction set
     * @throws IllegalArgumentException if the word is none of these
     * @throws IllegalStateException if the instruction set does not run here
     */
    static StubSelection of(String mode) {
        if (mode.equals("off")) {
            return nothing("-Dpinbounce.native=off switches the native library off");
        }
        StubSelection fastest;
        try {
            NativeAccess.require();
            fastest = fastest(StubLoader.load(StubLoader.resource()), ABI);
        } catch (StubLoader.Unavailable | IllegalCallerException e) {
            fastest = nothing(String.valueOf(e.getMessage()));
        }
        return mode.equals("on") ? fastest : fastest.only(mode);
    }

    /** The fastest instruction set of a library; none if the Java twins are faster. */
    static StubSelection fastest(SymbolLookup symbols, int abi) throws StubLoader.Unavailable {
        int found = ask(symbols, "pinbounce_abi");
        if (found != abi) {
            throw new StubLoader.Unavailable(
                    "the native library is of another version; build the jar again, abi="
                            + found
                            + " expected="
                            + abi);
        }
        int usable = ask(symbols, "pinbounce_kernels");
        InstructionSet fastest =
                Stream.of(InstructionSet.values())
                        .filter(set -> runs(usable, set))
                        .max(Comparator.naturalOrder())
                        .orElse(InstructionSet.PORTABLE);
        return fastest == InstructionSet.PORTABLE
                ? new StubSelection(
                        symbols, usable, null, "this processor has no fast instruction set")
                : new StubSelection(symbols, usable, fastest, "");
    }

    /** The same with the instruction set of that name, and no other. */
    StubSelection only(String name) {
        InstructionSet wanted =
                Stream.of(InstructionSet.values())
                        .filter(set -> set.toString().equals(name))
                        .findAny()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "give on, off or one of "
                                                        + Arrays.toString(InstructionSet.values())
                                                        + ", pinbounce.native="
                                                        + name));
        if (!runs(wanted)) {
            throw new IllegalStateException(
                    "that instruction set does not run here, "
                            + (chosen == null ? reason : "the fastest is " + chosen)
                            + "; give on for the best there is, pinbounce.native="
                            + name);
        }
        return new StubSelection(symbols, usable, wanted, "");
    }

    boolean runs(InstructionSet set) {
        return runs(usable, set);
    }

    private static boolean runs(int usable, InstructionSet set) {
        return (usable >>> set.number & 1) != 0;
    }

    private static StubSelection nothing(String reason) {
        return new StubSelection(null, 0, null, reason);
    }

    private static int ask(SymbolLookup symbols, String name) throws StubLoader.Unavailable {
        MemorySegment symbol =
                symbols.find(name)
                        .orElseThrow(() -> new StubLoader.Unavailable("it lacks " + name));
        return Downcall.ask(symbol);
    }
}
