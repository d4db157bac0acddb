package io.pinbounce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pinbounce.SidecarOptions.Mode;
import io.pinbounce.internal.engine.PowerCut.Mood;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.testing.Seed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Forces by files that are open for reading, on a disk that loses all that was not forced. */
@Timeout(60)
final class ReaderForceTest {

    private static final Path DATA = Path.of("/disk/data");

    private static final int INTERVAL = 4096;

    private final Random random = new Random(Seed.value());

    private final byte[] expected = new byte[5 * INTERVAL + 1000];

    private SimulatedEngine engine = new SimulatedEngine(512, 512);

    /** How a program may ask for a force. */
    enum Way {
        BLOCKING,
        QUEUED,
        ASYNCHRONOUS
    }

    /** What keeps the tuples. */
    enum Store {
        NO_PROTECTION,
        MEMORY,
        JOURNAL,
        NONE;

        Protection protection() {
            return switch (this) {
                case NO_PROTECTION -> Protection.none();
                case MEMORY -> Protection.t10(INTERVAL).memory();
                case JOURNAL -> sidecar(Mode.JOURNAL);
                case NONE -> sidecar(Mode.NONE);
            };
        }

        boolean survives() {
            return protection().sidecar() != null;
        }
    }

    record Case(Store store, Way way, Durability durability) {}

    private static Protection sidecar(Mode mode) {
        return Protection.t10(INTERVAL)
                .sidecar(SidecarOptions.beside().mode(mode).logSize(SidecarOptions.MIN_LOG));
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Store store : Store.values()) {
            for (Way way : Way.values()) {
                for (Durability durability : Durability.values()) {
                    cases.add(new Case(store, way, durability));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatAClosedWriterLeftIsDurable(Case one) throws IOException {
        try (DirectFile writer = open(DirectOptions.readWrite().create(), one.store)) {
            write(writer);
        }
        DirectOptions options = DirectOptions.readOnly().durability(one.durability);
        try (IoService service = IoService.open(1, 2, Engine.AUTO, engine);
                DirectFile reader = open(options.ioService(service), one.store)) {
            force(reader, one.way);
            force(reader, one.way);
        }
        cut();
        assertAllThere(one.store);
    }

    /** The tuples are the inode's: a file that forces the data need not know that there are any. */
    @ParameterizedTest
    @EnumSource
    void whatAnOpenWriterHasWrittenIsDurableThroughAnUnprotectedReader(Store store)
            throws IOException {
        DirectFile writer = open(DirectOptions.readWrite().create(), store);
        write(writer);
        try (DirectFile reader = open(DirectOptions.readOnly(), Store.NO_PROTECTION)) {
            force(reader, Way.BLOCKING);
        }
        cutWhileOpen(writer);
        assertAllThere(store);
    }

    @ParameterizedTest
    @EnumSource
    void whatAWriterLeftBehindIsDurableThroughAReaderThatIsStillOpen(Store store)
            throws IOException {
        DirectFile writer = open(DirectOptions.readWrite().create(), store);
        DirectFile reader = open(DirectOptions.readOnly(), store);
        write(writer);
        writer.close();
        force(reader, Way.BLOCKING);
        cutWhileOpen(reader);
        assertAllThere(store);
    }

    /** Cut short anywhere: all that a reader can verify outlives the power once it is forced. */
    @ParameterizedTest
    @EnumSource(names = {"JOURNAL", "NONE"})
    void whatAKilledWriterLeftIsDurableAsFarAsItCanBeRead(Store store) throws IOException {
        boolean survived = false;
        for (int call = 1; !survived; call++) {
            engine = new SimulatedEngine(512, 512);
            try (DirectFile writer = open(DirectOptions.readWrite().create(), store)) {
                writer.write(MemorySegment.ofArray(new byte[expected.length]), 0);
            }
            DirectFile writer = open(DirectOptions.readWrite(), store);
            engine.disk().killAt(call, random);
            survived = writesAndCloses(writer);
            engine.disk().keepPower();
            engine = survived ? engine : engine.restart();
            byte[] seen;
            DirectFile reader = open(DirectOptions.readOnly(), store);
            try {
                seen = read(reader);
            } catch (ProtectionException _) {
                seen = new byte[0]; // mode NONE, between data and tuples
            }
            force(reader, Way.BLOCKING);
            cutWhileOpen(reader);
            if (seen.length > 0) {
                try (DirectFile file = open(DirectOptions.readOnly(), store)) {
                    assertArrayEquals(seen, read(file), "call=" + call);
                }
            }
        }
    }

    /** The disk does lose what is not forced: without the force, the test above must fail. */
    @Test
    void canaryDataThatWasNotForcedIsLost() throws IOException {
        try (DirectFile writer = open(DirectOptions.readWrite().create(), Store.NO_PROTECTION)) {
            write(writer);
        }
        cut();
        assertThrows(AssertionError.class, () -> assertAllThere(Store.NO_PROTECTION));
    }

    private boolean writesAndCloses(DirectFile writer) {
        try (writer) {
            write(writer);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private DirectFile open(DirectOptions options, Store store) throws IOException {
        return DirectFile.open(DATA, options.protection(store.protection()), engine);
    }

    private void write(DirectFile writer) throws IOException {
        random.nextBytes(expected);
        writer.write(MemorySegment.ofArray(expected), 0);
    }

    private static byte[] read(DirectFile file) throws IOException {
        byte[] bytes = new byte[(int) file.size()];
        file.read(MemorySegment.ofArray(bytes), 0);
        assertEquals(0, file.counts().unverifiedIntervals());
        return bytes;
    }

    private void force(DirectFile file, Way way) throws IOException {
        switch (way) {
            case BLOCKING -> file.force();
            case QUEUED -> {
                try (DirectQueue queue = DirectQueue.open(1, Engine.AUTO, engine)) {
                    queue.force(file, 1);
                    queue.await(1, Completion::bytes);
                }
            }
            case ASYNCHRONOUS -> file.forceAsync().join();
        }
    }

    private void cut() {
        engine.disk().powerCut(Mood.NOTHING, random);
        engine = engine.restart();
    }

    private void cutWhileOpen(DirectFile file) {
        engine.disk().powerCut(Mood.NOTHING, random);
        assertThrows(IOException.class, file::close);
        engine = engine.restart();
    }

    private void assertAllThere(Store store) throws IOException {
        Store after = store.survives() ? store : Store.NO_PROTECTION;
        try (DirectFile file = open(DirectOptions.readOnly(), after)) {
            assertArrayEquals(expected, read(file));
        }
    }
}
