package io.pinbounce.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class TypeLoopsTest {

    private static final Pattern SPACE = Pattern.compile(" ");

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "AB, ''",
        "AB BC AC, ''",
        "AB BA, AB",
        "AB BC CA, ABC",
        "AB BC CD DA, ABCD",
        // Two loops that share a type are one loop.
        "AB BA BC CB, ABC",
        // A use that leads from one loop to another does not join them.
        "AB BA BC CD DC, AB CD",
        // A type that only leads into a loop is no member.
        "AB BC CB CD, BC",
        // A second way into a loop that was found already does not join it.
        "AB BC CB AD DC, BC",
        // A type may use itself.
        "AA, ''"
    })
    void aLoopIsWhatUsesEachOther(String uses, String loops) {
        Map<String, Set<String>> graph = new TreeMap<>();
        words(uses)
                .forEach(
                        use -> {
                            String used = use.substring(1);
                            graph.computeIfAbsent(used, _ -> new TreeSet<>());
                            graph.computeIfAbsent(use.substring(0, 1), _ -> new TreeSet<>())
                                    .add(used);
                        });
        Set<String> found = new HashSet<>();
        TypeLoops.in(graph).forEach(loop -> found.add(String.join("", loop)));
        assertEquals(words(loops).collect(Collectors.toSet()), found);
    }

    private static Stream<String> words(String text) {
        return SPACE.splitAsStream(text).filter(word -> !word.isEmpty());
    }
}
