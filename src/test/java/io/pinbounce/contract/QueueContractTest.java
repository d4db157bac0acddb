package io.pinbounce.contract;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;

import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Base of the queue's contract: what its tests do with queues. A wait that never ends fails. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class QueueContractTest extends ContractTest {

    protected static final int BLOCK = 4096;

    /** For waits that should end at once. */
    protected static final long PATIENCE = 300; // seconds

    protected static final Protection GUARDED = Protection.t10(BLOCK).memory();

    protected final DirectQueue queue(int depth) throws IOException {
        return OnEngine.queue(depth, Engine.AUTO, place.engine());
    }

    /** A new file of reproducible bytes. */
    protected final DirectFile file(DirectOptions options, byte[] contents) throws IOException {
        DirectFile file = open(place.newPath(), options.create());
        file.write(heap(contents), 0);
        return file;
    }

    /** Brings all requests to a good end. */
    protected static void finish(DirectQueue queue) throws IOException {
        while (queue.pending() > 0) {
            queue.await(queue.pending(), PATIENCE, TimeUnit.SECONDS, Completion::bytes);
        }
    }

    protected static byte[] bytesOf(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    protected static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
