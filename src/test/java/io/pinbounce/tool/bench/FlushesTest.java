package io.pinbounce.tool.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

class FlushesTest {

    @Test
    void forcesFlushADeviceThatHasACache() throws IOException {
        Path path = Files.createTempFile(Path.of("target"), "flushes", "");
        DirectOptions options = DirectOptions.readWrite().directIo(DirectIo.PREFERRED);
        try (DirectFile file = DirectFile.open(path, options)) {
            Flushes flushes = Flushes.of(path);
            assertFalse(flushes.device().isEmpty());
            Requirements.orSkip(
                    flushes.device().endsWith("write back"),
                    "no disk with a cache is known below this folder: " + flushes.device());
            long before = flushes.getAsLong();
            file.write(MemorySegment.ofArray(new byte[4096]), 0);
            file.force();
            assertTrue(flushes.getAsLong() > before);
        } finally {
            Files.delete(path);
        }
    }
}
