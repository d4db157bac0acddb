package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.SidecarOptions;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Guarded data is copied, packed, renamed and linked within one file system. */
@ParameterizedClass(name = "{0}")
@MethodSource("places")
class SidecarMovesIT extends TieScenario {

    /** File systems that have attributes or not, for the kernel to say. */
    private static final List<String> MAY_LACK = List.of("target", "tmpfs", "ramfs");

    private static final String FUSE = "fuse.bindfs"; // has none, as it is mounted here

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit before anything else runs
    private Place place;

    private Path folder = Path.of("");

    private Path elsewhere = folder;

    private Path data = folder;

    private Path sidecar = folder;

    static Stream<Place> places() {
        return Stream.of(
                        MAY_LACK.stream().map(MountedPlaces::of),
                        LoopPlaces.all(),
                        Stream.of(FUSE).map(MountedPlaces::of))
                .flatMap(each -> each);
    }

    /** Skips where files can have no attributes, which only some file systems may say. */
    private void requireAttributes() {
        boolean kept = keepsAttributes(data);
        String name = place.toString();
        assertTrue(kept || name.equals(FUSE) || MAY_LACK.contains(name), "no attributes: " + name);
        Requirements.orSkip(kept, "the file system has no attributes: " + place);
    }

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectory(place.newPath());
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        data = folder.resolve("data");
        sidecar = sidecarOf(data);
        makeGuarded(data);
    }

    @AfterEach
    void removeFolders() {
        run("rm", "-r", folder);
    }

    private Path moved() {
        return elsewhere.resolve("data");
    }

    private void restoreFrom(Path packed, String... names) {
        for (String name : names) {
            run("tar", "--xattrs", "-C", folder, "-xf", packed, name);
        }
    }

    @Test
    void aCopyWithoutTheSidecarIsPlainData() throws IOException {
        run("cp", "-a", data, elsewhere);
        run("cp", "-a", data, folder.resolve("copy"));
        assertPlain(moved());
        assertPlain(folder.resolve("copy"));
        assertGuarded(data);
        assertHas(elsewhere, "data");
    }

    @Test
    void aCopyWithTheSidecarIsAdopted() throws IOException {
        run("cp", "-a", data, sidecar, elsewhere);
        assertAdopted(moved());
        assertGuarded(data);
        assertHas(elsewhere, "data", "data.pi");
    }

    @Test
    void rsyncWithoutTheSidecarMakesPlainData() throws IOException {
        Requirements.tool("rsync");
        run("rsync", "-aX", data, elsewhere);
        assertPlain(moved());
        assertGuarded(data);
        assertHas(elsewhere, "data");
    }

    @Test
    void whatRsyncCopiedAndBroughtBackIsAdopted() throws IOException {
        Requirements.tool("rsync");
        run("rsync", "-aX", data, sidecar, elsewhere);
        assertAdopted(moved());
        assertGuarded(data);
        run("rsync", "-aXI", moved(), folder);
        assertAdopted(data);
        run("rsync", "-aXI", elsewhere + "/", folder);
        assertAdopted(data);
        assertHas(elsewhere, "data", "data.pi");
    }

    @Test
    void whatTarUnpacksWithoutTheSidecarIsPlainData() throws IOException {
        Requirements.tool("tar");
        Path packed = folder.resolve("packed.tar");
        run("tar", "--xattrs", "-C", folder, "-cf", packed, "data");
        run("tar", "--xattrs", "-C", elsewhere, "-xf", packed);
        assertPlain(moved());
        assertGuarded(data);
    }

    @Test
    void whatTarUnpacksWithTheSidecarIsAdopted() throws IOException {
        Requirements.tool("tar");
        Path packed = folder.resolve("packed.tar");
        run("tar", "--xattrs", "-C", folder, "-cf", packed, "data", "data.pi");
        run("tar", "--xattrs", "-C", elsewhere, "-xf", packed);
        assertAdopted(moved());
        assertGuarded(data);
        restoreFrom(packed, "data");
        assertAdopted(data);
        restoreFrom(packed, "data", "data.pi");
        assertAdopted(data);
    }

    @Test
    void dataThatIsRenamedAloneKeepsItsSidecarInItsFolder() throws IOException {
        requireAttributes();
        Path renamed = folder.resolve("renamed");
        run("mv", data, renamed);
        assertGuarded(renamed);
        assertHas(folder, "elsewhere", "renamed", "data.pi");
    }

    @Test
    void dataThatIsRenamedOverOtherDataKeepsItsSidecar() throws IOException {
        requireAttributes();
        Path other = folder.resolve("other");
        makeGuarded(other);
        run("mv", data, other);
        assertGuarded(other);
    }

    @Test
    void dataThatIsMovedAloneToAnotherFolderMissesItsSidecar() throws IOException {
        requireAttributes();
        run("mv", data, elsewhere);
        assertSidecarGone(moved());
        run("mv", sidecar, elsewhere);
        assertGuarded(moved());
        assertHas(elsewhere, "data", "data.pi");
    }

    @Test
    void dataThatIsMovedWithItsSidecarKeepsIt() throws IOException {
        run("mv", data, sidecar, elsewhere);
        assertGuarded(moved());
        run("mv", moved(), folder.resolve("renamed"));
        run("mv", sidecarOf(moved()), folder.resolve("renamed.pi"));
        assertGuarded(folder.resolve("renamed"));
        assertHas(folder, "elsewhere", "renamed", "renamed.pi");
        assertHas(elsewhere);
    }

    @Test
    void dataMissesASidecarThatIsMovedAloneUntilItIsBackOrNamed() throws IOException {
        requireAttributes();
        Path away = elsewhere.resolve("sidecar");
        run("mv", sidecar, away);
        assertSidecarGone(data);
        assertReads(data, reader().protection(guard(SidecarOptions.at(away))), 0);
        assertWrites(data, writer().protection(guard(SidecarOptions.at(away))));
        run("mv", away, sidecar);
        assertGuarded(data);
    }

    @Test
    void everyHardLinkLeadsToTheOneSidecar() throws IOException {
        requireAttributes();
        Path near = folder.resolve("near");
        run("ln", data, near);
        assertGuarded(near);
        run("ln", data, moved());
        assertSidecarGone(moved());
        assertGuarded(data);
        assertHas(elsewhere, "data");
    }

    @Test
    void everySymbolicLinkLeadsToTheOneSidecar() throws IOException {
        Path near = folder.resolve("near");
        run("ln", "-s", "data", near);
        run("ln", "-s", "../near", moved());
        for (Path link : new Path[] {near, moved(), data}) {
            assertGuarded(link);
        }
        assertHas(elsewhere, "data");
        assertHas(folder, "elsewhere", "data", "data.pi", "near");
    }

    @Test
    void dataThatIsMadeThroughALinkHasItsSidecarBesideIt() throws IOException {
        Path link = folder.resolve("link");
        run("ln", "-s", "elsewhere/data", link);
        makeGuarded(link, writer().protection(guard()).create());
        assertGuarded(link);
        assertGuarded(moved());
        assertHas(elsewhere, "data", "data.pi");
        assertFalse(Files.exists(sidecarOf(link)));
    }

    @Test
    void nothingIsMadeThroughALinkIfItMustBeNew() throws IOException {
        Path link = folder.resolve("link");
        run("ln", "-s", "elsewhere/data", link);
        refused(link, writer().protection(guard()).createNew(), "there already");
        assertHas(elsewhere);
        assertHas(folder, "elsewhere", "data", "data.pi", "link");
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void dataInAFolderThatIsRenamedKeepsItsSidecar() throws IOException {
        run("mv", data, sidecar, elsewhere);
        Path renamed = folder.resolve("renamed");
        run("mv", elsewhere, renamed);
        assertGuarded(renamed.resolve("data"));
        assertHas(renamed, "data", "data.pi");
    }
}
