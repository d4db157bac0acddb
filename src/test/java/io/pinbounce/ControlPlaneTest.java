package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.NoDescriptors;
import io.pinbounce.testing.Tour;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where JNR-POSIX cannot be loaded its twin serves, says so once, and nothing is left behind. */
class ControlPlaneTest {

    private static final String TOLD = "the control plane goes through";

    @TempDir private Path folder;

    private Path data;

    /** Where the process may leave nothing: the current folder, the user's, the temporary one. */
    private List<Path> foreign;

    @BeforeEach
    void makeFolders() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        foreign = new ArrayList<>();
        for (String name : List.of("current", "home", "temporary")) {
            foreign.add(Files.createDirectory(folder.resolve(name)));
        }
    }

    /** Runs a program there. */
    private Command run(List<String> wrapper, List<Path> classes, String option, Class<?> main)
            throws IOException {
        List<String> options =
                List.of(
                        "-Duser.home=" + foreign.get(1),
                        "-Djava.io.tmpdir=" + foreign.get(2),
                        option);
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(
                ChildJvm.command(
                        options,
                        classes.stream().map(Path::toAbsolutePath).toList(),
                        main.getName(),
                        data.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(foreign.get(0).toFile());
        builder.environment().put("HOME", foreign.get(1).toString());
        Command run = Command.run(builder, _ -> {});
        assertEquals(0, run.status(), run::toString);
        for (Path path : foreign) {
            try (Stream<Path> left = Files.list(path)) {
                assertEquals(List.of(), left.toList(), run::toString);
            }
        }
        return run;
    }

    private static void assertTold(Command run, String why) {
        List<String> told = run.err().lines().filter(line -> line.contains(TOLD)).toList();
        assertEquals(1, told.size(), run::toString);
        assertTrue(told.getFirst().contains(why), run::toString);
    }

    @Test
    void canaryJnrPosixServesWhereItCanBeLoaded() throws IOException {
        Command run = run(List.of(), ChildJvm.classPath(), "-Dnone", Tour.class);
        assertTrue(!run.err().contains(TOLD), run::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Djava.io.tmpdir=/proc/none",
                "-Djava.io.tmpdir=/proc/self",
                "-Djffi.extract.dir=/proc/none"
            })
    void theTwinServesWithoutATemporaryFolder(String option) throws IOException {
        assertTold(
                run(List.of(), ChildJvm.classPath(), option, Tour.class),
                "Unable to write jffi binary stub");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jnr-posix", "jffi", "asm"})
    void theTwinServesWhereAJarIsMissing(String jar) throws IOException {
        List<Path> rest =
                ChildJvm.classPath().stream()
                        .filter(path -> !path.getFileName().toString().startsWith(jar + "-"))
                        .toList();
        assertTold(run(List.of(), rest, "-Dnone", Tour.class), "cannot be loaded");
    }

    @Test
    void theTwinServesOnAfterDescriptorsRanOutOnce() throws IOException {
        List<String> few = List.of("sh", "-c", "ulimit -n 120; exec \"$@\"", "sh");
        Command run = run(few, ChildJvm.classPath(), "-Dnone", NoDescriptors.class);
        assertTold(run, "cannot be loaded");
        assertTrue(run.out().contains("limit: "), run::toString);
        assertTrue(run.out().contains("opened "), run::toString);
    }
}
