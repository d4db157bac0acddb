package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.Sidecars;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Processes make guarded files, and are killed at it, or all want the same name. */
@ParameterizedClass(name = "{0}")
@MethodSource("places")
class SidecarMakersIT extends TieScenario {

    private static final int KILLS = Share.of("pinbounce.making.kills", 2, 6);

    private static final int ROUNDS = Share.of("pinbounce.making.rounds", 10, 25);

    /** Files that a process makes before it is killed, at the most. */
    private static final int MOST = 3 * GuardedMaker.THREADS;

    private static final int MAX_DELAY = 30_000_000; // ns, about as long as making one file takes

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit before anything else runs
    private Place place;

    private Path folder = Path.of("");

    static Stream<Place> places() {
        return Stream.of(
                        Stream.of("target").map(MountedPlaces::of),
                        Stream.of("ext4", "xfs").map(type -> LoopPlaces.open(type, 4096)),
                        Stream.of("fuse.bindfs").map(MountedPlaces::of))
                .flatMap(each -> each);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(place.newPath());
    }

    @AfterEach
    void removeFolder() {
        run("rm", "-r", folder);
    }

    private static Process start(Object... order) throws IOException {
        return new ProcessBuilder(GuardedMaker.command(order))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void noProcessThatIsKilledLeavesDataWithoutItsSidecar() throws Exception {
        Random random = new Random(Seed.value() ^ place.toString().hashCode());
        int made = 0;
        int alone = 0;
        for (int i = 0; i < KILLS; i++) {
            Process maker = start("make", folder);
            try (BufferedReader out = maker.inputReader(StandardCharsets.UTF_8)) {
                for (int lines = random.nextInt(MOST) + 1; lines > 0; lines--) {
                    assertTrue(out.readLine() != null, "the maker has ended by itself");
                }
                long end = System.nanoTime() + random.nextInt(MAX_DELAY);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            } finally {
                maker.toHandle().destroyForcibly();
                maker.waitFor();
            }
            for (Path file : files()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(".pinbounce-")) {
                    assertFalse(knowsUnnamedFiles(), name);
                } else if (!name.endsWith(".pi")) {
                    made++;
                    assertWhole(file);
                } else if (!Files.exists(dataOf(file))) {
                    alone++;
                    makeGuarded(dataOf(file));
                    assertGuarded(dataOf(file));
                }
            }
            for (Path file : files()) {
                Files.delete(file);
            }
        }
        assertTrue(made > 0, "no file was made");
        System.out.printf(
                "%d kills: %d files with their sidecar, %d sidecars of none%n", KILLS, made, alone);
    }

    private Path dataOf(Path sidecar) {
        String name = String.valueOf(sidecar.getFileName());
        return folder.resolve(name.substring(0, name.length() - ".pi".length()));
    }

    private boolean knowsUnnamedFiles() {
        IoEngine engine = place.engine();
        int handle = engine.openUnnamed(folder.resolve("unnamed"), OpenFlags.O_RDWR);
        engine.close(handle);
        return handle != -Errno.EOPNOTSUPP;
    }

    /** The data has its sidecar, and what was written of it is good. */
    private void assertWhole(Path data) throws IOException {
        if (!knowsUnnamedFiles() && Files.size(data) == 0) {
            Sidecars.adopt(data, sidecarOf(data)); // it may have had its name taken alone
        }
        try (DirectFile file = DirectFile.open(data, reader().protection(guard()))) {
            byte[] found = read(file);
            assertArrayEquals(Arrays.copyOf(DATA, found.length), found);
            assertEquals(0, file.counts().unverifiedIntervals());
        }
        refused(data, writer(), "Bypass.ALLOWED");
        DirectFile.open(data, writer().protection(guard())).close();
    }

    /** A process whose threads make files as they are told. */
    private record Racer(Process process, BufferedReader out, BufferedWriter in)
            implements AutoCloseable {

        static Racer start() throws IOException {
            Process process = SidecarMakersIT.start("race");
            return new Racer(
                    process,
                    process.inputReader(StandardCharsets.UTF_8),
                    process.outputWriter(StandardCharsets.UTF_8));
        }

        void tell(Path data) throws IOException {
            in.write(data.toAbsolutePath() + "\n");
            in.flush();
        }

        /** How many of its threads made the file. */
        int made() throws IOException {
            String line = out.readLine();
            assertTrue(line != null, "the process has ended by itself");
            return Integer.parseInt(line);
        }

        @Override
        public void close() throws IOException {
            in.close(); // then it ends
        }
    }

    @Test
    void oneOfAllThreadsOfTwoProcessesMakesTheFile() throws Exception {
        List<String> names = new ArrayList<>();
        int won = 0;
        try (Racer first = Racer.start();
                Racer second = Racer.start()) {
            for (int i = 0; i < ROUNDS; i++) {
                Path data = folder.resolve("data" + i);
                first.tell(data);
                second.tell(data);
                int made = first.made();
                assertEquals(1, made + second.made(), data.toString());
                won += made;
                assertGuarded(data);
                names.addAll(List.of("data" + i, "data" + i + ".pi"));
            }
        }
        assertHas(folder, names.toArray(String[]::new));
        System.out.printf("%d of %d files made by the first process%n", won, ROUNDS);
    }
}
