package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.LoopTarget;
import io.pinbounce.testing.Mounts;
import io.pinbounce.testing.PowerTarget;
import io.pinbounce.testing.Requirements;
import io.pinbounce.tool.scrub.ScrubTarget;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Guarded data on and between file systems, seen through mounts, and by other users. */
class SidecarMountsIT extends TieScenario {

    private static final int NOBODY = 65534;

    private static final int OTHER = 65533;

    /** Bytes that a tie has for the path of the sidecar. */
    private static final int MAX_HINT = 38;

    private static @Nullable LoopTarget ext4;

    private static @Nullable LoopTarget xfs;

    private final Mounts mounts = new Mounts();

    private Path first = Path.of("");

    private Path second = first;

    @BeforeAll
    static void makeFileSystems() {
        Requirements.loop();
        Requirements.tool("mkfs.ext4");
        Requirements.tool("mkfs.xfs");
        ext4 = LoopTarget.open("--fs", "ext4", "--sector-size", "4096");
        xfs = LoopTarget.open("--fs", "xfs");
    }

    @AfterAll
    static void removeFileSystems() {
        for (LoopTarget each : new LoopTarget[] {ext4, xfs}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @BeforeEach
    void makeFolders() throws IOException {
        first = newFolder(Objects.requireNonNull(ext4).path());
        second = newFolder(Objects.requireNonNull(xfs).path());
    }

    private static Path newFolder(Path beside) throws IOException {
        return Files.createTempDirectory(Objects.requireNonNull(beside.getParent()), "folder");
    }

    @AfterEach
    void unmount() {
        mounts.close();
        run("rm", "-r", first, second);
    }

    private Path tmpfs() {
        return mounts.mount("-t", "tmpfs", "pinbounce-test");
    }

    /** Moves data alone, and with its sidecar. */
    private void moveBetween(Path from, Path to) throws IOException {
        Path data = from.resolve("data");
        makeGuarded(data);
        run("mv", data, to);
        assertPlain(to.resolve("data"));
        run("rm", to.resolve("data"));
        makeGuarded(data); // in place of the sidecar that was left behind
        assertGuarded(data);
        run("mv", data, sidecarOf(data), to);
        assertAdopted(to.resolve("data"));
        assertHas(from);
        assertHas(to, "data", "data.pi");
        run("mv", to.resolve("data"), to.resolve("data.pi"), from);
        assertAdopted(data);
        run("rm", data, sidecarOf(data));
    }

    @Test
    void dataThatMovesBetweenFileSystemsIsPlainWithoutItsSidecarAndAdoptedWithIt()
            throws IOException {
        moveBetween(first, second);
        moveBetween(second, first);
        Path memory = tmpfs();
        moveBetween(first, memory);
        moveBetween(memory, second);
    }

    /** A folder under a name that is so short that a tie has room for it. */
    private Path named(Path folder) {
        Path name = mounts.mount("--bind", folder.toString());
        Requirements.orSkip(
                name.toString().length() <= MAX_HINT - "/data.pi".length(),
                "the path of the temporary folder is too long: " + name);
        return name;
    }

    @Test
    void dataHasItsSidecarOnAnotherFileSystem() throws IOException {
        Path data = first.resolve("data");
        Path sidecar = named(second).resolve("data.pi");
        Protection away = guard(SidecarOptions.at(sidecar).logSize(SidecarOptions.MIN_LOG));
        makeGuarded(data, writer().protection(away).createNew());
        assertGuarded(data, away);
        assertGuarded(data);
        run("mv", data, first.resolve("renamed"));
        assertGuarded(first.resolve("renamed"));
        assertHas(first, "renamed");
        assertHas(second, "data.pi");
    }

    @Test
    void everyNameInAnyFolderLeadsToTheOneSidecar() throws IOException {
        Path folder = named(first);
        Path data = folder.resolve("data");
        makeGuarded(data);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        run("ln", data, elsewhere.resolve("link"));
        assertGuarded(elsewhere.resolve("link"));
        assertGuarded(data);
        run("mv", data, elsewhere);
        assertGuarded(elsewhere.resolve("data"));
        assertHas(elsewhere, "data", "link");
    }

    /** An overlay of files below, whose changes go above. */
    private record Overlay(Path lower, Path upper, Path work, String options) {

        static Overlay of(Path below, Path above, String options) throws IOException {
            return new Overlay(
                    Files.createDirectory(below.resolve("lower")),
                    Files.createDirectory(above.resolve("upper")),
                    Files.createDirectory(above.resolve("work")),
                    options);
        }

        String[] arguments() {
            String layers = "lowerdir=%s,upperdir=%s,workdir=%s".formatted(lower, upper, work);
            return new String[] {"-t", "overlay", "overlay", "-o", layers + options};
        }
    }

    private Overlay overlay(String layers) throws IOException {
        int more = layers.indexOf(',');
        String options = more < 0 ? "" : layers.substring(more);
        return Overlay.of(first, layers.startsWith("two") ? second : first, options);
    }

    /** Mounts it anew; another file system takes the number of its device meanwhile. */
    private void remount(Path merged, Overlay overlay) {
        run("umount", merged);
        tmpfs();
        mounts.mountOn(merged, overlay.arguments());
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "two", "two,xino=off", "two,xino=off,uuid=off"})
    void dataOfALowerLayerKeepsItsSidecarAndIsCopiedUpByWritersAlone(String layers)
            throws IOException {
        Overlay overlay = overlay(layers);
        makeGuarded(overlay.lower().resolve("data"));
        Path merged = mounts.mount(overlay.arguments());
        Path data = merged.resolve("data");
        for (int i = 0; i < 2; i++) {
            assertReads(data, reader().protection(guard()), 0);
            assertReads(data, reader(), 4);
            assertHas(overlay.upper());
            remount(merged, overlay);
        }
        assertGuarded(data);
        assertHas(overlay.upper(), "data", "data.pi");
        for (int i = 0; i < 2; i++) {
            remount(merged, overlay);
            assertGuarded(data);
        }
        assertGuarded(overlay.lower().resolve("data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "two", "two,xino=off"})
    void dataThatIsMadeOnAnOverlayKeepsItsSidecar(String layers) throws IOException {
        Overlay overlay = overlay(layers);
        Path merged = mounts.mount(overlay.arguments());
        Path data = merged.resolve("data");
        makeGuarded(data);
        assertGuarded(data);
        remount(merged, overlay);
        assertGuarded(data);
        Path folder = Files.createDirectory(merged.resolve("folder"));
        run("cp", "-a", data, folder);
        assertPlain(folder.resolve("data"));
        run("cp", "-a", data, sidecarOf(data), folder);
        assertGuarded(folder.resolve("data")); // by its identity: inodes tell nothing here
        assertGuarded(data);
        run("cp", "-a", data, merged.resolve("copy"));
        assertPlain(merged.resolve("copy"));
        run("mv", data, merged.resolve("renamed"));
        assertGuarded(merged.resolve("renamed"));
        remount(merged, overlay);
        assertGuarded(merged.resolve("renamed"));
    }

    @Test
    void onAReadOnlyMountReadersReadAndNothingIsWritten() throws IOException {
        Path data = first.resolve("data");
        makeGuarded(data);
        run("cp", "-a", data, first.resolve("copy"));
        run("cp", "-a", sidecarOf(data), first.resolve("copy.pi"));
        Path mounted = mounts.mount("--bind", first.toString());
        run("mount", "-o", "remount,bind,ro", mounted);
        Path seen = mounted.resolve("data");
        assertReads(seen, reader().protection(guard()), 0);
        assertReads(seen, reader(), 4);
        for (Protection protection : List.of(guard(), Protection.none())) {
            assertEquals(
                    Errno.EROFS, refused(seen, writer().protection(protection), "read").errno());
        }
        Path copy = mounted.resolve("copy");
        refused(copy, reader().protection(guard()), "verify --adopt");
        assertReads(copy, reader(), 0);
        assertHas(first, "data", "data.pi", "copy", "copy.pi");
        assertGuarded(data);
    }

    @Test
    void whereFuseHasNoAttributesTheNameOfTheSidecarIsAllThereIs() throws IOException {
        Requirements.powerCut();
        try (PowerTarget target = PowerTarget.open(1, "--size", "1M")) {
            Path data = target.paths().getFirst();
            Path sidecar = first.resolve("sidecar");
            SidecarOptions named = SidecarOptions.at(sidecar).logSize(SidecarOptions.MIN_LOG);
            byte[] blocks = Arrays.copyOf(DATA, 4 * BLOCK);
            try (DirectFile file =
                    DirectFile.open(
                            data,
                            writer().protection(guard(named.existing(Existing.UNPROTECTED))))) {
                file.write(heap(blocks), 0);
            }
            for (int i = 0; i < 2; i++) {
                try (DirectFile file = DirectFile.open(data, writer().protection(guard(named)))) {
                    assertArrayEquals(blocks, read(file, 0, blocks.length));
                    assertEquals(0, file.counts().unverifiedIntervals());
                    file.write(heap(blocks), 0);
                }
            }
            assertReads(data, reader().protection(guard(named)), 0);
            assertReads(data, reader(), 0);
            refused(data, reader().protection(guard()), "there is no sidecar");
            assertEquals(ScrubTarget.Tie.NAME_ONLY, ScrubTarget.of(data, sidecar).tie());
            DirectFile.open(data, writer()).close();
            assertReads(data, reader().protection(guard(named)), 0);
        }
    }

    /** What another user may do who may read all files. */
    private static Command as(int user, int group, Object... order) {
        List<String> command = new ArrayList<>(List.of("setpriv"));
        command.addAll(List.of("--reuid=" + user, "--regid=" + group, "--clear-groups"));
        command.addAll(List.of("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"));
        command.addAll(GuardedMaker.command(order));
        return Command.run(command.toArray(String[]::new));
    }

    private static void assertDone(Command command) {
        assertEquals(0, command.status(), command::toString);
    }

    private static void own(Path file, int user, int group, String mode) {
        run("chown", user + ":" + group, file);
        run("chmod", mode, file);
    }

    private static void assertOwned(Path file, int user, int group, int mode) throws IOException {
        assertEquals(user, Files.getAttribute(file, "unix:uid"));
        assertEquals(group, Files.getAttribute(file, "unix:gid"));
        assertEquals(mode, (int) Files.getAttribute(file, "unix:mode") & 07777);
    }

    @Test
    void aUserWritesDataWhoseSidecarRootHasMade() throws IOException {
        Requirements.tool("setpriv");
        Path data = first.resolve("data");
        Files.write(data, DATA);
        own(data, NOBODY, NOBODY, "600");
        SidecarOptions options = SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG);
        assertWrites(data, writer().protection(guard(options.existing(Existing.UNPROTECTED))));
        assertOwned(sidecarOf(data), NOBODY, NOBODY, 0600);
        assertDone(as(NOBODY, NOBODY, "write", data));
        assertDone(as(OTHER, OTHER, "read", data));
        Command refused = as(OTHER, OTHER, "write", data);
        assertEquals(1, refused.status(), refused::toString);
        own(data, 0, NOBODY, "660");
        assertGuarded(data);
        assertOwned(sidecarOf(data), 0, NOBODY, 0660);
        assertDone(as(OTHER, NOBODY, "write", data));
        assertGuarded(data);
        assertHas(first, "data", "data.pi");
    }
}
