package io.pinbounce.tool.bench.peers;

import io.pinbounce.tool.bench.Paired;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is measured of two contestants in turn. */
enum Measure {
    /** The median time of one request after the other, in microseconds. */
    LATENCY {
        @Override
        Paired<Figures> pairs(Peer ours, Peer theirs, Peer.Direction direction, int size)
                throws IOException {
            List<Figures> our = new ArrayList<>();
            List<Figures> their = new ArrayList<>();
            Turns ourTurns = new Turns(ours, direction);
            Turns theirTurns = new Turns(theirs, direction);
            for (int pair = -WARM_UPS; pair < LATENCY_PAIRS; pair++) {
                // Turns are short, so that whatever else the machine does hits both alike.
                for (int turn = 0; turn < TURNS; turn++) {
                    (turn % 2 == 0 ? ourTurns : theirTurns).take();
                    (turn % 2 == 0 ? theirTurns : ourTurns).take();
                }
                Figures ourFigures = ourTurns.figures();
                Figures theirFigures = theirTurns.figures();
                if (pair >= 0) {
                    our.add(ourFigures);
                    their.add(theirFigures);
                }
            }
            return new Paired<>(our, their);
        }
    },

    /** Requests a second. */
    THROUGHPUT {
        @Override
        Paired<Figures> pairs(Peer ours, Peer theirs, Peer.Direction direction, int size)
                throws Exception {
            long batch = Math.max(MOST_BYTES / size, 64);
            return Paired.measure(
                    THROUGHPUT_PAIRS,
                    () -> throughput(ours, direction, Math.min(batch, MOST_BATCH)),
                    () -> throughput(theirs, direction, Math.min(batch, MOST_BATCH)));
        }
    };

    private static final int LATENCY_PAIRS = 31;

    /** Pairs before anything is counted, which leave the JIT time to finish. */
    private static final int WARM_UPS = 3;

    private static final int TURNS = 20;

    private static final int REQUESTS_A_TURN = 50;

    private static final int THROUGHPUT_PAIRS = 15;

    private static final Duration THROUGHPUT_TIME = Duration.ofMillis(400);

    /** Requests between two looks at the clock, at the end of which nothing is in flight. */
    private static final long MOST_BATCH = 2048;

    private static final long MOST_BYTES = 16L << 20;

    /**
     * What one side of one pair came to.
     *
     * @param value as the measure says
     * @param cpuMicros processor time of the process, a request; the kernel's own threads are not
     *     in it
     */
    record Figures(double value, double cpuMicros) {}

    /** Measures both. */
    abstract Paired<Figures> pairs(Peer ours, Peer theirs, Peer.Direction direction, int size)
            throws Exception;

    private static Figures throughput(Peer peer, Peer.Direction direction, long batch)
            throws IOException {
        Duration cpu = cpu();
        long start = System.nanoTime();
        long requests = 0;
        long nanos;
        do {
            peer.move(direction, batch);
            requests += batch;
            nanos = System.nanoTime() - start;
        } while (nanos < THROUGHPUT_TIME.toNanos());
        return new Figures(requests / (nanos / 1e9), cpu().minus(cpu).toNanos() / 1e3 / requests);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The turns of one side in one pair. */
    private static final class Turns {

        private final Peer peer;

        private final Peer.Direction direction;

        private final double[] micros = new double[TURNS * REQUESTS_A_TURN];

        private int filled;

        private Duration cpu = Duration.ZERO;

        Turns(Peer peer, Peer.Direction direction) {
            this.peer = peer;
            this.direction = direction;
        }

        void take() throws IOException {
            Duration before = cpu();
            for (int i = 0; i < REQUESTS_A_TURN; i++) {
                long start = System.nanoTime();
                peer.move(direction, 1);
                micros[filled++] = (System.nanoTime() - start) / 1e3;
            }
            cpu = cpu.plus(cpu().minus(before));
        }

        Figures figures() {
            Arrays.sort(micros);
            Figures figures = new Figures(micros[filled / 2], cpu.toNanos() / 1e3 / filled);
            filled = 0;
            cpu = Duration.ZERO;
            return figures;
        }
    }
}
