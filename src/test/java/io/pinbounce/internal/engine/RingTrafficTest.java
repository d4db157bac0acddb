package io.pinbounce.internal.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class RingTrafficTest extends RingTests {

    static Stream<RingKind> kinds() {
        return RingKind.all();
    }

    enum Damage {
        DROP,
        SWAP,
        DOUBLE,
        SHORTEN,
        FAIL_TO_FORCE,
        MISPLACE
    }

    @ParameterizedTest
    @CsvSource({
        "DROP, lost",
        "SWAP, expected",
        "DOUBLE, nothing was in flight",
        "SHORTEN, expected",
        "FAIL_TO_FORCE, forced",
        "MISPLACE, stale"
    })
    void canaryADamagedRingIsCaught(Damage damage, String report) {
        try (IoRing ring = new DamagedRing(kind.open(engine, 16), damage)) {
            RingTraffic traffic =
                    new RingTraffic(ring, file, arena, new Random(Seed.value()))
                            .patience(TimeUnit.MILLISECONDS.toNanos(200));
            String found = assertThrows(AssertionError.class, () -> traffic.run(4000)).toString();
            assertTrue(found.contains(report), found);
        }
    }

    /** A ring that makes one kind of mistake whenever it can. */
    private static final class DamagedRing implements IoRing {

        private final IoRing ring;

        private final Damage damage;

        private final Submission misplaced = new Submission();

        DamagedRing(IoRing ring, Damage damage) {
            this.ring = ring;
            this.damage = damage;
        }

        @Override
        public void drain(Completions out) {
            Completions done = new Completions(depth());
            ring.drain(done);
            int last = done.count() - 1;
            for (int i = damage == Damage.DROP ? 1 : 0; i <= last; i++) {
                int slot = done.slot(damage == Damage.SWAP ? last - i : i);
                long result = done.result(i) - (damage == Damage.SHORTEN ? 1 : 0);
                out.add(slot, result, damage == Damage.FAIL_TO_FORCE ? -1 : 0);
            }
            if (damage == Damage.DOUBLE && last >= 0 && last < depth() - 1) {
                out.add(done.slot(0), done.result(0), 0);
            }
        }

        @Override
        public void prep(int slot, Submission submission) {
            boolean moved =
                    damage == Damage.MISPLACE
                            && submission.op() == Op.READ
                            && submission.length() < RingTraffic.PART; // not at the end of the file
            ring.prep(slot, moved ? elsewhere(submission) : submission);
        }

        private Submission elsewhere(Submission submission) {
            long position = submission.position();
            long other = position < BLOCK ? position + BLOCK : position - BLOCK;
            misplaced.prep(Op.READ, submission.file(), other);
            submission.memory().forEach(misplaced::add);
            return misplaced;
        }

        @Override
        public String name() {
            return ring.name();
        }

        @Override
        public int depth() {
            return ring.depth();
        }

        @Override
        public int enter(int min, long nanos) {
            return ring.enter(min, nanos);
        }

        @Override
        public void wake() {
            ring.wake();
        }

        @Override
        public void close() {
            ring.close();
        }
    }
}
