package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.Bypass;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.OnEngine;
import io.pinbounce.Protection;
import io.pinbounce.ProtectionException;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.internal.engine.HookedEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Data leads to its sidecar, whatever its name, and is not written past it. */
class SidecarTieTest extends ContractTest {

    private static final int BLOCK = 4096;

    private static final byte[] DATA = bytes(1, 3 * BLOCK + 5);

    private static final SidecarOptions BESIDE =
            SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG);

    private Path path = Path.of("");

    private Path other = Path.of("");

    @BeforeEach
    void choosePaths() {
        path = place.newPath();
        other = place.newPath();
    }

    private static Path sidecarOf(Path data) {
        return BESIDE.pathFor(data);
    }

    private static Protection protection(SidecarOptions sidecar) {
        return Protection.t10(BLOCK).sidecar(sidecar);
    }

    private DirectOptions guarded() {
        return options().protection(protection(BESIDE));
    }

    private DirectOptions guardedReader() {
        return readOnly().protection(protection(BESIDE));
    }

    private void makeGuarded(Path data) throws IOException {
        try (DirectFile file = open(data, guarded().createNew())) {
            file.write(heap(DATA), 0);
        }
    }

    private void assertGuarded(Path data) throws IOException {
        try (DirectFile file = open(data, guardedReader())) {
            assertArrayEquals(DATA, read(file));
            assertEquals(0, file.counts().unverifiedIntervals());
        }
    }

    private void assertRefused(String reason, Path data, DirectOptions options) {
        assertSays(assertThrows(DirectIoException.class, () -> open(data, options)), reason);
    }

    private boolean isThere(Path file) {
        return place.engine().status(file).errno() == 0;
    }

    private void rename(Path from, Path to) {
        assertEquals(0, place.engine().renameNew(from, to));
    }

    private void remove(Path file) {
        assertEquals(0, place.engine().remove(file));
    }

    /** Gives a file a second name. */
    private void link(Path from, Path to) {
        IoEngine engine = place.engine();
        int handle = engine.open(from, OpenFlags.O_RDONLY);
        assertEquals(0, engine.link(handle, to));
        engine.close(handle);
    }

    private void requireAttributes() {
        IoEngine engine = place.engine();
        int handle = engine.open(path, OpenFlags.O_RDONLY);
        long found = engine.attribute(handle, "user.test", arena.allocate(64));
        engine.close(handle);
        Requirements.orSkip(
                found != -Errno.EOPNOTSUPP, "the file system has no attributes: " + place);
    }

    private void requireFolder() {
        Path folder = path.toAbsolutePath().getParent();
        Requirements.orSkip(
                folder != null && Files.isDirectory(folder),
                "the files of a folder cannot be listed: " + place);
    }

    /** Takes the attribute away, as a file system without attributes would. */
    private void forgetAttribute(Path data) {
        IoEngine engine = place.engine();
        int handle = engine.open(data, OpenFlags.O_RDWR);
        engine.setAttribute(handle, "user.pinbounce", MemorySegment.NULL);
        engine.close(handle);
    }

    @Test
    void guardedDataIsNotWrittenWithoutItsProtection() throws IOException {
        makeGuarded(path);
        for (int i = 0; i < 2; i++) {
            assertRefused("Bypass.ALLOWED", path, options());
            assertRefused("Bypass.ALLOWED", path, options().create().truncate());
            assertRefused(
                    "Bypass.ALLOWED", path, options().protection(Protection.t10(BLOCK).memory()));
            forgetAttribute(path);
        }
        assertGuarded(path);
    }

    @Test
    void aWriterThatAsksForItWritesPastTheProtectionAndTheNextReaderIsTold() throws IOException {
        makeGuarded(path);
        try (DirectFile file = open(path, options().bypass(Bypass.ALLOWED))) {
            file.write(heap(new byte[] {1, 2, 3}), 0);
        }
        try (DirectFile file = open(path, guardedReader())) {
            assertThrows(ProtectionException.class, () -> read(file));
        }
    }

    @Test
    void readingGuardedDataWithoutItsProtectionIsCounted() throws IOException {
        makeGuarded(path);
        try (DirectFile file = open(path, readOnly())) {
            assertArrayEquals(DATA, read(file));
            assertEquals(4, file.counts().unverifiedIntervals());
        }
        makeGuarded(other);
        try (DirectFile file = open(other, readOnly())) {
            read(file, BLOCK - 1, 2);
            assertEquals(2, file.counts().unverifiedIntervals());
        }
    }

    @Test
    void plainDataIsNotCounted() throws IOException {
        try (DirectFile file = create(path)) {
            file.write(heap(DATA), 0);
            read(file);
            assertEquals(0, file.counts().unverifiedIntervals());
        }
    }

    @Test
    void everyHardLinkLeadsToTheOneSidecar() throws IOException {
        makeGuarded(path);
        requireAttributes();
        link(path, other);
        assertGuarded(other);
        try (DirectFile file = open(other, guarded())) {
            file.write(heap(DATA), 0);
        }
        assertGuarded(path);
        assertFalse(isThere(sidecarOf(other)));
        assertRefused("Bypass.ALLOWED", other, options());
        DirectOptions second =
                options().protection(protection(BESIDE.existing(Existing.UNPROTECTED)));
        open(other, second).close();
        assertFalse(isThere(sidecarOf(other)), "no second sidecar is made");
    }

    @Test
    void dataThatIsRenamedAloneKeepsItsSidecar() throws IOException {
        makeGuarded(path);
        requireAttributes();
        rename(path, other);
        assertGuarded(other);
        try (DirectFile file = open(other, guarded())) {
            file.write(heap(DATA), 0);
        }
        assertGuarded(other);
        assertRefused("Bypass.ALLOWED", other, options());
    }

    @Test
    void dataThatIsRenamedWithItsSidecarKeepsIt() throws IOException {
        makeGuarded(path);
        rename(path, other);
        rename(sidecarOf(path), sidecarOf(other));
        assertGuarded(other);
        assertRefused("Bypass.ALLOWED", other, options());
        try (DirectFile file = open(other, guarded())) {
            file.write(heap(DATA), 0);
        }
        assertGuarded(other);
    }

    @Test
    void aSidecarInAnotherPlaceIsFoundThroughTheTie() throws IOException {
        SidecarOptions named = SidecarOptions.at(other).logSize(SidecarOptions.MIN_LOG);
        try (DirectFile file = open(path, options().createNew().protection(protection(named)))) {
            file.write(heap(DATA), 0);
        }
        requireAttributes();
        assertRefused("Bypass.ALLOWED", path, options());
        assertGuarded(path); // beside it, since the tie says where it is
        Path wrong = place.newPath();
        assertRefused(
                "another sidecar",
                path,
                options().protection(protection(SidecarOptions.at(wrong))));
        assertFalse(isThere(wrong));
    }

    @Test
    void dataWhoseSidecarIsGoneSaysSoUntilItIsForgotten() throws IOException {
        makeGuarded(path);
        requireAttributes();
        remove(sidecarOf(path));
        assertRefused("seal --forget", path, options());
        assertRefused("seal --forget", path, guarded());
        assertRefused("seal --forget", path, guardedReader());
        try (DirectFile file = open(path, readOnly())) {
            assertArrayEquals(DATA, read(file));
            assertEquals(4, file.counts().unverifiedIntervals());
        }
        assertTrue(OnEngine.forget(path, place.engine()));
        assertFalse(OnEngine.forget(path, place.engine()));
        assertArrayEquals(DATA, contents(path));
        open(path, options().protection(protection(BESIDE.existing(Existing.UNPROTECTED)))).close();
    }

    @Test
    void aSidecarThatIsThereIsNotForgotten() throws IOException {
        makeGuarded(path);
        assertSays(
                assertThrows(DirectIoException.class, () -> OnEngine.forget(path, place.engine())),
                "remove it first");
        assertGuarded(path);
    }

    @Test
    void aSidecarThatCannotBeReadIsNotForgotten() throws IOException {
        makeGuarded(path);
        requireAttributes();
        try (DirectFile file = open(sidecarOf(path), options())) {
            file.write(heap(new byte[2 * BLOCK]), 0); // both superblocks
        }
        for (Path name : new Path[] {path, other}) {
            if (name.equals(other)) {
                rename(path, other);
            }
            assertSays(
                    assertThrows(
                            DirectIoException.class, () -> OnEngine.forget(name, place.engine())),
                    "remove it first");
            assertRefused("Bypass.ALLOWED", name, options());
            assertRefused("seal --anew", name, guarded());
        }
    }

    @Test
    void aSidecarWhosePlaceTheDataCannotTellIsNamed() throws IOException {
        Path far = path.resolveSibling("x".repeat(40));
        SidecarOptions named = SidecarOptions.at(far).logSize(SidecarOptions.MIN_LOG);
        try (DirectFile file = open(path, options().createNew().protection(protection(named)))) {
            file.write(heap(DATA), 0);
        }
        requireAttributes();
        assertRefused("name its place", path, options());
        assertRefused("name its place", path, guarded());
        try (DirectFile file = open(path, options().protection(protection(named)))) {
            assertArrayEquals(DATA, read(file));
        }
    }

    @Test
    void aTieThatCameWithACopyBindsNothingAndTheNextWriterRemovesIt() throws IOException {
        makeGuarded(path);
        requireAttributes();
        IoEngine engine = place.engine();
        try (DirectFile file = create(other)) {
            file.write(heap(DATA), 0);
        }
        int from = engine.open(path, OpenFlags.O_RDONLY);
        int to = engine.open(other, OpenFlags.O_RDWR);
        MemorySegment value = arena.allocate(64);
        long size = engine.attribute(from, "user.pinbounce", value);
        assertEquals(0, engine.setAttribute(to, "user.pinbounce", value.asSlice(0, size)));
        assertRefused("has no sidecar", other, guarded());
        try (DirectFile file = open(other, readOnly())) {
            read(file);
            assertEquals(0, file.counts().unverifiedIntervals());
        }
        assertEquals(
                size, engine.attribute(to, "user.pinbounce", value), "a reader changes nothing");
        try (DirectFile file = open(other, options())) {
            file.write(heap(DATA), 0);
        }
        assertEquals(-Errno.ENODATA, engine.attribute(to, "user.pinbounce", value));
        engine.close(from);
        engine.close(to);
        assertGuarded(path);
    }

    @Test
    void aStaleSidecarIsReplacedWhenItsDataIsMadeAnew() throws IOException {
        for (DirectOptions anew :
                new DirectOptions[] {
                    guarded().createNew(), guarded().create(), guarded().create().truncate()
                }) {
            makeGuarded(path);
            remove(path);
            try (DirectFile file = open(path, anew)) {
                assertEquals(0, file.size());
                file.write(heap(DATA), 0);
            }
            assertGuarded(path);
            remove(path);
            remove(sidecarOf(path));
        }
    }

    @Test
    void dataOfAProcessThatWasKilledBeforeTheEndIsRemovedWhenItIsMadeAnew() throws IOException {
        requireFolder();
        makeGuarded(path);
        Path temporary = path.resolveSibling(".pinbounce-0123456789abcdef.tmp");
        rename(path, temporary);
        makeGuarded(path);
        assertGuarded(path);
        assertFalse(isThere(temporary));
    }

    @Test
    void dataThatIsRenamedKeepsTheSidecarWhenOtherDataIsMadeInItsPlace() throws IOException {
        requireFolder();
        makeGuarded(path);
        rename(path, other);
        assertRefused("file that was renamed", path, guarded().createNew());
        rename(other, path);
        assertGuarded(path);
    }

    @Test
    void aFileThatIsNoSidecarIsNotReplaced() throws IOException {
        try (DirectFile file = create(sidecarOf(path))) {
            file.write(heap(DATA), 0);
        }
        assertRefused("no sidecar", path, guarded().createNew());
        assertArrayEquals(DATA, contents(sidecarOf(path)));
        assertFalse(isThere(path));
    }

    @Test
    void aFileThatIsRemovedWhileItIsOpenedIsMadeWithItsSidecarFirst() throws IOException {
        makeGuarded(path);
        boolean[] removed = {false};
        IoEngine slow =
                new HookedEngine(place.engine(), _ -> {}) {
                    @Override
                    public int open(Path name, int flags) {
                        if (name.equals(path) && !removed[0]) {
                            removed[0] = true;
                            remove(path);
                        }
                        return super.open(name, flags);
                    }
                };
        try (DirectFile file = open(path, guarded().create(), slow)) {
            assertEquals(0, file.size());
            file.write(heap(DATA), 0);
        }
        assertTrue(removed[0]);
        assertGuarded(path);
    }

    @Test
    void createNewKeepsAFileThatIsThere() throws IOException {
        makeGuarded(path);
        DirectIoException refused =
                assertThrows(DirectIoException.class, () -> open(path, guarded().createNew()));
        assertEquals(Errno.EEXIST, refused.errno());
        assertGuarded(path);
    }

    @Test
    void aFileThatCannotGetItsNameLeavesNoSidecar() throws IOException {
        IoEngine fails =
                new HookedEngine(place.engine(), _ -> {}) {
                    @Override
                    public int link(int handle, Path name) {
                        return name.equals(path) ? -Errno.ENOSPC : super.link(handle, name);
                    }
                };
        DirectIoException failed =
                assertThrows(
                        DirectIoException.class, () -> open(path, guarded().createNew(), fails));
        assertEquals(Errno.ENOSPC, failed.errno());
        assertFalse(isThere(path));
        assertFalse(isThere(sidecarOf(path)));
        makeGuarded(path);
        assertGuarded(path);
    }

    @Test
    void theSlowerOfTwoMakersGetsTheFileOfTheFaster() throws IOException {
        DirectOptions[] slower = {guarded().createNew(), guarded().create()};
        for (DirectOptions options : slower) {
            Path made = place.newPath();
            IoEngine slow = overtaken(1, () -> makeGuarded(made));
            if (options == slower[0]) {
                assertExists(made, options, slow);
            } else {
                try (DirectFile file = open(made, options, slow)) {
                    assertArrayEquals(DATA, read(file));
                }
            }
            assertGuarded(made);
        }
    }

    @Test
    void aStaleSidecarThatAnotherProcessRemovesMeanwhileIsNotMissed() throws IOException {
        makeGuarded(path);
        remove(path);
        IoEngine slow =
                new HookedEngine(place.engine(), _ -> {}) {
                    @Override
                    public FileStatus status(Path name) {
                        FileStatus found = super.status(name);
                        if (name.equals(sidecarOf(path))) {
                            super.remove(name);
                        }
                        return found;
                    }
                };
        open(path, guarded().createNew(), slow).close();
    }

    @Test
    void noSecondSidecarIsMadeWhileTheFirstIsRenamed() throws IOException {
        makeGuarded(path);
        requireAttributes();
        IoEngine slow =
                new HookedEngine(place.engine(), _ -> {}) {

                    private int looks;

                    @Override
                    public FileStatus status(Path name) {
                        if (name.equals(sidecarOf(path)) && ++looks == 2) {
                            rename(name, sidecarOf(other));
                        }
                        return super.status(name);
                    }
                };
        DirectOptions anew =
                options().protection(protection(BESIDE.existing(Existing.UNPROTECTED)));
        assertSays(
                assertThrows(DirectIoException.class, () -> open(path, anew, slow)),
                "name its place");
        rename(sidecarOf(other), sidecarOf(path));
        assertGuarded(path);
    }

    @Test
    void aPlainFileThatIsMadeMeanwhileKeepsItsNameAndGetsNoSidecar() throws IOException {
        IoEngine slow =
                overtaken(
                        2,
                        () -> {
                            try (DirectFile file = create(path)) {
                                file.write(heap(DATA), 0);
                            }
                        });
        assertExists(path, guarded().createNew(), slow);
        assertFalse(isThere(sidecarOf(path)));
        assertArrayEquals(DATA, contents(path));
    }

    private void assertExists(Path made, DirectOptions options, IoEngine engine) {
        DirectIoException refused =
                assertThrows(DirectIoException.class, () -> open(made, options, engine));
        assertEquals(Errno.EEXIST, refused.errno());
    }

    /** What another process does. */
    private interface Other {

        void run() throws IOException;
    }

    /** An engine that is so slow that another process does something before one of its links. */
    private IoEngine overtaken(int link, Other other) {
        return new HookedEngine(place.engine(), _ -> {}) {

            private int links;

            @Override
            public int link(int handle, Path name) {
                if (++links == link) {
                    try {
                        other.run();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
                return super.link(handle, name);
            }
        };
    }
}
