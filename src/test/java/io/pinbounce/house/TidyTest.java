package io.pinbounce.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

class TidyTest {

    private static final String CODE = "src/main/java/a/A.java";

    @TempDir private Path folder;

    @BeforeEach
    void tidyProject() throws IOException {
        Files.createDirectories(folder.resolve("native-stubs"));
        Files.createDirectories(folder.resolve("ci/target"));
        write("pom.xml", "<project/>\n");
        write("LICENSE", "free\n");
        write("README.md", "all you need\n");
        write(".gitignore", "/target/\n");
        write("target/built.java", "\t");
        write("ci/target/built.java", "\t");
        write("native-stubs/Makefile", "all:\n\tcc\n");
        write("src/main/java/module-info.java", "module a {}\n");
        write("src/main/java/a/package-info.java", "package a;\n");
        write(CODE, "class A {}\n");
    }

    @Test
    void thisProjectKeepsTheRules() throws IOException {
        assertEquals(Set.of(), Tidy.findings(Project.folder()));
    }

    @Test
    void aTidyProjectHasNoFindings() throws IOException {
        assertEquals(Set.of(), Tidy.findings(folder));
    }

    static Stream<Arguments> untidy() {
        return Stream.of(
                Arguments.of(CODE, "x".repeat(101) + "\n", ":1: is longer than 100 columns"),
                Arguments.of(CODE, "class A {\n\t}\n", ":2: contains a tab"),
                Arguments.of(CODE, "class A {}", ": does not end with a newline"),
                Arguments.of(CODE, "//\n".repeat(401), ": has more than 400 lines"),
                Arguments.of(CODE, "// TO" + "DO\n", ":1: is unfinished: TO" + "DO"),
                Arguments.of("ci/run", "# FIX" + "ME\n", ":1: is unfinished: FIX" + "ME"),
                Arguments.of("README.md", "X" + "XX\n", ":1: is unfinished: X" + "XX"),
                Arguments.of(CODE, "@Dis" + "abled\n", ":1: is unfinished: @Dis" + "abled"),
                Arguments.of("pom.xml", "<mirr" + "or>\n", ":1: names a registry: <mirr" + "or"),
                Arguments.of("ci/run", "cd /ho" + "me/me\n", ":1: names a folder of one machine"),
                Arguments.of("notes.txt", "", ": does not belong on the top level"),
                Arguments.of("src/test/java/b/BTest.java", "//\n", ": has no package-info.java"));
    }

    @ParameterizedTest
    @MethodSource("untidy")
    void canaryEachRuleIsChecked(String file, String text, String report) throws IOException {
        write(file, text);
        Set<String> found = Tidy.findings(folder);
        assertEquals(1, found.size(), found.toString());
        String finding = found.iterator().next();
        assertEquals(report, finding.substring(finding.indexOf(':')).substring(0, report.length()));
    }

    @Test
    void canaryWhatIsMissingIsReported() throws IOException {
        Files.delete(folder.resolve("LICENSE"));
        assertEquals(Set.of("LICENSE: is missing"), Tidy.findings(folder));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
