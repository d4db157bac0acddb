package io.pinbounce.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

class ArchitectureTest {

    @Test
    void everyUsePointsToALowerPackageAndNoLoopIsLong() throws IOException {
        Set<String> found = Architecture.violations(ClassNames.in(Project.classes()));
        assertEquals("", String.join("\n", found));
    }

    @Test
    void theClassFilesOfTheProjectAreRead() throws IOException {
        Map<String, Set<String>> uses = ClassNames.in(Project.classes());
        assertTrue(
                uses.getOrDefault("io.pinbounce.internal.linux.FfmLibC", Set.of())
                        .contains("java.lang.foreign.Linker"));
    }

    @Test
    void theListsOfTheRootNameTypesThatAreThere() throws IOException {
        Set<String> gone = new TreeSet<>(Architecture.listed());
        gone.removeAll(ClassNames.in(Project.classes()).keySet());
        assertEquals(Set.of(), gone, "remove these from Architecture.WORDS or FRONT");
    }

    @ParameterizedTest
    @CsvSource({
        "internal.linux.A, io.pinbounce.buffer.B, internal.linux must not use buffer",
        "internal.crc.A, io.pinbounce.internal.engine.B, internal.crc must not use internal.engine",
        "internal.sidecar.A, io.pinbounce.Transfer, internal.sidecar must not use (words",
        "internal.file.A, io.pinbounce.internal.request.B, internal.file must not use",
        "internal.thread.A, io.pinbounce.internal.file.B, internal.thread must not use",
        "internal.request.A, io.pinbounce.internal.driver.B, internal.request must not use",
        "internal.driver.A, io.pinbounce.DirectFile, internal.driver must not use (front",
        "pi.A, io.pinbounce.DirectFile, pi must not use (front",
        "pi.A, io.pinbounce.Transfer, pi must not use (words",
        "tool.torture.A, io.pinbounce.tool.bench.B, tool.torture must not use tool.bench",
        "tool.scratch.A, io.pinbounce.tool.torture.B, tool.scratch must not use tool.torture",
        "DirectFile, io.pinbounce.tool.scratch.B, (front of the root package) must not use tool",
        "DirectFile, io.pinbounce.lucene.B, (front of the root package) must not use lucene",
        "DirectFile$A, io.pinbounce.tool.cli.Main, (front of the root package) must not use tool",
        "util.A, java.lang.Object, no place for package util",
        "buffer.A, java.lang.foreign.Linker, only internal.linux may use java.lang.foreign.Linker",
        "internal.engine.A, jnr.posix.POSIX, only internal.linux may use jnr",
        "DirectFile, picocli.CommandLine, only tool.cli may use picocli",
        "tool.cli.A, org.HdrHistogram.B, only tool.bench may use org.HdrHistogram"
    })
    void canaryWrongUsesAreReported(String user, String used, String report) {
        assertReported(Map.of("io.pinbounce." + user, Set.of(used)), report);
    }

    @ParameterizedTest
    @CsvSource({
        "Transfer, DirectFile, (front of the root package)",
        "Transfer, internal.linux.LibC, internal.linux",
        "Access, DirectOptions, (front of the root package)",
        "Transfer$Nested, internal.request.A, internal.request"
    })
    void canaryWordsThatUseTheInsideAreReported(String user, String used, String to) {
        assertReported(
                Map.of("io.pinbounce." + user, Set.of("io.pinbounce." + used)),
                "(words of the root package) must not use " + to + ": io.pinbounce." + user);
    }

    @ParameterizedTest
    @CsvSource({
        "Transfer, add it to Architecture.WORDS",
        "pi.Pi, add it to Architecture.WORDS",
        "internal.file.A, add it to Architecture.FRONT",
        "DirectFile, add it to Architecture.FRONT"
    })
    void canaryTypesOfTheRootThatAreInNoListAreReportedWithTheListToAddThemTo(
            String used, String list) {
        String unlisted = "io.pinbounce.Unlisted";
        assertReported(
                Map.of(unlisted, Set.of("java.lang.Object", "io.pinbounce." + used)),
                unlisted + " is in no list of types of the root package: " + list);
    }

    @Test
    void canaryLoopsOfFourTypesAreReportedWithTheirMembers() {
        String in = "io.pinbounce.internal.file.";
        assertReported(
                Map.of(
                        in + "D", Set.of(in + "A"),
                        in + "A", Set.of(in + "B$N"),
                        in + "B$N", Set.of(in + "C"),
                        in + "C", Set.of(in + "D")),
                "a loop of 4 types, more than 3: let one of them take the value that it needs, or"
                        + (" an interface of its own, instead of another: [" + in + "A, ")
                        + (in + "B$N, " + in + "C, " + in + "D]"));
    }

    private static void assertReported(Map<String, Set<String>> uses, String report) {
        Set<String> found = Architecture.violations(uses);
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.iterator().next().startsWith(report), found.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "tool.cli.A, io.pinbounce.internal.linux.B",
        "tool.cli.A, io.pinbounce.tool.bench.B",
        "tool.torture.A, io.pinbounce.tool.scratch.B",
        "lucene.A, io.pinbounce.DirectFile",
        "Transfer, io.pinbounce.Durability",
        "Transfer, io.pinbounce.pi.Pi",
        "Geometry, io.pinbounce.buffer.Alignment",
        "DirectIoException, io.pinbounce.internal.linux.Errno",
        "DirectFile, io.pinbounce.Transfer",
        "DirectFile, io.pinbounce.internal.driver.A",
        "DirectOptions, io.pinbounce.Access",
        "internal.file.A, io.pinbounce.Transfer",
        "internal.driver.A, io.pinbounce.internal.request.A",
        "tool.cli.A, picocli.CommandLine",
        "tool.bench.A, org.HdrHistogram.B",
        "internal.linux.A, jnr.posix.POSIX",
        "buffer.A, java.lang.foreign.Arena"
    })
    void rightUsesAreNot(String user, String used) {
        assertEquals(
                Set.of(), Architecture.violations(Map.of("io.pinbounce." + user, Set.of(used))));
    }

    @Test
    void loopsOfThreeTypesAreNot() {
        String in = "io.pinbounce.internal.file.";
        assertEquals(
                Set.of(),
                Architecture.violations(
                        Map.of(
                                in + "A", Set.of(in + "B"),
                                in + "B", Set.of(in + "C"),
                                in + "C", Set.of(in + "A"))));
    }

    @Test
    void theModuleExportsWhatUsersNeedAndNoMore() throws IOException {
        try (InputStream file =
                Files.newInputStream(Project.classes().resolve("module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(file);
            assertEquals(
                    Set.of("io.pinbounce", "io.pinbounce.buffer", "io.pinbounce.pi"),
                    module.exports().stream()
                            .map(ModuleDescriptor.Exports::source)
                            .collect(Collectors.toSet()));
        }
    }
}
