package io.pinbounce.contract;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.ChildJvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes and opens guarded files in a process of its own. */
final class GuardedMaker {

    static final int THREADS = 8;

    private GuardedMaker() {}

    /** The command that starts it, with the words of an order. */
    static List<String> command(Object... order) {
        List<String> options =
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Xmx256m");
        String main = GuardedMaker.class.getName();
        List<String> command = ChildJvm.command(options, ChildJvm.classPath(), main);
        for (Object word : order) {
            command.add(word.toString());
        }
        return command;
    }

    /** Orders: {@code write FILE}, {@code read FILE}, {@code make FOLDER}, {@code race}. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] order) throws Exception {
        switch (order[0]) {
            case "write" -> write(Path.of(order[1]));
            case "read" -> read(Path.of(order[1]));
            case "make" -> make(Path.of(order[1]));
            default -> race();
        }
    }

    private static DirectOptions writer() {
        return DirectOptions.readWrite()
                .directIo(DirectIo.PREFERRED)
                .protection(TieScenario.guard());
    }

    private static void write(Path data) throws IOException {
        TieScenario.assertWrites(data, writer());
        read(data);
    }

    private static void read(Path data) throws IOException {
        TieScenario.assertReads(
                data,
                DirectOptions.readOnly()
                        .directIo(DirectIo.PREFERRED)
                        .protection(TieScenario.guard()),
                0);
    }

    /** Makes files on all threads until it is killed, and prints the name of each. */
    private static void make(Path folder) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Path>> makers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String name = "data" + i;
                makers.add(() -> make(folder, name));
            }
            threads.invokeAny(makers); // none returns but by an error
        }
    }

    @SuppressWarnings("SystemOut")
    private static Path make(Path folder, String name) throws IOException {
        for (int i = 0; ; i++) {
            Path data = folder.resolve(name + "-" + i);
            if (!makes(data)) {
                return data; // no other process makes files here
            }
            System.out.println(data);
        }
    }

    /** Makes each file that it reads the name of, and prints how many of its threads did so. */
    @SuppressWarnings("SystemOut")
    private static void race() throws Exception {
        try (BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8));
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (String name = in.readLine(); name != null; name = in.readLine()) {
                System.out.println(makers(threads, Path.of(name)));
            }
        }
    }

    /** How many threads made a file, of all that tried at once; the others found it there. */
    static int makers(ExecutorService threads, Path data) throws Exception {
        List<Future<Boolean>> tries = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            tries.add(threads.submit(() -> makes(data)));
        }
        int makers = 0;
        for (Future<Boolean> each : tries) {
            makers += each.get() ? 1 : 0;
        }
        return makers;
    }

    private static boolean makes(Path data) throws IOException {
        try (DirectFile file = DirectFile.open(data, writer().createNew())) {
            file.write(MemorySegment.ofArray(TieScenario.DATA), 0);
            return true;
        } catch (DirectIoException e) {
            requireExists(e);
            return false;
        }
    }

    private static void requireExists(DirectIoException e) throws DirectIoException {
        if (e.errno() != Errno.EEXIST) {
            throw e;
        }
    }
}
