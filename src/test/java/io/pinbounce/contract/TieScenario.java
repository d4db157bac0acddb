package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.Sidecars;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.testing.Command;
import io.pinbounce.testing.IoTest;
import io.pinbounce.testing.Sentence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Base of tests that move guarded data with the tools of the system. Each assertion about data asks
 * all four that may open it: a reader and a writer, with the data's protection and without.
 */
abstract class TieScenario extends IoTest {

    static final int BLOCK = 4096;

    static final byte[] DATA = bytes(1, 3 * BLOCK + 5);

    private static final long INTERVALS = 4;

    private static final SidecarOptions BESIDE =
            SidecarOptions.beside().logSize(SidecarOptions.MIN_LOG);

    static Path sidecarOf(Path data) {
        return BESIDE.pathFor(data);
    }

    final DirectOptions reader() {
        return DirectOptions.readOnly().bouncePool(pool).directIo(DirectIo.PREFERRED);
    }

    final DirectOptions writer() {
        return DirectOptions.readWrite().bouncePool(pool).directIo(DirectIo.PREFERRED);
    }

    static Protection guard() {
        return guard(BESIDE);
    }

    static Protection guard(SidecarOptions sidecar) {
        return Protection.t10(BLOCK).sidecar(sidecar);
    }

    /** Makes the data that all other calls expect. */
    final void makeGuarded(Path data) throws IOException {
        makeGuarded(data, writer().protection(guard()).createNew());
    }

    static void makeGuarded(Path data, DirectOptions options) throws IOException {
        try (DirectFile file = DirectFile.open(data, options)) {
            file.write(heap(DATA), 0);
            file.force();
        }
    }

    /** The data has its sidecar. */
    final void assertGuarded(Path data) throws IOException {
        assertGuarded(data, guard());
    }

    final void assertGuarded(Path data, Protection protection) throws IOException {
        assertReads(data, reader().protection(protection), 0);
        assertReads(data, reader(), INTERVALS);
        refused(data, writer(), "Bypass.ALLOWED");
        assertWrites(data, writer().protection(protection));
        assertReads(data, reader().protection(protection), 0);
    }

    /** The data has no sidecar, whatever it had where it came from; it is plain data. */
    final void assertPlain(Path data) throws IOException {
        boolean tied = isTied(data);
        refused(data, reader().protection(guard()), "there is no sidecar");
        assertReads(data, reader(), 0);
        refused(data, writer().protection(guard()), "pinbounce seal");
        assertEquals(tied, isTied(data), "what binds nothing stays until it is written");
        assertWrites(data, writer());
        assertFalse(isTied(data), "a writer removes what binds nothing");
        assertFalse(Files.exists(sidecarOf(data)), "a sidecar was made");
    }

    /** Data and sidecar came together, or one of them came back, and are taken for a pair again. */
    final void assertAdopted(Path data) throws IOException {
        boolean tied = isTied(data);
        refused(data, reader().protection(guard()), "verify --adopt");
        assertReads(data, reader(), 0);
        refused(data, writer().protection(guard()), "verify --adopt");
        assertEquals(tied, isTied(data), "what binds nothing stays until it is written");
        DirectFile.open(data, writer()).close();
        assertFalse(isTied(data), "a writer removes what binds nothing");
        Sidecars.adopt(data, sidecarOf(data));
        assertGuarded(data);
    }

    /** The data is tied to a sidecar that is not there. */
    final void assertSidecarGone(Path data) throws IOException {
        refused(data, reader().protection(guard()), "seal --forget");
        assertReads(data, reader(), INTERVALS);
        refused(data, writer().protection(guard()), "seal --forget");
        refused(data, writer(), "seal --forget");
        assertTrue(isTied(data));
    }

    static void assertReads(Path data, DirectOptions options, long unverified) throws IOException {
        try (DirectFile file = DirectFile.open(data, options)) {
            assertArrayEquals(DATA, read(file, 0, DATA.length));
            assertEquals(unverified, file.counts().unverifiedIntervals());
        }
    }

    static void assertWrites(Path data, DirectOptions options) throws IOException {
        try (DirectFile file = DirectFile.open(data, options)) {
            file.write(heap(DATA), 0);
        }
    }

    static DirectIoException refused(Path data, DirectOptions options, String reason) {
        DirectIoException e =
                assertThrows(DirectIoException.class, () -> DirectFile.open(data, options).close());
        String message = Sentence.of(e);
        assertTrue(message.contains(reason), message);
        return e;
    }

    /** Nothing but this is in a folder. */
    static void assertHas(Path folder, String... names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    Set.of(names),
                    files.map(file -> String.valueOf(file.getFileName()))
                            .collect(Collectors.toSet()));
        }
    }

    final boolean isTied(Path data) {
        return attribute(data) > 0;
    }

    final boolean keepsAttributes(Path file) {
        return attribute(file) != -Errno.EOPNOTSUPP;
    }

    private long attribute(Path file) {
        IoEngine engine = IoEngine.blocking();
        int handle = engine.open(file, OpenFlags.O_RDONLY);
        assertTrue(handle >= 0, "open: " + handle);
        long size = engine.attribute(handle, "user.pinbounce", arena.allocate(64));
        engine.close(handle);
        return size;
    }

    static void run(Object... command) {
        String[] words = Stream.of(command).map(Object::toString).toArray(String[]::new);
        Command done = Command.run(words);
        assertEquals(0, done.status(), done::toString);
    }
}
