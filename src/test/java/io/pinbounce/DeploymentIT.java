package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.EntryPoints;
import io.pinbounce.testing.Requirements;
import io.pinbounce.testing.Tour;

import org.junit.jupiter.api.Nested;
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

/** The library where it is deployed: in containers, as modules, and in images of {@code jlink}. */
class DeploymentIT {

    private static final String TWIN = "the control plane goes through";

    private static final String NOBODY = "65534";

    @TempDir private Path folder;

    private static Command run(List<String> command) {
        Command run = Command.run(command.toArray(String[]::new));
        assertEquals(0, run.status(), run::toString);
        return run;
    }

    private static void assertTold(Command run, String line, int times) {
        assertEquals(
                times,
                run.err().lines().filter(told -> told.contains(line)).count(),
                run::toString);
    }

    /**
     * A container that allows little: nothing can be written but the data, the temporary folder
     * forbids code, there is no sysfs, and the user is not root and has no home.
     */
    @Nested
    class Container {

        private static final String SETUP =
                """
                set -e
                mount --bind "$1" "$1"
                mount -t tmpfs -o ro tmpfs /sys
                mount -t tmpfs -o noexec,mode=1777 tmpfs "$2"
                mount -o remount,ro,bind /
                cd /
                shift 2
                exec setpriv --reuid="$0" --regid="$0" --clear-groups env -i HOME=/none "$@"
                """;

        private List<Path> classes = List.of();

        private Path data = Path.of("");

        private Path temporary = Path.of("");

        private void prepare() throws IOException {
            Requirements.mountNamespaces();
            classes = ChildJvm.classPathForAll(folder);
            data = Files.createDirectory(folder.resolve("data"));
            temporary = Files.createDirectory(folder.resolve("temporary"));
            ChildJvm.permit(data, "rwxrwxrwx");
        }

        private Command inside(List<String> command) {
            List<String> all = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", SETUP));
            all.addAll(List.of(NOBODY, data.toString(), temporary.toString()));
            all.addAll(command);
            return run(all);
        }

        private Command tour(String... refused) throws IOException {
            prepare();
            List<String> main = new ArrayList<>(List.of(Tour.class.getName(), data.toString()));
            main.addAll(List.of(refused));
            Command run =
                    inside(
                            ChildJvm.command(
                                    List.of("-Djava.io.tmpdir=" + temporary),
                                    classes,
                                    main.toArray(String[]::new)));
            assertTold(run, TWIN, 1);
            assertTold(run, "noexec", 1);
            return run;
        }

        @Test
        void everyCallWorks() throws IOException {
            tour();
        }

        /** A seccomp filter refuses to set up rings, or only to enter them. */
        @ParameterizedTest
        @ValueSource(strings = {"425:1", "426:1"})
        void everyCallWorksWithoutRings(String refused) throws IOException {
            Command run = tour(refused);
            assertTrue(run.out().contains("moved by threads and threads"), run::toString);
        }

        /** The container is as it should be: what the library does without is really missing. */
        @Test
        void canaryNothingButTheDataCanBeWritten() throws IOException {
            prepare();
            String look =
                    """
                    id -u
                    ls /sys
                    touch /tmp/x /x "$HOME/x"
                    cp /bin/true "$1"
                    "$1/true" && echo ran
                    touch "$0/x" && echo written
                    """;
            Command run = inside(List.of("sh", "-c", look, data.toString(), temporary.toString()));
            assertEquals(NOBODY + "\nwritten\n", run.out(), run::toString);
        }
    }

    /** The library as a module, which sees no module that it is not told of. */
    @Nested
    class Modules {

        private static final String JNR = "--add-modules=org.jnrproject.posix,org.objectweb.asm";

        private final Path jar = Path.of(System.getProperty("pinbounce.jar", ""));

        private List<String> command(String java, List<String> options, Class<?> main) {
            List<String> command = new ArrayList<>(List.of(java));
            command.addAll(options);
            command.add("--illegal-native-access=deny");
            command.add("--add-modules=io.pinbounce");
            command.add("-cp");
            command.add(ChildJvm.classPath().getLast().toString());
            command.addAll(List.of(main.getName(), folder.toString()));
            return command;
        }

        private String java() {
            return Path.of(System.getProperty("java.home"), "bin", "java").toString();
        }

        /** The module path of the library and of what it can use. */
        private List<String> modules(String... options) {
            Requirements.jar(jar);
            List<String> path = new ArrayList<>(List.of(jar.toString()));
            ChildJvm.classPath().stream()
                    .filter(
                            entry ->
                                    String.valueOf(entry.getFileName())
                                            .matches("(jnr-|jffi-|asm-).*\\.jar"))
                    .forEach(entry -> path.add(entry.toString()));
            List<String> all = new ArrayList<>(List.of("-p", String.join(":", path)));
            all.addAll(List.of(options));
            return all;
        }

        @Test
        void theTwinServesWhereNoModuleIsAdded() {
            Command run =
                    run(
                            command(
                                    java(),
                                    modules("--enable-native-access=io.pinbounce"),
                                    Tour.class));
            assertTold(run, TWIN, 1);
        }

        @Test
        void theTwinServesWhereOnlyTheLibraryHasNativeAccess() {
            Command run =
                    run(
                            command(
                                    java(),
                                    modules(JNR, "--enable-native-access=io.pinbounce"),
                                    Tour.class));
            assertTold(run, TWIN, 1);
            assertTold(run, "Illegal native access from module org.jnrproject.jffi", 1);
        }

        @Test
        void canaryJnrPosixServesWhereItHasAll() {
            Command run =
                    run(
                            command(
                                    java(),
                                    modules(
                                            JNR,
                                            "--enable-native-access=io.pinbounce,"
                                                    + "org.jnrproject.jffi"),
                                    Tour.class));
            assertTold(run, TWIN, 0);
        }

        @Test
        void withoutNativeAccessTheFlagOfTheModulePathIsNamed() {
            Command run = run(command(java(), modules(), EntryPoints.class));
            List<String> refused =
                    run.out().lines().filter(line -> line.startsWith("Host.probe")).toList();
            assertEquals(2, refused.size(), run::toString);
            for (String line : refused) {
                assertTrue(
                        line.contains(
                                "--enable-native-access=io.pinbounce where it is on the module"
                                        + " path, as it is here"),
                        run::toString);
            }
        }

        @Test
        void anImageHoldsTheLibraryAlone() throws IOException {
            Requirements.jar(jar);
            Path image = folder.resolve("image");
            run(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                            "--module-path=" + jar,
                            "--add-modules=io.pinbounce",
                            "--output=" + image));
            String java = image.resolve("bin/java").toString();
            Command modules = run(List.of(java, "--list-modules"));
            assertEquals(2, modules.out().lines().count(), modules::toString);
            Command run =
                    run(command(java, List.of("--enable-native-access=io.pinbounce"), Tour.class));
            assertTold(run, TWIN, 1);
            try (Stream<Path> files = Files.walk(image)) {
                assertFalse(files.anyMatch(file -> file.toString().contains("jnr")));
            }
        }
    }
}
