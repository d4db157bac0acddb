package io.pinbounce.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.file.RangeTable.Entry;
import io.pinbounce.internal.file.RangeTable.Size;
import io.pinbounce.internal.file.RangeTable.Use;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How the work of one request grows with the number of them: counted, not timed. */
class RangeTableGrowthTest {

    private static final int FEW = 256;

    /** What the work of one request may grow by when there are 16 times as many: a logarithm. */
    private static final double ALLOWED = 2.5;

    /** Which range the n-th of some requests asks for. */
    enum Crowd {
        DISJOINT {
            @Override
            RangeUsers.Range range(int i, int n) {
                return new RangeUsers.Range(4L * i, 4L * i + 4, Use.EXCLUSIVE, Size.READ);
            }
        },
        ALL_THE_SAME {
            @Override
            RangeUsers.Range range(int i, int n) {
                return new RangeUsers.Range(0, 4, Use.EXCLUSIVE, Size.READ);
            }
        },
        DISJOINT_AND_AS_MANY_TO_THE_SAME_PLACES {
            @Override
            RangeUsers.Range range(int i, int n) {
                long start = 4L * (i % (n / 2));
                return new RangeUsers.Range(start, start + 4, Use.EXCLUSIVE, Size.READ);
            }
        },
        READERS_AND_WRITERS_OF_ONE_PLACE {
            @Override
            RangeUsers.Range range(int i, int n) {
                Use use = i < n / 2 ? Use.SHARED : Use.EXCLUSIVE;
                return new RangeUsers.Range(0, 4, use, Size.READ);
            }
        },
        WRITERS_AROUND_A_TRUNCATE {
            @Override
            RangeUsers.Range range(int i, int n) {
                return i == n / 2
                        ? new RangeUsers.Range(4, Long.MAX_VALUE, Use.EXCLUSIVE, Size.CHANGE)
                        : new RangeUsers.Range(4L * i, 4L * i + 4, Use.EXCLUSIVE, Size.READ);
            }
        },
        APPENDS {
            @Override
            RangeUsers.Range range(int i, int n) {
                return new RangeUsers.Range(4L * i, 4L * i + 6, Use.EXCLUSIVE, Size.CHANGE);
            }
        },
        ANYWHERE {
            @Override
            RangeUsers.Range range(int i, int n) {
                long start = new Random(i).nextLong(4L * n);
                return new RangeUsers.Range(start, start + 4, Use.EXCLUSIVE, Size.READ);
            }
        };

        abstract RangeUsers.Range range(int i, int n);
    }

    @ParameterizedTest
    @EnumSource
    void theWorkOfARequestGrowsAsALogarithm(Crowd crowd) {
        double few = stepsPerRequest(crowd, FEW);
        double more = stepsPerRequest(crowd, 4 * FEW);
        double many = stepsPerRequest(crowd, 16 * FEW);
        String figures = "few=" + few + " more=" + more + " many=" + many;
        assertTrue(more <= ALLOWED * few, figures);
        assertTrue(many <= ALLOWED * few, figures);
    }

    @Test
    void canaryWorkThatGrowsWithTheNumberOfRequestsIsSeen() {
        RangeTable table = new RangeTable();
        List<Entry> readers = new ArrayList<>();
        table.enter(new Entry(), 9, 10, Use.EXCLUSIVE, Size.READ, () -> {});
        for (int i = 0; i < FEW; i++) {
            readers.add(new Entry());
            table.enter(readers.getLast(), 0, 4, Use.SHARED, Size.READ, () -> {});
        }
        for (int i = 0; i < FEW; i++) { // each of these waits for all readers
            table.enter(new Entry(), i % 4, i % 4 + 1, Use.EXCLUSIVE, Size.READ, () -> {});
        }
        long before = table.steps();
        Collections.reverse(readers); // the one that is waited behind always leaves first
        readers.forEach(table::exit);
        assertTrue(table.steps() - before > FEW, "steps=" + (table.steps() - before));
    }

    /** All enter, and those that are granted leave, first come first gone. */
    private static double stepsPerRequest(Crowd crowd, int n) {
        RangeTable table = new RangeTable();
        Entry last = new Entry();
        table.enter(last, 0, 0, Use.EXCLUSIVE, Size.READ, () -> {}); // keeps the list in use
        ArrayDeque<Entry> granted = new ArrayDeque<>();
        for (int i = 0; i < n; i++) {
            RangeUsers.Range range = crowd.range(i, n);
            Entry entry = new Entry();
            table.enter(
                    entry,
                    range.start(),
                    range.end(),
                    range.use(),
                    range.size(),
                    () -> granted.add(entry));
            if (entry.isGranted()) {
                granted.add(entry);
            }
        }
        int gone = 0;
        for (; !granted.isEmpty(); gone++) {
            table.exit(granted.remove());
        }
        assertEquals(n, gone);
        table.exit(last);
        return table.steps() / (double) n;
    }
}
