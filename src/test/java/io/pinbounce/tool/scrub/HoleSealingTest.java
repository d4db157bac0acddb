package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.linux.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** Holes are sealed and verified as if they were read, and are not read. */
@Timeout(60)
final class HoleSealingTest extends SparseFileFixture {

    private final Path sidecar = Path.of("/disk/data.pi");

    @ParameterizedTest
    @EnumSource
    void aHoleIsSealedAndVerifiedWithoutBeingRead(Mode mode) throws IOException {
        this.mode = mode;
        write(TIB + 100, 0, TIB / 2, TIB - 4096);
        disk.engine().clearLog();
        SealReport sealed = seal();
        assertEquals(Ending.COMPLETE, sealed.ending());
        assertEquals(TIB + 100, sealed.bytes());
        assertEquals(TIB + 100, sealed.sealed());
        assertFewRequests();
        long mapsOfOneTib = 17;
        long most = 2 * mapsOfOneTib + 2 * 3 + 1; // pages: of the map twice, and of extents
        assertTrue(tuples() <= most * 4096, "bytes of tuples=" + tuples());
        assertAllProtected();
        assertFewRequests();
        assertEquals(0, seal().sealed());
        assertFewRequests();
    }

    /** Memory and log have no room for all seals, so tuples move to their pages meanwhile. */
    @ParameterizedTest
    @EnumSource
    void holesBetweenManyExtentsNeedNoTuplePages(Mode mode) throws IOException {
        this.mode = mode;
        int extents = 200;
        long step = TIB / extents / INTERVAL * INTERVAL;
        write(TIB, LongStream.range(0, extents).map(i -> i * step).toArray());
        disk.engine().clearLog();
        assertEquals(TIB, seal().sealed());
        assertTrue(tuples() <= (2 * 17 + 2 * extents) * 4096L, "bytes of tuples=" + tuples());
        int requests = disk.engine().log().size();
        assertTrue(requests < 20 * extents, "requests=" + requests);
        assertAllProtected();
    }

    /** Another file on the same inode may force meanwhile, which covers only what was written. */
    @Test
    void aForceDuringSealingLosesNoHole() throws IOException {
        write(TIB, 0, TIB / 4, TIB / 2);
        try (DirectFile file = openToSeal();
                DirectFile other = openToSeal();
                DirectQueue queue = disk.queue(1)) {
            disk.engine()
                    .fault(
                            submission -> {
                                if (submission.position() == TIB / 2) {
                                    force(other);
                                }
                                return Outcome.NORMAL;
                            });
            assertEquals(TIB, new Sealing(interval, 10).run(file, queue, soFar -> {}).sealed());
            disk.engine().fault(_ -> Outcome.NORMAL);
        }
        assertAllProtected();
    }

    /** A hole that a writer fills between two requests of a sealing keeps the writer's tuples. */
    @Test
    void aWriterMayFillAHoleThatIsBeingSealed() throws IOException {
        write(64 * MIB, 0, 32 * MIB);
        try (DirectFile file = openToSeal();
                DirectFile writer = openToSeal();
                DirectQueue queue = disk.queue(1)) {
            byte[] filled = new byte[2 * INTERVAL];
            random.nextBytes(filled);
            boolean[] wrote = new boolean[1];
            new Sealing(interval, 10)
                    .run(
                            file,
                            queue,
                            soFar -> {
                                if (!wrote[0] && soFar.done() > 8 * MIB) {
                                    wrote[0] = true;
                                    write(writer, filled, 3 * PAGE);
                                }
                            });
            write(writer, filled, 4 * PAGE);
            byte[] back = new byte[2 * INTERVAL];
            file.read(MemorySegment.ofArray(back), 4 * PAGE);
            assertArrayEquals(filled, back);
        }
        assertAllProtected();
    }

    @Test
    void aStoppedSealingGoesOnWithTheRest() throws IOException {
        write(TIB, 0, TIB / 2, TIB / 2 + MIB, TIB / 2 + 2 * MIB);
        Sealing sealing = new Sealing(interval, 10);
        disk.engine()
                .fault(
                        submission -> {
                            if (submission.position() == TIB / 2) {
                                sealing.stop();
                            }
                            return Outcome.NORMAL;
                        });
        SealReport stopped = seal(sealing, 1);
        assertEquals(Ending.STOPPED, stopped.ending());
        disk.engine().fault(_ -> Outcome.NORMAL);
        disk.engine().clearLog();
        assertTrue(seal().sealed() > 0);
        assertFewRequests();
        assertAllProtected();
    }

    /** What cannot be read stays unprotected, also where no page of tuples is made for it. */
    @Test
    void whatCannotBeReadBetweenHolesStaysUnprotected() throws IOException {
        long lost = 20 * PAGE;
        write(TIB, 0, lost, lost + PAGE);
        try (DirectFile plain = disk.open(path, DirectOptions.readWrite())) {
            plain.write(data((int) PAGE), lost);
        }
        disk.engine()
                .fault(
                        submission ->
                                submission.position() < lost + PAGE
                                                && lost
                                                        < submission.position()
                                                                + submission.length()
                                                && submission.length() >= INTERVAL
                                        ? Outcome.failed(Errno.EIO)
                                        : Outcome.NORMAL);
        SealReport report = seal();
        disk.engine().fault(_ -> Outcome.NORMAL);
        long unreadable = report.unreadable().stream().mapToLong(UnreadableRange::length).sum();
        assertTrue(unreadable >= PAGE, report.toString());
        assertEquals(TIB - unreadable, report.sealed());
        assertEquals(unreadable / INTERVAL, scrub().unprotected());
        assertEquals(unreadable, seal().sealed());
        assertAllProtected();
    }

    /** The canary: otherwise the tests above would pass although every hole was read. */
    @Test
    void everythingIsReadWhereHolesAreUnknown() throws IOException {
        write(16 * MIB, 0);
        disk.engine().tellNoHoles();
        disk.engine().clearLog();
        assertEquals(16 * MIB, seal().sealed());
        assertTrue(disk.engine().log().size() > 16, disk.engine().log().toString());
        assertAllProtected();
    }

    private static void force(DirectFile file) {
        try {
            file.force();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes that the sidecar takes behind its log. */
    private long tuples() {
        return disk.engine().disk().stored(sidecar) - SidecarOptions.MIN_LOG - 8192;
    }

    private static void write(DirectFile file, byte[] bytes, long position) {
        try {
            file.write(MemorySegment.ofArray(bytes), position);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
