package io.pinbounce.crash;

import io.pinbounce.DirectFile;
import io.pinbounce.crash.Event.Kind;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * A program that writes to a guarded file until it is ended, by a queue and by blocking calls at
 * once, and says on standard output, an {@link Event} a line, what it is about to do and what it
 * has done. It ends with its standard input, too, so that it never outlives its parent process.
 */
public final class CrashWriter {

    private static final int FAILED = 3;

    private CrashWriter() {}

    /** What it does. */
    enum Conduct {
        /** Writes and forces. */
        WRITES,
        /** Writes, and says that it forces, but does not: the judge must see that. */
        LIES,
        /** Opens the file, which recovers it, and waits for its end. */
        OPENS
    }

    /**
     * What it is started with.
     *
     * @param target what it writes to
     * @param conduct what it does
     * @param seed of what it chooses
     * @param firstVersion the first version that no write has used
     */
    record Order(CrashTarget target, Conduct conduct, long seed, long firstVersion) {

        /** Arguments of {@link #main}. */
        String[] arguments() {
            List<String> all = new ArrayList<>();
            all.add(conduct.name());
            all.add(Long.toString(seed));
            all.add(Long.toString(firstVersion));
            all.addAll(target.arguments());
            return all.toArray(String[]::new);
        }

        private static Order of(List<String> arguments) {
            return new Order(
                    CrashTarget.of(arguments.subList(3, arguments.size())),
                    Conduct.valueOf(arguments.get(0)),
                    Long.parseLong(arguments.get(1)),
                    Long.parseLong(arguments.get(2)));
        }
    }

    /**
     * Writes on and on.
     *
     * @param arguments of an {@link Order}
     */
    public static void main(String... arguments) {
        Order order = Order.of(List.of(arguments));
        start(CrashWriter::awaitEndOfInput);
        WriterLog log =
                new WriterLog(new FileOutputStream(FileDescriptor.out), order.firstVersion());
        orDie(() -> write(order, log));
    }

    private static int write(Order order, WriterLog log) throws Exception {
        CrashTarget target = order.target();
        log.say(Kind.OPENING, 0);
        try (DirectFile file = DirectFile.open(target.data(), target.writing())) {
            log.say(Kind.READY, 0);
            if (order.conduct() == Conduct.OPENS) {
                new CountDownLatch(1).await();
            }
            Random random = new Random(order.seed());
            WriterForces forces = new WriterForces(log, order.conduct(), random.nextLong());
            Claims claims = new Claims(target.layout());
            BlockingWriter blocking =
                    new BlockingWriter(file, target.layout(), claims, log, forces);
            start(() -> blocking.run(new Random(order.seed() + 1)));
            try (QueueWriter queue = new QueueWriter(file, target.layout(), claims, log, forces)) {
                queue.run(random);
            }
        }
        return 0;
    }

    private static void start(Callable<Integer> work) {
        Thread.ofPlatform().daemon().start(() -> orDie(work));
    }

    /** Ends the process with a status that tells its parent whether the work has failed. */
    private static void orDie(Callable<Integer> work) {
        try {
            Runtime.getRuntime().halt(work.call());
        } catch (Exception | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private static int awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // the parent process sends nothing
        }
        return 0;
    }
}
