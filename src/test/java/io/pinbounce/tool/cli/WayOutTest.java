package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
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
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whatever happened to data or sidecar: the commands that the messages name lead out of it, with
 * the data as it is, and none leads back to where it came from.
 */
@Timeout(120)
final class WayOutTest {

    private static final int INTERVAL = 4096;

    /** Several pages of tuples, and a part of an interval. */
    private static final int SIZE = 1000 * INTERVAL + 100;

    /** Where tuples begin: behind both superblocks, the log, and a page of the map twice. */
    private static final long TUPLES = 8192 + (256 << 10) + 8192;

    private static final int MOST_STEPS = 8;

    private static final Pattern COMMAND =
            Pattern.compile("pinbounce (seal|verify|reseal|info)\\b([^;,:\\n]*)");

    private static final Pattern OPTION = Pattern.compile("--(anew|adopt|damaged)\\b");

    private SidecarFolder folder;

    private Path data;

    private Path sidecar;

    /** What has happened. */
    enum Mishap {
        NOTHING,
        CUT_INSIDE_AN_INTERVAL,
        CUT_BETWEEN_INTERVALS,
        CUT_TO_NOTHING,
        GROWN,
        GROWN_BY_A_HOLE,
        REPLACED_BY_OTHER_DATA,
        REPLACED_BY_LONGER_DATA,
        COPIED_WITH_THE_SIDECAR,
        COPIED_AND_DAMAGED,
        COPIED_AND_CUT,
        COPIED_AND_GROWN,
        DAMAGED_HERE_AND_THERE,
        ONLY_PARTLY_SEALED,
        SIDECAR_LOST,
        SIDECAR_EMPTY,
        SIDECAR_CUT_SHORT,
        SIDECAR_OF_OTHER_DATA,
        SIDECAR_OLDER,
        SIDECAR_OLDER_THAN_THE_LENGTH,
        SIDECAR_PROTECTS_NOTHING_AND_COPIED,
        BOTH_SUPERBLOCKS_DAMAGED,
        ONE_SUPERBLOCK_DAMAGED,
        SIDECAR_OF_ANOTHER_VERSION,
        TUPLES_DAMAGED,
        TUPLES_DAMAGED_AND_COPIED,
        UNUSED_TUPLES_DAMAGED,
        BOTH_MAPS_DAMAGED,
        LOG_DAMAGED,
        STRAY_BYTES_BEHIND_A_SUPERBLOCK
    }

    /** Which of several ways is taken. */
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

    /** One for each mishap; with another seed, others. */
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
        folder = SidecarFolder.make();
        data = folder.data("data", SIZE);
        sidecar = folder.resolve("data.pi");
        Cli.run("seal", data, "--log-size=256k").requireStatus(ExitStatus.OK);
    }

    @AfterEach
    void removeAll() throws IOException {
        folder.close();
    }

    @ParameterizedTest
    @MethodSource("walks")
    void theCommandsThatMessagesNameRepairEveryMishap(Walk walk) throws IOException {
        happen(walk.mishap);
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
                    said = "pinbounce verify"; // it shows what there is, and judges nothing
                }
            }
            taken.add(next + " -> " + said);
            List<String> named = named(said);
            if (said.isEmpty()) { // it did all that it was asked for; there may be more to be done
                Cli left = Cli.run("verify", data);
                named = named(left.out());
                if (left.status() == ExitStatus.OK && !named.contains("seal")) {
                    return;
                }
            }
            if (named.isEmpty()) {
                fail("no way out is named: " + taken);
            }
            next = walk.choice == Choice.FIRST ? named.getFirst() : named.getLast();
            // After verify has found what is left, the same may be said of something else.
            if (!seen.add(next) && (!next.equals("verify") || taken.size() > MOST_STEPS)) {
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
            long last = Math.max(0, (data.toFile().length() - 1) / INTERVAL);
            words.addAll(List.of("--interval=0.." + last, "--yes"));
        }
        if (command.contains("--anew")) {
            words.add("--yes");
        }
        return Cli.run(words.toArray());
    }

    /** What a program is told that reads it all; nothing if all is well. */
    private String open() {
        DirectOptions options =
                DirectOptions.readWrite()
                        .directIo(DirectIo.PREFERRED)
                        .protection(Protection.t10(INTERVAL).sidecar());
        try (DirectFile file = DirectFile.open(data, options)) {
            file.read(MemorySegment.ofArray(new byte[(int) file.size()]), 0);
            return "";
        } catch (ProtectionException e) {
            return "pinbounce verify"; // names what is bad
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void happen(Mishap mishap) throws IOException {
        switch (mishap) {
            case NOTHING -> {}
            case CUT_INSIDE_AN_INTERVAL -> resize(data, 500 * INTERVAL + 77);
            case CUT_BETWEEN_INTERVALS -> resize(data, 500 * INTERVAL);
            case CUT_TO_NOTHING -> resize(data, 0);
            case GROWN -> write(data, SIZE, bytes(3 * INTERVAL));
            case GROWN_BY_A_HOLE -> resize(data, SIZE + 10 * INTERVAL);
            case REPLACED_BY_OTHER_DATA -> replace(SIZE);
            case REPLACED_BY_LONGER_DATA -> replace(SIZE + 7 * INTERVAL);
            case COPIED_WITH_THE_SIDECAR -> copyData();
            case COPIED_AND_DAMAGED -> {
                copyData();
                SidecarFolder.flip(data, 5 * INTERVAL);
            }
            case COPIED_AND_CUT -> {
                copyData();
                resize(data, 300 * INTERVAL + 1);
            }
            case COPIED_AND_GROWN -> {
                copyData();
                write(data, SIZE, bytes(100));
            }
            case DAMAGED_HERE_AND_THERE -> {
                SidecarFolder.flip(data, 0);
                SidecarFolder.flip(data, 700 * INTERVAL);
                SidecarFolder.flip(data, SIZE - 1);
            }
            case ONLY_PARTLY_SEALED -> sealPartly();
            case SIDECAR_LOST -> Files.delete(sidecar);
            case SIDECAR_EMPTY -> resize(sidecar, 0);
            case SIDECAR_CUT_SHORT -> resize(sidecar, 10_000);
            case SIDECAR_OF_OTHER_DATA -> takeSidecarOfOther();
            case SIDECAR_OLDER, SIDECAR_OLDER_THAN_THE_LENGTH -> age(mishap);
            case SIDECAR_PROTECTS_NOTHING_AND_COPIED -> {
                sealPartly();
                copyData();
            }
            default -> damageSidecar(mishap);
        }
    }

    private void damageSidecar(Mishap mishap) throws IOException {
        switch (mishap) {
            case BOTH_SUPERBLOCKS_DAMAGED -> flip(100, 4096 + 100);
            case ONE_SUPERBLOCK_DAMAGED -> flip(100);
            case SIDECAR_OF_ANOTHER_VERSION -> flip(8, 4096 + 8);
            case TUPLES_DAMAGED -> flip(TUPLES + 10, TUPLES + 4096 + 700);
            case TUPLES_DAMAGED_AND_COPIED -> {
                flip(TUPLES + 10);
                copyData();
            }
            case UNUSED_TUPLES_DAMAGED -> {
                resize(sidecar, TUPLES + 20 * 4096);
                flip(TUPLES + 10 * 4096);
            }
            case BOTH_MAPS_DAMAGED -> flip(TUPLES - 8192, TUPLES - 4096);
            case LOG_DAMAGED -> flip(8192 + 5, 8192 + 100_000);
            case STRAY_BYTES_BEHIND_A_SUPERBLOCK -> flip(2000);
            default -> throw new AssertionError(mishap);
        }
    }

    private void flip(long... positions) throws IOException {
        for (long position : positions) {
            SidecarFolder.flip(sidecar, position);
        }
    }

    private static void resize(Path path, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
    }

    private static void write(Path path, long position, byte[] bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(position);
            file.write(bytes);
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0x5A);
        return bytes;
    }

    private void replace(int size) throws IOException {
        Path other = Files.write(folder.resolve("new"), bytes(size));
        Files.move(other, data, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same bytes in another inode, as a copy or a restored file is. */
    private void copyData() throws IOException {
        Path copy = Files.copy(data, folder.resolve("copy"));
        Files.move(copy, data, StandardCopyOption.REPLACE_EXISTING);
    }

    private void takeSidecarOfOther() throws IOException {
        Path other = Files.write(folder.resolve("other"), bytes(2 * SIZE));
        Cli.run("seal", other, "--log-size=256k").requireStatus(ExitStatus.OK);
        Files.move(folder.resolve("other.pi"), sidecar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A sidecar from before the last write, as a backup has it. */
    private void age(Mishap mishap) throws IOException {
        byte[] before = Files.readAllBytes(sidecar);
        DirectOptions options =
                DirectOptions.readWrite()
                        .directIo(DirectIo.PREFERRED)
                        .protection(Protection.t10(INTERVAL).sidecar());
        try (DirectFile file = DirectFile.open(data, options)) {
            long position = mishap == Mishap.SIDECAR_OLDER ? 5000 : SIZE;
            file.write(MemorySegment.ofArray(bytes(10_000)), position);
        }
        Files.write(sidecar, before);
    }

    private void sealPartly() throws IOException {
        Files.delete(sidecar);
        DirectOptions options =
                DirectOptions.readWrite()
                        .directIo(DirectIo.PREFERRED)
                        .protection(
                                Protection.t10(INTERVAL)
                                        .sidecar(
                                                SidecarOptions.beside()
                                                        .existing(Existing.UNPROTECTED)));
        DirectFile.open(data, options).close();
    }

    /** What a new sidecar takes the place of is not lost. */
    @Test
    void theOldSidecarIsKept() throws IOException {
        byte[] before = Files.readAllBytes(sidecar);
        Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.OK);
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("data.pi.old")));
        Cli refused = Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("remove it: path="), refused.toString());
        Files.delete(folder.resolve("data.pi.old"));
        Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.OK);
    }

    /** A new one that is refused leaves the old one where it is. */
    @Test
    void withoutANewSidecarTheOldOneStays() throws IOException {
        Cli.run("seal", data, "--anew", "--yes", "--log-size=1k")
                .requireStatus(ExitStatus.UNUSABLE);
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
        DirectOptions options = DirectOptions.readWrite().directIo(DirectIo.PREFERRED);
        try (DirectFile _ = DirectFile.open(data, options)) {
            Cli.run("seal", data, "--anew", "--yes").requireStatus(ExitStatus.UNUSABLE);
        }
        Cli.run("verify", data).requireStatus(ExitStatus.OK);
        assertFalse(Files.exists(folder.resolve("data.pi.old")));
    }

    @Test
    void aSidecarIsNotReplacedWithoutConfirmation() throws IOException {
        Cli asked = Cli.run("seal", data, "--anew").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(asked.err().contains("--yes"), asked.toString());
        assertFalse(Files.exists(folder.resolve("data.pi.old")));
    }

    /** Nothing of it tells that it is the sidecar's, which would forget all intervals for it. */
    @Test
    void dataThatWasEmptiedIsNotAdopted() throws IOException {
        byte[] before = Files.readAllBytes(sidecar);
        Files.write(data, new byte[0]);
        Cli refused =
                Cli.run("verify", data, "--adopt", "--damaged").requireStatus(ExitStatus.UNUSABLE);
        assertTrue(refused.err().contains("seal --anew"), refused.toString());
        assertArrayEquals(before, Files.readAllBytes(sidecar));
    }

    /** Damage that was adopted with the data is not accepted by that. */
    @Test
    void adoptedDamageStaysDamage() throws IOException {
        copyData();
        SidecarFolder.flip(data, 5 * INTERVAL);
        Cli.run("verify", data, "--adopt", "--damaged").requireStatus(ExitStatus.FAILURE_FOUND);
        Cli left = Cli.run("verify", data).requireStatus(ExitStatus.FAILURE_FOUND);
        assertEquals(1, left.lines("bad: interval=5 ").size(), left.toString());
    }

    /** Else a walk would end where nothing was done. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void everyMishapIsNoticed(Mishap mishap) throws IOException {
        happen(mishap);
        Cli run = Cli.run("verify", data);
        assertTrue(run.status() != ExitStatus.OK || named(run.out()).contains("seal"), mishap + "");
    }
}
