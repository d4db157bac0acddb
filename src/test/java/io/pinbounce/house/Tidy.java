package io.pinbounce.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules that every source file of a project keeps, whatever it says. */
final class Tidy {

    private static final int MAX_COLUMNS = 100;

    private static final int MAX_LINES = 400;

    /**
     * Longer files: the log and the store of tuples are one protocol each, and all calls of the C
     * library are in one place.
     */
    private static final Set<String> LONG_FILES =
            Stream.of("sidecar/IntentLog", "sidecar/Sidecar", "linux/FfmLibC")
                    .map(type -> "src/main/java/io/pinbounce/internal/" + type + ".java")
                    .collect(Collectors.toSet());

    private static final Set<String> TOP_LEVEL =
            Set.of("pom.xml", "src", "native-stubs", "ci", "README.md", "LICENSE");

    /** Files of these kinds are read; names without a dot are scripts and makefiles. */
    private static final Pattern SOURCE =
            Pattern.compile("[^.]+|.*\\.(java|c|h|xml|properties|md|sh|yml|yaml)");

    /** In brackets, so that this file does not find itself. */
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO[D]O|FIX[M]E|X[X]X)\\b|@Dis[a]bled\\b");

    private static final Pattern REGISTRY =
            Pattern.compile("(?i)arti[f]actory|\\bnex[u]s\\b|\\brepo1?\\.mav[e]n|<mirr[o]r");

    /** Folders of one machine or one user; a relative path that ends alike is none. */
    private static final Pattern MACHINE =
            Pattern.compile("(?<![\\w.$}~])/(home|root|work|Users)/\\w");

    private final Path folder;

    private final Set<String> findings = new TreeSet<>();

    private Tidy(Path folder) {
        this.folder = folder;
    }

    /** What breaks the rules, in words; empty if nothing does. */
    static Set<String> findings(Path folder) throws IOException {
        Tidy tidy = new Tidy(folder);
        tidy.checkTopLevel();
        tidy.checkPackages();
        for (Path file : tidy.sources()) {
            tidy.checkFile(file);
        }
        return tidy.findings;
    }

    private void checkTopLevel() throws IOException {
        Set<String> missing = new TreeSet<>(TOP_LEVEL);
        try (Stream<Path> entries = Files.list(folder)) {
            for (String name : entries.map(entry -> entry.getFileName().toString()).toList()) {
                missing.remove(name);
                if (!TOP_LEVEL.contains(name) && !name.equals("target") && !name.startsWith(".")) {
                    findings.add(name + ": does not belong on the top level");
                }
            }
        }
        missing.forEach(name -> findings.add(name + ": is missing"));
    }

    private void checkPackages() throws IOException {
        Set<Path> packages = new HashSet<>();
        Set<Path> described = new HashSet<>();
        for (String root : List.of("src/main/java", "src/test/java")) {
            Path sources = folder.resolve(root);
            for (Path file : filesBelow(sources)) {
                Path name = sources.relativize(file);
                if (name.getParent() != null) {
                    packages.add(name.getParent());
                    if (name.endsWith("package-info.java")) {
                        described.add(name.getParent());
                    }
                }
            }
        }
        packages.removeAll(described);
        packages.forEach(name -> findings.add(name + ": has no package-info.java"));
    }

    /** All text that people wrote, the results of builds left out. */
    private List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : TOP_LEVEL) {
            files.addAll(filesBelow(folder.resolve(name)));
        }
        files.removeIf(file -> !SOURCE.matcher(file.getFileName().toString()).matches());
        return files;
    }

    private List<Path> filesBelow(Path start) throws IOException {
        if (!Files.exists(start)) {
            return List.of();
        }
        Path results = folder.resolve("ci/target");
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(results))
                    .toList();
        }
    }

    private void checkFile(Path file) throws IOException {
        String text = Files.readString(file);
        String name = folder.relativize(file).toString();
        boolean java = name.endsWith(".java");
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String where = name + ":" + (i + 1) + ": ";
            if (java && line.codePointCount(0, line.length()) > MAX_COLUMNS) {
                findings.add(where + "is longer than " + MAX_COLUMNS + " columns");
            }
            if (java && line.indexOf('\t') >= 0) {
                findings.add(where + "contains a tab");
            }
            report(where, UNFINISHED, line, "is unfinished");
            report(where, REGISTRY, line, "names a registry");
            report(where, MACHINE, line, "names a folder of one machine");
        }
        if (!text.isEmpty() && !text.endsWith("\n")) {
            findings.add(name + ": does not end with a newline");
        }
        boolean counts = name.startsWith("src/main/java/") && !LONG_FILES.contains(name);
        if (counts && lines.size() > MAX_LINES) {
            findings.add(name + ": has more than " + MAX_LINES + " lines");
        }
    }

    private void report(String where, Pattern pattern, String line, String what) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.find()) {
            findings.add(where + what + ": " + matcher.group());
        }
    }
}
