package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.pinbounce.Bypass;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.ProtectionException;
import io.pinbounce.testing.Seed;
import io.pinbounce.testing.Share;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whatever happened to a sealed file or its sidecar, the commands that messages name repair it, and
 * leave the data as it is: following them never leads in a circle.
 */
@Timeout(120)
final class RepairAdviceTest {

    private static final int MOST_STEPS = 8;

    private static final Pattern COMMAND =
            Pattern.compile("pinbounce (seal|verify|reseal|info)\\b([^;,:\\n]*)");

    private static final Pattern OPTION = Pattern.compile("--(anew|adopt|damaged|forget)\\b");

    private SealedFile file;

    private Path data;

    /** Which of several commands in a message is followed. */
    enum Choice {
        FIRST,
        LAST
    }

    record Walk(Mishap mishap, String start, Choice choice) {}

    static List<Walk> walks() {
        List<Walk> walks = new ArrayList<>();
        for (Mishap mishap : Mishap.values()) {
            walks.add(new Walk(mishap, "verify", Choice.FIRST));
            walks.add(new Walk(mishap, "verify", Choice.LAST));
            walks.add(new Walk(mishap, "seal", Choice.LAST));
            walks.add(new Walk(mishap, "reseal", Choice.FIRST));
            walks.add(new Walk(mishap, "open", Choice.LAST));
        }
        return Share.isFull() ? walks : oneOfEach(walks);
    }

    /** One walk for each mishap; another seed chooses other walks. */
    private static List<Walk> oneOfEach(List<Walk> walks) {
        Random random = new Random(Seed.value());
        int starts = walks.size() / Mishap.values().length;
        List<Walk> some = new ArrayList<>();
        for (int first = 0; first < walks.size(); first += starts) {
            some.add(walks.get(first + random.nextInt(starts)));
        }
        return some;
    }

    @BeforeEach
    void sealData() throws IOException {
        file = SealedFile.make();
        data = file.data();
    }

    @AfterEach
    void removeAll() throws IOException {
        file.close();
    }

    @ParameterizedTest
    @MethodSource("walks")
    void theCommandsThatMessagesNameRepairEveryMishap(Walk walk) throws IOException {
        walk.mishap.happenTo(file);
        byte[] before = Files.readAllBytes(data);
        walk(walk, new ArrayList<>());
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
        Cli.run("info", data).requireStatus(ExitStatus.OK);
        assertEquals("", open());
        assertArrayEquals(before, Files.readAllBytes(data));
        assertEquals(0L, Cli.run("info", data, "--json").json().get("unprotected"));
    }

    private void walk(Walk walk, List<String> taken) {
        String next = walk.start;
        Set<String> seen = new HashSet<>();
        while (true) {
            String said;
            if (next.equals("open")) {
                said = open();
            } else {
                Cli run = run(next);
                said = run.status() == ExitStatus.OK ? "" : run.out() + run.err();
                if (next.equals("info") && named(said).isEmpty()) {
                    said = "pinbounce verify"; // info only shows, so what it shows needs a verify
                }
            }
            taken.add(next + " -> " + said);
            List<String> named = named(said);
            if (next.equals("seal --forget") && said.isEmpty()) {
                seen.clear(); // the data is plain now, so seal does what it refused before
            }
            if (said.isEmpty()) { // the command succeeded, but verify may name more to do
                Cli left = Cli.run("verify", data);
                named = named(left.out() + left.err());
                if (left.status() == ExitStatus.OK && !named.contains("seal")) {
                    return;
                }
            }
            if (named.isEmpty()) {
                fail("no command is named: " + taken);
            }
            next = walk.choice == Choice.FIRST ? named.getFirst() : named.getLast();
            // After a verify, the same command may be named again, for something else that is left.
            boolean mayRepeat = next.equals("verify") && taken.size() <= MOST_STEPS;
            if ((!seen.add(next) && !mayRepeat) || taken.size() > 2 * MOST_STEPS) {
                fail("a circle: " + taken);
            }
        }
    }

    /** The commands that a text names, with their options. */
    private static List<String> named(String text) {
        List<String> named = new ArrayList<>();
        Matcher matcher = COMMAND.matcher(text);
        while (matcher.find()) {
            StringBuilder command = new StringBuilder(matcher.group(1));
            OPTION.matcher(matcher.group(2))
                    .results()
                    .forEach(option -> command.append(' ').append(option.group()));
            named.add(command.toString());
        }
        return named;
    }

    private Cli run(String command) {
        List<Object> words = new ArrayList<>(Arrays.asList((Object[]) command.split(" ")));
        words.add(1, data);
        if (command.startsWith("reseal")) {
            long last = Math.max(0, (data.toFile().length() - 1) / SealedFile.INTERVAL);
            words.addAll(List.of("--interval=0.." + last, "--yes"));
        }
        if (command.contains("--anew") || command.contains("--forget")) {
            words.add("--yes");
        }
        return Cli.run(words.toArray());
    }

    /** Reads all of the data as a program does; what the exception says, or an empty string. */
    private String open() {
        try (DirectFile opened = file.open()) {
            opened.read(MemorySegment.ofArray(new byte[(int) opened.size()]), 0);
            return "";
        } catch (ProtectionException e) {
            return "pinbounce verify"; // names what is bad
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void theOldSidecarIsKept() throws IOException {
        byte[] before = Files.readAllBytes(file.sidecar());
        Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.OK);
        assertArrayEquals(before, Files.readAllBytes(file.oldSidecar()));
        Cli refused = Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("remove it: path="), refused.toString());
        Files.delete(file.oldSidecar());
        Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.OK);
    }

    @Test
    void withoutANewSidecarTheOldOneStays() throws IOException {
        Cli.run("seal", data, "--anew", "--yes", "--log-size=1k")
                .requireStatus(ExitStatus.UNUSABLE);
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
        DirectOptions options =
                DirectOptions.readWrite().directIo(DirectIo.PREFERRED).bypass(Bypass.ALLOWED);
        try (DirectFile _ = DirectFile.open(data, options)) {
            Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.UNUSABLE);
        }
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
        assertFalse(Files.exists(file.oldSidecar()));
    }

    @Test
    void aSidecarIsNotReplacedWithoutConfirmation() throws IOException {
        Cli asked = Cli.run("seal", data, "--anew").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(asked.err().contains("--yes"), asked.toString());
        assertFalse(Files.exists(file.oldSidecar()));
    }

    /** Nothing shows that empty data is the sidecar's, which would forget all its intervals. */
    @Test
    void dataThatWasEmptiedIsNotAdopted() throws IOException {
        byte[] before = Files.readAllBytes(file.sidecar());
        file.resizeData(0);
        Cli refused =
                Cli.run("verify", data, "--adopt", "--damaged").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("seal --anew"), refused.toString());
        assertArrayEquals(before, Files.readAllBytes(file.sidecar()));
    }

    @Test
    void adoptedDamageStaysDamage() throws IOException {
        file.copyData();
        file.damageData(5 * SealedFile.INTERVAL);
        Cli.run("verify", data, "--adopt", "--damaged").requireStatus(ExitStatus.FAILURE_FOUND);
        Cli left = Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
        assertEquals(1, left.lines("bad: interval=5 ").size(), left.toString());
    }

    /** The canary: otherwise a walk could end at once, with nothing repaired. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void everyMishapIsNoticed(Mishap mishap) throws IOException {
        mishap.happenTo(file);
        Cli run = Cli.run("verify", data);
        assertTrue(run.status() != ExitStatus.OK || named(run.out()).contains("seal"), mishap + "");
    }
}
