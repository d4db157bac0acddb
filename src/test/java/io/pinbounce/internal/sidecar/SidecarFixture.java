package io.pinbounce.internal.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.Seals.Digest;
import io.pinbounce.internal.sidecar.SidecarSpec.Access;
import io.pinbounce.internal.sidecar.SidecarSpec.Existing;
import io.pinbounce.internal.sidecar.SidecarSpec.Identity;
import io.pinbounce.internal.sidecar.SidecarSpec.Mode;
import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/** Data and its sidecar on a disk in memory, which tests also write past the library. */
final class SidecarFixture {

    static final Path DATA = Path.of("/disk/data");

    static final Path SIDECAR = Path.of("/disk/data.pi");

    static final int INTERVAL = 512;

    static final long LOG_SIZE = Layout.MIN_LOG;

    static final Layout LAYOUT = new Layout(LOG_SIZE);

    static final PiContext CONTEXT = PiContext.t10(INTERVAL);

    static final Seals SEALS = new Seals(CONTEXT, Digest.CRC64);

    SimulatedEngine engine = new SimulatedEngine(512, 512);

    /** A waiter of the current thread. */
    static TupleStore.Waiter waiter() {
        Semaphore told = new Semaphore(0);
        return new TupleStore.Waiter() {
            @Override
            public void await() {
                told.acquireUninterruptibly();
            }

            @Override
            public void run() {
                told.release();
            }
        };
    }

    private int openData(Access access) throws SealException {
        boolean writes = access == Access.WRITE;
        int handle = engine.open(DATA, writes ? OpenFlags.O_RDWR : OpenFlags.O_RDONLY);
        if (handle < 0) {
            throw new SealException("it cannot be opened", DATA, handle);
        }
        return handle;
    }

    /** Opens data and sidecar for writing. */
    void openBoth(SidecarFiles files) throws SealException {
        int handle = openData(Access.WRITE);
        files.openData(SidecarSpec.Data.found(engine, handle, DATA), Access.WRITE);
        engine.close(handle); // the sidecar's files have their own
        files.openSidecar(Access.WRITE);
    }

    Sidecar open(Access access, Mode mode) throws SealException {
        int handle = openData(access);
        try {
            return Sidecar.open(
                    new SidecarSpec(
                            engine,
                            SidecarSpec.Data.found(engine, handle, DATA),
                            SIDECAR,
                            CONTEXT,
                            access,
                            mode,
                            Existing.UNPROTECTED,
                            Identity.CHECKED,
                            LOG_SIZE,
                            1 << 20));
        } finally {
            engine.close(handle); // the sidecar has its own
        }
    }

    Sidecar open(Access access) throws SealException {
        return open(access, Mode.JOURNAL);
    }

    /** Cuts the data to a size, or extends it by zeros. */
    void makeData(long size) {
        int handle = engine.open(DATA, OpenFlags.O_RDWR | OpenFlags.O_CREAT);
        assertEquals(0, engine.truncate(handle, size));
        engine.close(handle);
    }

    /** Writes whole sectors, durably. */
    void put(Path path, long position, byte[] bytes) {
        int handle = engine.open(path, OpenFlags.O_RDWR | OpenFlags.O_DSYNC);
        assertTrue(handle >= 0, "open: " + handle);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes.length, 4096);
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
            Submission submission = new Submission();
            submission.prep(Op.WRITE, new FileHandle(handle), position);
            submission.add(memory);
            assertEquals(bytes.length, engine.transfer(submission));
        }
        engine.close(handle);
    }

    /** Replaces the contents of a file. */
    void restore(Path path, byte[] contents) {
        IoEngine disk = engine;
        int handle = disk.open(path, OpenFlags.O_RDWR);
        assertEquals(0, disk.truncate(handle, 0));
        disk.close(handle);
        put(path, 0, contents);
    }

    static long seal(byte[] interval, long number) {
        MemorySegment data = MemorySegment.ofArray(interval);
        MemorySegment tuple = MemorySegment.ofArray(new byte[CONTEXT.metadataSize()]);
        Pi.generate(CONTEXT, data, tuple, number);
        return SEALS.of(data, 0, tuple, 0);
    }

    /** An intent with the seals of consecutive intervals. */
    static Intent intent(@Nullable Object groupOwner, Runnable waiter, long first, long... seals) {
        Intent intent = new Intent(groupOwner, waiter);
        set(intent, first, seals);
        return intent;
    }

    static void set(Intent intent, long first, long... seals) {
        intent.set(first, (first + seals.length) * INTERVAL);
        intent.seals().clear(seals.length);
        for (int i = 0; i < seals.length; i++) {
            intent.seals().set(i, TupleStore.State.PROTECTED, seals[i]);
        }
        intent.covers(0, seals.length);
    }

    /** Puts an intent on record, as the only writer of the sidecar. */
    void record(Sidecar sidecar, Intent intent) throws SealException {
        sidecar.enter(intent);
        Intent.Step step = sidecar.next(intent);
        while (step != Intent.Step.RECORDED) {
            if (step == Intent.Step.LEAD) {
                byte[] record = intent.record().toArray(ValueLayout.JAVA_BYTE);
                put(SIDECAR, intent.recordPosition(), record);
                sidecar.recorded(intent, 0);
            }
            step = sidecar.next(intent);
        }
    }

    /** Writes an interval as the pipeline does. */
    void write(Sidecar sidecar, long number, byte[] interval) throws SealException {
        Intent intent = intent(null, () -> {}, number, seal(interval, number));
        record(sidecar, intent);
        put(DATA, number * INTERVAL, interval);
        sidecar.store(number, intent.seals(), 0, 1);
        sidecar.leave(intent);
    }
}
