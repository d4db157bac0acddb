package io.pinbounce.tool.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.Transfer;
import io.pinbounce.testing.MemoryDisk;
import io.pinbounce.testing.Seed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** A guarded file on a simulated disk, and scrubs of it. */
abstract class ScrubFixture {

    static final int MIB = 1 << 20;

    static final int DEPTH = 4;

    static final int MOST = 1000;

    final Path path = Path.of("/disk/data");

    final Random random = new Random(Seed.value());

    final List<ScrubProgress> heard = new ArrayList<>();

    MemoryDisk disk = MemoryDisk.of(512);

    Protection protection = Protection.t10(4096).memory();

    int interval = 4096;

    /** Stays open, and with it the tuples. */
    private @Nullable DirectFile writer;

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        Objects.requireNonNull(writer).close();
        assertEquals(0, disk.engine().openHandles());
    }

    void use(int interval) {
        this.interval = interval;
        protection = Protection.t10(interval).memory();
    }

    DirectFile openWriter() throws IOException {
        DirectOptions options = DirectOptions.readWrite().create().protection(protection);
        DirectFile opened = disk.open(path, options);
        writer = opened;
        return opened;
    }

    void write(int size) throws IOException {
        openWriter().write(data(size), 0);
    }

    MemorySegment data(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return MemorySegment.ofArray(bytes);
    }

    void flip(long position) {
        disk.engine().flipBit(path, position);
    }

    DirectFile open(Transfer transfer) throws IOException {
        return disk.open(path, DirectOptions.readOnly().transfer(transfer).protection(protection));
    }

    ScrubReport scrub() throws IOException {
        try (DirectQueue queue = disk.queue(DEPTH);
                DirectFile file = open(Transfer.PIN)) {
            return new Scrub(interval, MOST).run(file, queue, heard::add);
        }
    }

    static List<Long> numbers(ScrubReport report) {
        return report.bad().stream().map(BadInterval::interval).toList();
    }
}
