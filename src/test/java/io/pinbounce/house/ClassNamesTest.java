package io.pinbounce.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntSupplier;

/** Reads the class files of the types that are nested here. */
class ClassNamesTest {

    private static Map<String, Set<String>> uses = Map.of();

    @BeforeAll
    static void readClassFiles() throws Exception {
        uses = ClassNames.in(folder());
    }

    private static Path folder() throws URISyntaxException {
        String file = ClassNamesTest.class.getSimpleName() + ".class";
        URL found = Objects.requireNonNull(ClassNamesTest.class.getResource(file));
        return Path.of(found.toURI()).resolveSibling("");
    }

    /** Is used in one way by each of the others. */
    static class Used {
        static int value() {
            return 1;
        }
    }

    static class Caller {
        int call() {
            return Used.value();
        }
    }

    static class Heir extends Used {}

    static class Holder {
        List<Used> held = List.of();
    }

    record Component(Used used) {}

    static class Lambda {
        IntSupplier supplier() {
            return () -> Used.value();
        }
    }

    static class Anonymous {
        IntSupplier supplier() {
            return new IntSupplier() {
                @Override
                public int getAsInt() {
                    return Used.value();
                }
            };
        }
    }

    @Test
    void everyKindOfUseIsSeen() {
        for (Class<?> user :
                List.of(
                        Caller.class,
                        Heir.class,
                        Holder.class,
                        Component.class,
                        Lambda.class,
                        Anonymous.class)) {
            assertTrue(used(user).contains(Used.class.getName()), user.getName());
        }
    }

    static class Outer {
        static class UsesOuter {
            Outer made() {
                return new Outer();
            }
        }

        static class Apart {}
    }

    @Test
    void nestedTypesCountApart() {
        assertFalse(used(Outer.class).contains(Outer.Apart.class.getName()));
        assertFalse(used(Outer.Apart.class).contains(Outer.class.getName()));
        assertTrue(used(Outer.UsesOuter.class).contains(Outer.class.getName()));
    }

    @Test
    void anonymousClassesCountAsTheTypeAroundThem() {
        assertFalse(uses.containsKey(Anonymous.class.getName() + "$1"));
    }

    sealed interface Shape permits Circle {}

    record Circle() implements Shape {}

    @Test
    void permitsIsNoUse() {
        assertEquals(Set.of("java.lang.Object"), used(Shape.class));
        assertTrue(used(Circle.class).contains(Shape.class.getName()));
    }

    @Test
    void typesDoNotUseThemselves() {
        uses.forEach((user, used) -> assertFalse(used.contains(user), user));
    }

    private static Set<String> used(Class<?> user) {
        return uses.getOrDefault(user.getName(), Set.of());
    }
}
