package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectCounts;
import io.pinbounce.Engine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Every way in which a column could run otherwise than its name says is noticed. */
class PathCheckTest {

    private static final DirectCounts NONE = new DirectCounts(0, 0, 0, 0, 0, 0, 0, 0);

    private static String moved(Column column, Direction direction, DirectCounts now) {
        return PathCheck.moved(column, direction, NONE, now, 10);
    }

    @Test
    void requestsThatMovedAsTheColumnSaysPass() {
        DirectCounts pinned = new DirectCounts(12, 0, 12, 0, 0, 0, 0, 0);
        DirectCounts bounced = new DirectCounts(0, 12, 0, 12, 0, 0, 0, 0);
        for (Direction direction : Direction.values()) {
            assertEquals("", moved(Column.PIN, direction, pinned));
            assertEquals("", moved(Column.BOUNCE, direction, bounced));
            assertEquals("", moved(Column.JOURNAL, direction, bounced));
        }
        assertEquals("", moved(Column.LAZY, Direction.READ, pinned));
    }

    @ParameterizedTest
    @CsvSource({
        "PIN, READ, 10, 1, 0, 0, 0, bounced=1",
        "PIN, READ, 9, 0, 0, 0, 0, pinned=9",
        "PIN, WRITE, 10, 0, 0, 0, 0, pinned=0",
        "BOUNCE, READ, 1, 10, 0, 0, 0, pinned=1",
        "BOUNCE_16B, READ, 0, 9, 0, 0, 0, bounced=9",
        "LAZY, READ, 10, 2, 2, 0, 0, bounced=2",
        "LAZY, READ, 10, 0, 2, 0, 0, repeated: count=2",
        "BOUNCE, READ, 0, 10, 0, 3, 0, repeated: count=3",
        "BOUNCE_64B, READ, 0, 10, 0, 0, 7, intervals=7"
    })
    void canaryRequestsThatMovedOtherwiseAreNoticed(
            Column column,
            Direction direction,
            long pinnedReads,
            long bouncedReads,
            long rereads,
            long blockReads,
            long unverified,
            String hint) {
        DirectCounts now =
                new DirectCounts(
                        pinnedReads, bouncedReads, 0, 0, rereads, blockReads, 0, unverified);
        String reason = moved(column, direction, now);
        assertTrue(reason.contains(hint), reason);
    }

    @Test
    void canaryAFileThatIsOpenWithoutDirectIoIsNoticed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("data");
        try (FileChannel _ =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            String reason = PathCheck.direct(file);
            assertTrue(reason.startsWith("the file is open without O_DIRECT"), reason);
        }
        String closed = PathCheck.direct(file);
        assertTrue(closed.startsWith("the file is not open"), closed);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, threads, true",
        "AUTO, io_uring, true",
        "REQUIRED_URING, io_uring, true",
        "REQUIRED_URING, threads, false",
        "SYSCALL, threads, true",
        "SYSCALL, io_uring, false"
    })
    void canaryAnotherEngineIsNoticed(Engine wanted, String engine, boolean right) {
        assertEquals(right, PathCheck.engine(wanted, engine).isEmpty());
    }
}
