package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.internal.sidecar.LogContents.Reading;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.Superblock.DataFile;
import io.pinbounce.internal.sidecar.TupleStore.State;
import io.pinbounce.testing.Seed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;

/** A sidecar whose log and data tests make by hand, and have recovered. */
abstract class HandmadeSidecar {

    static final int INTERVAL = SidecarFixture.INTERVAL;

    static final int INTERVALS = 64;

    private static final long ZEROS = SidecarFixture.SEALS.ofZeros();

    final Random random = new Random(Seed.value());

    final SidecarFixture fixture = new SidecarFixture();

    private SidecarFiles files = files();

    Superblock superblock = superblock();

    byte[] data = new byte[INTERVALS * INTERVAL];

    /** Bytes of the data that a recovery looks at. */
    long length = data.length;

    /** Where the next group goes. */
    long position = Layout.LOG;

    private SidecarFiles files() {
        return new SidecarFiles(fixture.engine, SidecarFixture.DATA, SidecarFixture.SIDECAR);
    }

    /** Intervals 16 to 31 are ones, and a checkpoint has moved their seals to a page. */
    @BeforeEach
    void makeSidecar() throws SealException {
        fixture.makeData(16 * INTERVAL); // the first 16 are unprotected
        fixture.open(Access.WRITE).close();
        Arrays.fill(data, 16 * INTERVAL, 32 * INTERVAL, (byte) 1);
        fixture.put(SidecarFixture.DATA, 0, data);
        superblock = Objects.requireNonNull(Superblocks.read(opened()).newest());
        TuplePage page = TuplePage.unwritten(0, 16, ZEROS);
        for (int i = 16; i < 32; i++) {
            page.set(i, State.PROTECTED, seal(i));
        }
        byte[] bytes = new byte[Layout.PAGE];
        page.encode(MemorySegment.ofArray(bytes), superblock.identity(), pagePosition());
        fixture.put(SidecarFixture.SIDECAR, pagePosition(), bytes);
        superblock = superblock.withTail(5);
    }

    private Superblock superblock() {
        return new Superblock(
                1,
                1,
                new DataFile(false, 0, 0, 0),
                SidecarFixture.CONTEXT,
                SidecarSpec.Mode.JOURNAL,
                false,
                SidecarFixture.LOG_SIZE,
                1,
                0,
                0);
    }

    private SidecarFiles opened() throws SealException {
        files.close();
        files = files();
        fixture.openBoth(files);
        return files;
    }

    @AfterEach
    void close() throws SealException {
        files.close();
    }

    static long pagePosition() {
        return SidecarFixture.LAYOUT.pagePosition(0);
    }

    /** The seal of an interval as it is. */
    long seal(int number) {
        byte[] interval = Arrays.copyOfRange(data, number * INTERVAL, number * INTERVAL + INTERVAL);
        return SidecarFixture.seal(interval, number);
    }

    /** Writes another version of an interval, and returns its seal. */
    long write(int number) {
        byte[] interval = new byte[INTERVAL];
        random.nextBytes(interval);
        System.arraycopy(interval, 0, data, number * INTERVAL, INTERVAL);
        return SidecarFixture.seal(interval, number);
    }

    /** The sectors of a group of intents. */
    byte[] group(long sequence, long end, Intent... intents) {
        byte[] bytes = new byte[LogBuffer.SIZE];
        MemorySegment memory = MemorySegment.ofArray(bytes);
        LogSector.Writer writer = new LogSector.Writer(memory);
        for (Intent intent : intents) {
            writer.add(intent);
        }
        int size = writer.sectors() * Sector.SIZE;
        writer.finish(size, sequence, end, superblock.identity(), position);
        return Arrays.copyOf(bytes, size);
    }

    /** Writes sectors of a group to the log. */
    void log(byte[] group) {
        fixture.put(SidecarFixture.SIDECAR, position, group);
        position += group.length;
    }

    void log(long sequence, Intent... intents) {
        log(group(sequence, data.length, intents));
    }

    static Intent intent(int first, long... seals) {
        return SidecarFixture.intent(null, () -> {}, first, seals);
    }

    /** Reads the log, as the next writer does. */
    LogContents readLog() throws SealException {
        fixture.put(SidecarFixture.DATA, 0, data);
        return LogContents.read(opened(), superblock, Reading.STRICT);
    }

    /** Compares the data with what a log that was read has on record. */
    Overlay judge(LogContents log) throws SealException {
        PageMap map = new PageMap();
        map.add(0);
        return new Recovery(files, superblock, map, SidecarFixture.SEALS, log.candidates())
                .judge(length);
    }

    /** What a recovery says of an interval; null if nothing. */
    @Nullable State judge(int number) throws SealException {
        return stateOf(judge(readLog()), number);
    }

    @Nullable State stateOf(Overlay judged, int number) {
        SealRun run = new SealRun();
        run.clear(1);
        if (!judged.get(number, run, 0)) {
            return null;
        }
        if (run.state(0) == State.PROTECTED) {
            assertEquals(seal(number), run.seal(0));
        }
        return run.state(0);
    }
}
