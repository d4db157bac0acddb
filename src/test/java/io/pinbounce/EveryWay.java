package io.pinbounce;

import io.pinbounce.testing.Seccomp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * A program that forbids itself a system call, and then reads a file in every way. It prints what
 * moved the bytes, and why that.
 */
public final class EveryWay {

    private static final int LENGTH = 8192;

    private static final byte CONTENT = 0x5a;

    private EveryWay() {}

    /** A way to read. */
    private interface Way {

        long read(MemorySegment memory) throws Exception;
    }

    /** Takes a folder, the number of a system call, and the errno that it fails with. */
    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[0], "every-way");
        byte[] content = new byte[LENGTH];
        Arrays.fill(content, CONTENT);
        Files.write(path, content);
        Seccomp.forbid(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        DirectOptions options = DirectOptions.readOnly().directIo(DirectIo.PREFERRED);
        try (DirectFile file = DirectFile.open(path, options);
                DirectQueue queue = DirectQueue.open(4)) {
            check(memory -> file.read(memory, 0));
            check(memory -> file.readAsync(memory, 0).get());
            check(memory -> onVirtualThread(file, memory));
            check(memory -> queued(queue, file, memory));
            print("queue", queue.engine(), queue.engineReason());
        }
        print("service", IoService.shared().engine(), IoService.shared().engineReason());
        Host host = Host.probe();
        print("host", host.queueEngine(), host.ioUring() + " " + host.ioUringReason());
        try (DirectQueue queue = DirectQueue.open(4, Engine.REQUIRED_URING)) {
            print("required", queue.engine(), queue.engineReason());
        } catch (IOException e) {
            print("required", "refused", String.valueOf(e.getMessage()));
        }
    }

    private static void print(String what, String engine, String reason) {
        System.out.println(what + ": " + engine + ": " + reason);
    }

    private static void check(Way way) throws Exception {
        byte[] bytes = new byte[LENGTH];
        long read = way.read(MemorySegment.ofArray(bytes));
        for (byte value : bytes) {
            if (read != LENGTH || value != CONTENT) {
                throw new AssertionError("other bytes came back, read=" + read);
            }
        }
    }

    private static long onVirtualThread(DirectFile file, MemorySegment memory) throws Exception {
        CompletableFuture<Long> result = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        result.complete(file.read(memory, 0));
                    } catch (Throwable t) {
                        result.completeExceptionally(t);
                    }
                });
        return result.get();
    }

    private static long queued(DirectQueue queue, DirectFile file, MemorySegment memory)
            throws IOException {
        long[] read = new long[1];
        queue.read(file, memory, 0, 1);
        queue.await(1, completion -> read[0] = completion.bytes());
        return read[0];
    }
}
