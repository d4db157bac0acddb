package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.buffer.PinnedArena;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

class ArchitectureTest {

    @Test
    void everyArrowPointsLeft() throws IOException {
        assertEquals(Set.of(), Architecture.violations(ClassNames.in(Project.classes())));
    }

    @Test
    void usesAreSeenInClassFiles() throws IOException {
        Map<String, Set<String>> uses = ClassNames.in(Project.classes());
        String user = PinnedArena.class.getName();
        assertTrue(mentions(uses, user, "io.pinbounce.internal.linux.LibC"), "by calling a method");
        assertTrue(mentions(uses, user, "java.lang.foreign.Arena"), "as the type of a field");
        assertTrue(
                mentions(uses, "io.pinbounce.internal.linux.FfmLibC", "java.lang.foreign.Linker"),
                "as the type of a constant");
    }

    private static boolean mentions(Map<String, Set<String>> uses, String user, String used) {
        return uses.getOrDefault(user, Set.of()).contains(used);
    }

    @ParameterizedTest
    @CsvSource({
        "io.pinbounce.internal.linux.A, io.pinbounce.buffer.B, io.pinbounce.internal.linux must not"
            + " use",
        "io.pinbounce.pi.A, io.pinbounce.DirectFile, io.pinbounce.pi must not use io.pinbounce:",
        "io.pinbounce.internal.crc.A, io.pinbounce.internal.engine.B, io.pinbounce.internal.crc"
            + " must not use",
        "io.pinbounce.A, io.pinbounce.tool.cli.Main, io.pinbounce must not use"
            + " io.pinbounce.tool.cli",
        "io.pinbounce.util.A, java.lang.Object, no place for package io.pinbounce.util",
        "io.pinbounce.buffer.A, java.lang.foreign.Linker, only io.pinbounce.internal.linux may use",
        "io.pinbounce.internal.engine.A, jnr.posix.POSIX, only io.pinbounce.internal.linux may use"
            + " jnr",
        "io.pinbounce.A, picocli.CommandLine, only io.pinbounce.tool.cli may use picocli",
        "io.pinbounce.tool.cli.A, org.HdrHistogram.B, only io.pinbounce.tool.bench may use org.Hdr",
        "io.pinbounce.tool.torture.A, io.pinbounce.tool.bench.B, io.pinbounce.tool.torture must not"
            + " use",
        "io.pinbounce.tool.scratch.A, io.pinbounce.tool.torture.B, io.pinbounce.tool.scratch must"
            + " not use",
        "io.pinbounce.A, io.pinbounce.tool.scratch.B, io.pinbounce must not use"
            + " io.pinbounce.tool.scratch",
        "io.pinbounce.A, io.pinbounce.tool.bench.B, io.pinbounce must not use"
            + " io.pinbounce.tool.bench"
    })
    void canaryWrongUsesAreReported(String user, String used, String report) {
        Set<String> found = Architecture.violations(Map.of(user, Set.of(used)));
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.iterator().next().startsWith(report), found.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "io.pinbounce.tool.cli.A, io.pinbounce.internal.linux.B",
        "io.pinbounce.A, io.pinbounce.B",
        "io.pinbounce.tool.cli.A, picocli.CommandLine",
        "io.pinbounce.tool.cli.A, io.pinbounce.tool.bench.B",
        "io.pinbounce.tool.torture.A, io.pinbounce.tool.scratch.B",
        "io.pinbounce.tool.bench.A, org.HdrHistogram.B",
        "io.pinbounce.internal.linux.A, jnr.posix.POSIX",
        "io.pinbounce.buffer.A, java.lang.foreign.Arena"
    })
    void rightUsesAreNot(String user, String used) {
        assertEquals(Set.of(), Architecture.violations(Map.of(user, Set.of(used))));
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
