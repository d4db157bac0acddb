package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.engine.DiskCall;
import io.pinbounce.engine.DiskCall.Kind;
import io.pinbounce.engine.DiskFaults;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Shows that {@link SidecarCutTest} can fail: a protocol that lacks one of its orderings is caught.
 * The ordering is taken away below the library: the disk lies about just the flush that makes it.
 * That recovery forces what it judges does not show here, since a power cut leaves no cache.
 */
class SidecarCutCanaryTest {

    private static final long MOST_CUTS = 10_000;

    private static final long LOG = 8192;

    private static final String SEAL = "io.pinbounce.seal.";

    /** What a protocol lacks. */
    enum Lack {
        /** Data goes out before its intent is on record. */
        LOG_BEFORE_DATA(Lack::isOfLog),
        /** Tuples go to their pages, and the log is freed, before the data is durable. */
        DATA_BEFORE_PAGES(
                call -> isForceOf(CutSetup.DATA, call) && isCalledBy(SEAL + "Checkpoint")),
        /** The log is freed before the pages are durable: candidates are retired early. */
        PAGES_BEFORE_TAIL(
                call -> isForceOf(CutSetup.SIDECAR, call) && isCalledBy(SEAL + "Checkpoint"));

        @SuppressWarnings("ImmutableEnumChecker") // it only looks
        private final Predicate<DiskCall> flush;

        Lack(Predicate<DiskCall> flush) {
            this.flush = flush;
        }

        private static boolean isOfLog(DiskCall call) {
            return call.kind() == Kind.WRITE
                    && call.path().equals(CutSetup.SIDECAR)
                    && call.position() >= LOG
                    && call.position() < LOG + SidecarOptions.SMALLEST_LOG;
        }

        private static boolean isForceOf(Path path, DiskCall call) {
            return call.kind() == Kind.FORCE && call.path().equals(path);
        }

        private static boolean isCalledBy(String name) {
            return StackWalker.getInstance()
                    .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(name)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProtocolWithoutAnOrderingIsCaught(Lack lack) {
        long cuts = 0;
        String caught = "";
        for (long seed = 1; cuts < MOST_CUTS && caught.isEmpty(); seed++) {
            try {
                cuts +=
                        new CutScenario(
                                        seed,
                                        disk ->
                                                disk.faults()
                                                        .rate(
                                                                DiskFaults.Kind.DROPPED_FLUSH,
                                                                1,
                                                                lack.flush))
                                .run();
            } catch (AssertionError e) {
                caught = String.valueOf(e.getMessage());
            }
        }
        assertTrue(!caught.isEmpty(), lack + " was not caught, cuts=" + cuts);
        System.out.println(lack + " is caught after " + cuts + " power cuts");
    }
}
