package io.pinbounce;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads which classes a class file mentions, from its constant pool. */
final class ClassNames {

    /** A class inside a descriptor or a signature, for example {@code (ILjava/util/List<*>;)V}. */
    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

    private static final String MODULE_DESCRIPTOR = "module-info";

    private ClassNames() {}

    /** The top-level class of each file in a folder, with the top-level classes it mentions. */
    static Map<String, Set<String>> in(Path folder) throws IOException {
        Map<String, Set<String>> uses = new HashMap<>();
        for (Path file : classFiles(folder)) {
            ClassModel model = ClassFile.of().parse(file);
            String user = topLevel(model.thisClass().asInternalName());
            if (!user.equals(MODULE_DESCRIPTOR)) {
                uses.computeIfAbsent(user, _ -> new HashSet<>()).addAll(mentioned(model));
            }
        }
        return uses;
    }

    private static List<Path> classFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }

    private static Set<String> mentioned(ClassModel model) {
        Set<String> names = new HashSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry used -> names.add(topLevel(used.asInternalName()));
                // Types of fields and parameters, annotations and generics stand in texts.
                case Utf8Entry text ->
                        IN_DESCRIPTOR
                                .matcher(text.stringValue())
                                .results()
                                .map((MatchResult found) -> topLevel(found.group(1)))
                                .forEach(names::add);
                default -> {}
            }
        }
        return names;
    }

    private static String topLevel(String internalName) {
        int nested = internalName.indexOf('$');
        String outer = nested < 0 ? internalName : internalName.substring(0, nested);
        return outer.replace('/', '.');
    }
}
