package io.pinbounce.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.Statx;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Objects;

/** Where no fact tells whether direct I/O is real, the first write shows it. */
class DirectProofTest {

    private static final Path PATH = Path.of("/disk/file");

    private final SimulatedEngine disk = new SimulatedEngine(512, 512);

    private long cachedPages;

    private int questions;

    /** The disk, about which statx is silent, behind a page cache that says what it holds. */
    private IoEngine silentDisk() {
        InvocationHandler handler =
                (_, method, arguments) -> {
                    if (method.getName().equals("cachedPages")) {
                        questions++;
                        return cachedPages;
                    }
                    Object answer = method.invoke(disk, arguments);
                    return method.getName().equals("facts")
                            ? silent((FileFacts) Objects.requireNonNull(answer))
                            : answer;
                };
        return (IoEngine)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {IoEngine.class}, handler);
    }

    private static FileFacts silent(FileFacts facts) {
        Statx statx = facts.statx();
        return new FileFacts(
                facts.status(),
                new Statx(
                        Statx.STATX_BASIC_STATS,
                        statx.mode(),
                        statx.inode(),
                        statx.size(),
                        statx.blockSize(),
                        0,
                        0,
                        0,
                        0,
                        0),
                facts.mount(),
                facts.devices(),
                facts.inodeFlags(),
                facts.openFlags(),
                facts.pageSize(),
                facts.volume(),
                facts.upper());
    }

    @Test
    void anErrorStaysOneUntilAWriteIsDirect() throws IOException {
        MemorySegment memory = MemorySegment.ofArray(new byte[4096]);
        try (DirectFile file =
                OnEngine.file(PATH, DirectOptions.readWrite().create(), silentDisk())) {
            cachedPages = 1;
            assertThrows(DirectIoException.class, () -> file.write(memory, 0));
            assertThrows(DirectIoException.class, () -> file.write(memory, 0));
            cachedPages = 0;
            file.write(memory, 0);
            file.write(memory, 0);
            assertEquals(3, questions);
        }
    }
}
