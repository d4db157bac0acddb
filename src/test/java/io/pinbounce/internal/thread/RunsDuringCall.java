package io.pinbounce.internal.thread;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.IoService;
import io.pinbounce.OnEngine;
import io.pinbounce.internal.engine.FileHandle;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.engine.Submission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that prints how often one virtual thread ran while another was in a call. The call ends
 * after {@value #ENOUGH} runs, or after as many seconds as the second argument says.
 */
final class RunsDuringCall {

    private static final Path PATH = Path.of("/disk/file");

    static final int ENOUGH = 50;

    private final long limit; // nanoseconds

    private final AtomicBoolean slow = new AtomicBoolean();

    private final AtomicInteger runs = new AtomicInteger();

    private final HookedEngine engine =
            new HookedEngine(new SimulatedEngine(512, 512), _ -> delay(), this::delay);

    private RunsDuringCall(long seconds) {
        limit = TimeUnit.SECONDS.toNanos(seconds);
    }

    public static void main(String[] args) throws Exception {
        System.out.println(new RunsDuringCall(Long.parseLong(args[1])).during(args[0]));
    }

    /** Keeps its thread busy: sleeping would let go of a carrier. */
    private void delay() {
        long start = System.nanoTime();
        while (slow.get() && runs.get() < ENOUGH && System.nanoTime() - start < limit) {
            Thread.onSpinWait();
        }
    }

    private int during(String call) throws Exception {
        try (IoService service = OnEngine.service(engine)) {
            DirectOptions options = DirectOptions.readWrite().create().ioService(service);
            try (DirectFile file = OnEngine.file(PATH, options, engine)) {
                file.write(MemorySegment.ofArray(new byte[4096]), 0);
                Thread caller = Thread.ofVirtual().unstarted(() -> make(call, file, options));
                Thread ticker = Thread.ofVirtual().start(this::tick);
                caller.start();
                caller.join();
                int counted = runs.get();
                ticker.interrupt();
                ticker.join();
                return counted;
            }
        }
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(10);
                if (slow.get()) {
                    runs.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            return; // the end
        }
    }

    private void make(String call, DirectFile file, DirectOptions options) {
        MemorySegment memory = MemorySegment.ofArray(new byte[4096]);
        slow.set(true);
        try {
            switch (call) {
                case "read" -> file.read(memory, 0);
                case "write" -> file.write(memory, 0);
                case "force" -> file.force();
                case "open" -> OnEngine.file(PATH, options, engine).close();
                case "transfer" -> {
                    Submission force = new Submission();
                    force.prep(Submission.Op.FORCE, new FileHandle(3), 0);
                    engine.transfer(force);
                }
                default -> throw new IllegalArgumentException(call);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        slow.set(false);
    }
}
