package io.pinbounce.ci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.Command;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The launcher in a copy of the project that holds only what it looks at, with a Maven that copies
 * the jar under test instead of building it: the real target folder is in use by this very build.
 */
final class LauncherIT {

    private static final Path JAR =
            Path.of(System.getProperty("pinbounce.jar", "").replaceFirst("\\.jar$", "-cli.jar"));

    private static final String THIS_JDK = System.getProperty("java.home");

    /** What the launcher calls, and the false Maven. */
    private static final List<String> NEEDED =
            List.of("bash env sed readlink mktemp touch rm mv cat cp mkdir flock sleep".split(" "));

    private Path project;

    private Path tools;

    @BeforeEach
    void copyProject(@TempDir Path folder) throws IOException {
        project = Files.createDirectories(folder.resolve("a project's copy"));
        Files.createDirectories(project.resolve("src/main"));
        Files.createDirectory(project.resolve("ci"));
        for (String file : List.of("pom.xml", "ci/pinbounce", "ci/find-jdk")) {
            Files.copy(Path.of(file), project.resolve(file));
        }
        tools = ToolFolder.create(folder.resolve("tools"), NEEDED);
        fakeMaven("sleep 1; mkdir -p target; cp '%s' target/");
    }

    @Test
    void aMissingJdkIsReportedInOneSentence() {
        Command run = launch(Map.of("PINBOUNCE_JDK_FOLDERS", project.toString()), "--version");
        assertEquals(2, run.status(), run.toString());
        assertEquals(1, run.err().lines().count(), run.toString());
        assertTrue(run.err().contains("no JDK 25 or newer"), run.toString());
        assertTrue(run.err().contains("JAVA_HOME"), run.toString());
        assertTrue(run.err().contains(project.toString()), run.toString());
    }

    @Test
    @Tag("full")
    void anOldJdkIsPassedOver() throws IOException {
        Path old = fakeJdk("old", "24.0.2");
        Map<String, String> environment =
                Map.of("JAVA_HOME", old.toString(), "PINBOUNCE_JDK_FOLDERS", thisJdksFolder());
        Command run = launch(environment, "--version");
        assertEquals(0, run.status(), run.toString());
        assertTrue(run.out().contains("Java " + System.getProperty("java.version")), run.out());
    }

    @Test
    void anExplicitJavaThatIsTooOldIsRefused() throws IOException {
        Path old = fakeJdk("old", "17.0.15");
        Command run = launch(Map.of("PINBOUNCE_JAVA", old + "/bin/java"), "--version");
        assertEquals(2, run.status(), run.toString());
        assertTrue(run.err().contains("PINBOUNCE_JAVA=" + old), run.toString());
    }

    @Test
    void versionWorksThroughASymbolicLinkFromAnotherFolder() throws IOException {
        Path link = Files.createSymbolicLink(tools.resolve("pb"), launcher());
        ProcessBuilder builder = prepare(Map.of("JAVA_HOME", THIS_JDK), link, "--version");
        Command run = Command.run(builder.directory(tools.toFile()), process -> {});
        assertEquals(0, run.status(), run.toString());
        String version = run.out().lines().findFirst().orElse("").replace(' ', '-');
        assertEquals(String.valueOf(JAR.getFileName()), version + "-cli.jar", run.toString());
    }

    @Test
    @Tag("full")
    void argumentsAndStatusPassThrough() {
        Command run = launch(Map.of("JAVA_HOME", THIS_JDK), "two words", "*", "");
        assertEquals(2, run.status(), run.toString());
        assertTrue(run.err().contains("'two words'"), run.toString());
    }

    /** The whole of it, as a shell starts it. */
    private Command shell(Map<String, String> environment, String script) {
        ProcessBuilder builder =
                prepare(environment, tools.resolve("bash"), "-c", script, launcher().toString());
        builder.environment().put("JAVA_HOME", THIS_JDK);
        return Command.run(builder.directory(project.toFile()), process -> {});
    }

    /** The last of these locales is not installed, and so counts as C, too. */
    @Test
    void aNameIsFoundInEveryLocaleUnlessItIsNotUtf8() throws IOException {
        String name = "$'na\\xc3\\xafve \\xf0\\x9f\\x98\\x80'";
        assertEquals(0, shell(Map.of(), "touch " + name).status());
        for (Map<String, String> locale :
                List.of(
                        Map.of("LANG", "C"),
                        Map.of("LC_ALL", "POSIX"),
                        Map.of("LC_ALL", "C.UTF-8"),
                        Map.of("LANG", "C.UTF-8", "LC_CTYPE", "C"),
                        Map.of("LANG", "xx_XX.UTF-8"))) {
            Command run = shell(locale, "\"$0\" probe na*");
            assertEquals(0, run.status(), () -> locale + ": " + run);
            assertTrue(
                    run.out().startsWith("na\u00efve \ud83d\ude00\n"), () -> locale + ": " + run);
        }
        Command bad = shell(Map.of("LANG", "C"), "\"$0\" probe $'bad\\xff.dat'");
        assertEquals(2, bad.status(), bad.toString());
        assertEquals(1, bad.err().lines().count(), bad.toString());
        assertTrue(bad.err().contains("rename it"), bad.toString());
        assertTrue(bad.err().contains("name=bad\\xff.dat"), bad.toString());
    }

    @Test
    void aResultThatCannotBeWrittenIsNoSuccess() {
        assertEquals(0, shell(Map.of(), "\"$0\" --version").status());
        Command full = shell(Map.of(), "\"$0\" --version >/dev/full");
        assertEquals(2, full.status(), full.toString());
        assertEquals(1, full.err().lines().count(), full.toString());
        assertTrue(full.err().contains("could not be written"), full.toString());
        Command closed = shell(Map.of(), "\"$0\" --version >&-");
        assertEquals(2, closed.status(), closed.toString());
        assertTrue(closed.err().contains("could not be written"), closed.toString());
        // The reader is gone before the tool starts.
        Command pipe = shell(Map.of(), "exec 3> >(exit 0); wait $!; \"$0\" --version >&3; echo $?");
        assertEquals("2", pipe.out().strip(), pipe.toString());
        assertEquals("", pipe.err(), pipe.toString());
    }

    @Test
    void theLauncherBuildsOnceAndAgainWhenASourceIsNewer() throws IOException {
        Map<String, String> environment = Map.of("JAVA_HOME", THIS_JDK);
        assertEquals("", launch(environment, "--version").err().replaceAll("pinbounce: .*\n", ""));
        assertEquals(1, builds());
        assertEquals("", launch(environment, "--version").err());
        assertEquals(1, builds());
        Files.setLastModifiedTime(
                project.resolve("src/main"), FileTime.from(Instant.now().plusMillis(10)));
        launch(environment, "--version");
        assertEquals(2, builds());
    }

    /** Loading these classes of an old format from the jar makes a start up to 60 ms longer. */
    @Test
    @Tag("full")
    void theArchiveHoldsTheClassesOfPicocli(@TempDir Path folder) throws IOException {
        Path log = folder.resolve("classes");
        Map<String, String> environment =
                Map.of("JAVA_HOME", THIS_JDK, "JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log);
        assertEquals(0, launch(environment, "--version").status());
        List<String> loaded =
                Files.readAllLines(log).stream()
                        .filter(line -> line.contains(" picocli."))
                        .toList();
        long fromJar = loaded.stream().filter(line -> !line.contains("shared objects")).count();
        assertTrue(loaded.size() > 50, () -> "classes=" + loaded.size());
        assertTrue(fromJar < loaded.size() / 10, () -> String.join("\n", loaded));
    }

    @Test
    @Tag("full")
    void twoLaunchersAtOnceBuildOnce() throws IOException {
        Map<String, String> environment = Map.of("JAVA_HOME", THIS_JDK);
        CompletableFuture<Command> other =
                CompletableFuture.supplyAsync(() -> launch(environment, "--version"));
        assertEquals(0, launch(environment, "--version").status());
        assertEquals(0, other.join().status());
        assertEquals(1, builds());
    }

    @Test
    void aFailedBuildShowsWhatMavenSaid() throws IOException {
        fakeMaven("echo 'a mistake in the source'; exit 1 # %s");
        Command run = launch(Map.of("JAVA_HOME", THIS_JDK), "--version");
        assertEquals(2, run.status(), run.toString());
        assertTrue(run.err().contains("a mistake in the source"), run.toString());
    }

    @Test
    void aMissingMavenIsReportedInOneSentence() throws IOException {
        Files.delete(tools.resolve("mvn"));
        Command run = launch(Map.of("JAVA_HOME", THIS_JDK), "--version");
        assertEquals(2, run.status(), run.toString());
        assertEquals(1, run.err().lines().count(), run.toString());
        assertTrue(run.err().contains("Maven is missing"), run.toString());
    }

    private Path launcher() {
        return project.resolve("ci/pinbounce");
    }

    private Command launch(Map<String, String> environment, String... arguments) {
        return Command.run(prepare(environment, launcher(), arguments), process -> {});
    }

    /** Only what is given here and the folder of tools are visible to the launcher. */
    private ProcessBuilder prepare(
            Map<String, String> environment, Path start, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(start.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private void fakeMaven(String body) throws IOException {
        Path log = project.resolve("builds");
        ToolFolder.script(
                tools.resolve("mvn"),
                "[ \"$*\" = '-q -Dmaven.test.skip=true package' ] || exit 9\n"
                        + "echo built >>\"%s\"\n".formatted(log)
                        + body.formatted(JAR));
    }

    private long builds() throws IOException {
        return Files.readAllLines(project.resolve("builds")).size();
    }

    private Path fakeJdk(String name, String version) throws IOException {
        Path home = project.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        ToolFolder.script(home.resolve("bin/java"), "echo the wrong Java ran; exit 9");
        ToolFolder.script(home.resolve("bin/javac"), "exit 9");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
        return home;
    }

    private static String thisJdksFolder() {
        return String.valueOf(Path.of(THIS_JDK).getParent());
    }
}
