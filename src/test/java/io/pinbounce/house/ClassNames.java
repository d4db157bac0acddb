package io.pinbounce.house;

import java.io.IOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.DebugElementsOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.EnclosingMethodAttribute;
import java.lang.classfile.attribute.InnerClassesAttribute;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.attribute.NestMembersAttribute;
import java.lang.classfile.attribute.PermittedSubclassesAttribute;
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

/**
 * Reads which types a class file uses: its superclass and interfaces, and what its fields, methods,
 * code, generics and annotations mention.
 *
 * <p>A nested type counts apart from the type around it, under its binary name. Anonymous and local
 * classes, and the classes that javac adds for a {@code switch}, count as the named type around
 * them; a lambda is a method of its class already. Neither the list of nested types that javac
 * writes into a class file nor {@code permits} is a use.
 */
final class ClassNames {

    /** A class inside a descriptor or a signature, for example {@code (ILjava/util/List<*>;)V}. */
    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

    /** From here on a binary name is the number of a class without a name of its own. */
    private static final Pattern NUMBERED = Pattern.compile("\\$\\d.*");

    private static final Set<String> DESCRIPTORS = Set.of("module-info", "package-info");

    /**
     * Writes a class with a constant pool of its own, so that it holds what is left and no more.
     */
    private static final ClassFile FRESH_POOL =
            ClassFile.of(
                    ConstantPoolSharingOption.NEW_POOL,
                    DebugElementsOption.DROP_DEBUG,
                    StackMapsOption.DROP_STACK_MAPS);

    private ClassNames() {}

    /** The binary name of each type in a folder of class files, with the types that it uses. */
    static Map<String, Set<String>> in(Path folder) throws IOException {
        Map<String, Set<String>> uses = new HashMap<>();
        for (Path file : classFiles(folder)) {
            ClassModel model = FRESH_POOL.parse(file);
            String user = namedType(model.thisClass().asInternalName());
            Set<String> used = uses.computeIfAbsent(user, _ -> new HashSet<>());
            used.addAll(mentioned(model));
            used.remove(user);
        }
        return uses;
    }

    private static List<Path> classFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !DESCRIPTORS.contains(simpleName(file)))
                    .toList();
        }
    }

    private static String simpleName(Path file) {
        return file.getFileName().toString().replace(".class", "");
    }

    private static Set<String> mentioned(ClassModel model) {
        ClassTransform onlyUses = ClassTransform.dropping(ClassNames::isNoUse);
        ClassModel used = FRESH_POOL.parse(FRESH_POOL.transformClass(model, onlyUses));
        Set<String> names = new HashSet<>();
        for (PoolEntry entry : used.constantPool()) {
            switch (entry) {
                case ClassEntry mentioned -> names.add(namedType(mentioned.asInternalName()));
                // Types of fields and parameters, annotations and generics stand in texts.
                case Utf8Entry text ->
                        IN_DESCRIPTOR
                                .matcher(text.stringValue())
                                .results()
                                .map((MatchResult found) -> namedType(found.group(1)))
                                .forEach(names::add);
                default -> {}
            }
        }
        return names;
    }

    private static boolean isNoUse(ClassElement element) {
        return element instanceof InnerClassesAttribute
                || element instanceof NestHostAttribute
                || element instanceof NestMembersAttribute
                || element instanceof EnclosingMethodAttribute
                || element instanceof PermittedSubclassesAttribute;
    }

    private static String namedType(String internalName) {
        return NUMBERED.matcher(internalName).replaceFirst("").replace('/', '.');
    }
}
