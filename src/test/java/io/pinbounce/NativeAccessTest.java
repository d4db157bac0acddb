package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.testing.ChildJvm;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.EntryPoints;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Without leave to call native code, every way in says with one sentence how to get it. */
class NativeAccessTest {

    private static final String SENTENCE =
            "java.lang.IllegalCallerException: Java denies Pinbounce its native access: start the"
                    + " JVM with --enable-native-access=ALL-UNNAMED where it is on the class path,"
                    + " as it is here, or with --enable-native-access=io.pinbounce where it is on"
                    + " the module path";

    private static List<String> answers(boolean allowed) {
        List<String> command =
                ChildJvm.command(
                        List.of("--illegal-native-access=deny"),
                        ChildJvm.classPath(),
                        EntryPoints.class.getName());
        if (!allowed) {
            assertTrue(command.remove(ChildJvm.NATIVE_ACCESS));
        }
        Command run = Command.run(command.toArray(String[]::new));
        assertEquals(0, run.status(), run::toString);
        return run.out().lines().toList();
    }

    @Test
    void everyWayInNamesTheFlagEachTimeAndGuardsAreComputedInJava() {
        List<String> answers = answers(false);
        for (String answer : answers) {
            String name = answer.substring(0, answer.indexOf(':'));
            assertEquals(name + ": " + (name.equals("pi") ? "ok" : SENTENCE), answer);
        }
        int half = answers.size() / 2;
        assertEquals(answers.subList(0, half), answers.subList(half, answers.size()));
    }

    @Test
    void canaryWithTheFlagTheWaysAreOpen() {
        List<String> answers = answers(true);
        for (String open : List.of("pi", "DirectQueue.open", "IoService.shared", "Host.probe")) {
            assertEquals(
                    List.of("ok", "ok"),
                    answers.stream()
                            .filter(answer -> answer.startsWith(open + ": "))
                            .map(answer -> answer.substring(open.length() + 2))
                            .toList());
        }
    }
}
