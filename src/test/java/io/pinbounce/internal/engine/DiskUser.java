package io.pinbounce.internal.engine;

import static io.pinbounce.internal.engine.SectorMap.SECTOR;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.OpenFlags;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A process that uses a simulated disk, in sectors that are filled with one byte each. */
final class DiskUser {

    static final Path FOLDER = Path.of("/disk");

    static final Path FILE = FOLDER.resolve("file");

    static final Path OTHER = FOLDER.resolve("other");

    private static final int MAX_SECTORS = 64;

    final SimulatedDisk disk;

    private final MemorySegment memory = Arena.ofAuto().allocate(MAX_SECTORS * SECTOR, SECTOR);

    private SimulatedEngine engine;

    DiskUser() {
        this(new SimulatedEngine(SECTOR, SECTOR));
    }

    DiskUser(SimulatedEngine engine) {
        this.engine = engine;
        disk = engine.disk();
    }

    SimulatedEngine engine() {
        return engine;
    }

    /** Continues with a new engine after a power cut. */
    void restart() {
        engine = engine.restart();
    }

    /** Opens a file, which is made if it does not exist. */
    int open(Path path) {
        return open(path, 0);
    }

    int open(Path path, int flags) {
        int handle = engine.open(path, flags | OpenFlags.O_RDWR | OpenFlags.O_CREAT);
        assertTrue(handle >= 0, "errno=" + -handle);
        return handle;
    }

    /** Makes a new file whose filled sectors and name are durable. */
    int durable(Path path, int... fills) {
        int handle = open(path);
        if (fills.length > 0) {
            write(handle, 0, fills);
        }
        assertEquals(0, engine.force(handle));
        return handle;
    }

    /** Prepares a write of sectors, each filled with one of the bytes. */
    Submission prepWrite(int handle, long sector, int... fills) {
        return prepWrite(Op.WRITE, handle, sector, fills);
    }

    Submission prepWrite(Op op, int handle, long sector, int... fills) {
        Submission submission = new Submission();
        submission.prep(op, new FileHandle(handle), sector * SECTOR);
        for (int i = 0; i < fills.length; i++) {
            memory.asSlice((long) i * SECTOR, SECTOR).fill((byte) fills[i]);
        }
        submission.add(memory, 0, (long) fills.length * SECTOR);
        return submission;
    }

    /** Writes sectors, each filled with one of the bytes. */
    void write(int handle, long sector, int... fills) {
        long length = (long) fills.length * SECTOR;
        assertEquals(length, engine.transfer(prepWrite(handle, sector, fills)));
    }

    /** Writes bytes. */
    void writeBytes(int handle, long position, byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        Submission submission = new Submission();
        submission.prep(Op.WRITE, new FileHandle(handle), position);
        submission.add(memory, 0, bytes.length);
        assertEquals(bytes.length, engine.transfer(submission));
    }

    /** Reads a sector through the engine, and returns the byte that fills it. */
    int read(int handle, long sector) {
        Submission submission = new Submission();
        submission.prep(Op.READ, new FileHandle(handle), sector * SECTOR);
        submission.add(memory, 0, SECTOR);
        assertEquals(SECTOR, engine.transfer(submission));
        return fills(memory.asSlice(0, SECTOR).toArray(ValueLayout.JAVA_BYTE))[0];
    }

    /** The bytes that fill a file's sectors, as a reader sees them now. */
    int[] fills(Path path) {
        return fills(disk.contents(path));
    }

    /** The bytes that fill sectors; fails if a sector is torn. */
    static int[] fills(byte[] bytes) {
        int[] fills = new int[(int) SectorMap.sectors(bytes.length)];
        for (int i = 0; i < bytes.length; i++) {
            int fill = bytes[i - i % SECTOR];
            assertEquals(fill, bytes[i], "a sector is torn at " + i);
            fills[i / SECTOR] = fill;
        }
        return fills;
    }
}
