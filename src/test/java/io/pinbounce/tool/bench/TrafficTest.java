package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.stream.LongStream;

class TrafficTest {

    private static final int SIZE = 4096;

    private static final long BLOCKS = Traffic.SPAN / SIZE;

    @Test
    void sequentialTrafficStartsAgainAtTheEnd() {
        Traffic traffic = Traffic.sequential(Direction.READ, SIZE, 1);
        assertEquals(0, traffic.position(0));
        assertEquals(Traffic.SPAN - SIZE, traffic.position(BLOCKS - 1));
        assertEquals(0, traffic.position(BLOCKS));
    }

    /** A target of which only a part is read would fit a cache. */
    @Test
    void randomTrafficVisitsEveryBlockAndNeverTheNextOne() {
        Traffic traffic = Traffic.randomReads(SIZE, 1);
        long different =
                LongStream.range(0, BLOCKS)
                        .map(traffic::position)
                        .peek(TrafficTest::inFile)
                        .distinct()
                        .count();
        assertEquals(BLOCKS, different);
        assertTrue(
                LongStream.range(0, BLOCKS)
                        .noneMatch(n -> traffic.position(n + 1) == traffic.position(n) + SIZE));
    }

    private static void inFile(long position) {
        assertTrue(position >= 0 && position <= Traffic.SPAN - SIZE && position % SIZE == 0);
    }
}
