package io.pinbounce.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.BadInterval;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.internal.engine.SimulatedEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** Sealing must not take damage for good that protection would find. */
final class SealUnprotectedTest {

    private static final int SIZE = 5 * 4096 + 100;

    private final SimulatedEngine engine = new SimulatedEngine(512, 512);

    private final Path path = Path.of("/disk/data");

    private DirectQueue queue;

    private DirectFile file;

    @BeforeEach
    void openUnprotectedDataAndProtectTwoIntervals() throws IOException {
        try (DirectFile plain = OnEngine.file(path, DirectOptions.readWrite().create(), engine)) {
            plain.write(MemorySegment.ofArray(new byte[SIZE]), 0);
        }
        queue = OnEngine.queue(1, Engine.AUTO, engine);
        DirectOptions options = DirectOptions.readWrite().protection(Protection.t10(4096).memory());
        file = OnEngine.file(path, options, engine);
        file.write(MemorySegment.ofArray(new byte[2 * 4096]), 4096);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        queue.close();
    }

    @Test
    void whatIsProtectedStaysAsItIs() throws IOException {
        engine.flipBit(path, 2 * 4096);
        assertEquals(SIZE - 2 * 4096, seal(0, SIZE));
        MemorySegment memory = MemorySegment.ofArray(new byte[SIZE]);
        ProtectionException e = assertThrows(ProtectionException.class, () -> file.read(memory, 0));
        assertEquals(List.of(2L), e.intervals().stream().map(BadInterval::interval).toList());
        assertEquals(0, file.counts().unverifiedIntervals());
    }

    @Test
    void whereEverythingIsProtectedNothingIsRead() throws IOException {
        engine.clearLog();
        assertEquals(0, seal(4096, 2 * 4096));
        assertEquals(List.of(), engine.log());
    }

    @Test
    void halfAnIntervalIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> seal(0, 100));
    }

    private long seal(long position, long length) throws IOException {
        long[] sealed = new long[1];
        queue.sealUnprotected(file, position, length, 0);
        queue.await(1, done -> sealed[0] = done.bytes());
        return sealed[0];
    }
}
