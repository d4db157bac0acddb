package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.IoService;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.uring.UringEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Base of the contract: tests that hold wherever files are, each run on a place after the other.
 * After each test, everything must have been given back.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("places")
@ExtendWith(OnThreadOfPlace.class)
public abstract class ContractTest {

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit before anything else runs
    Place place;

    /** Small, so that requests are split and slots run short. */
    protected final BouncePool pool = new BouncePool(1 << 20, 1 << 18);

    protected final PinnedArena arena = PinnedArena.ofShared();

    private final List<IoService> services = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Supplier<Set<String>> handlesLeft;

    /** Where the fast tests run; integration tests hide this with places of their own. */
    static Stream<Place> places() {
        return Stream.of(
                Place.simulated(512), Place.simulated(4096), Place.folder(Path.of("target")));
    }

    /** Those, and a real folder whose queues are real rings. */
    static Stream<Place> placesWithRing() {
        return Stream.concat(
                places(),
                Stream.of(
                        new Place.RealFolder(
                                "target by io_uring", Path.of("target"), UringEngine.system())));
    }

    @BeforeEach
    final void watchHandles() {
        place.service(); // it keeps a ring for all tests
        handlesLeft = place.watchHandles();
    }

    @AfterEach
    final void nothingLeaks() {
        services.forEach(IoService::close);
        arena.close();
        assertEquals(0, pool.inUse(), "pool bytes in use");
        pool.close();
        assertEquals(Set.of(), handlesLeft.get(), "open handles");
    }

    protected final DirectOptions options() {
        return DirectOptions.readWrite()
                .bouncePool(pool)
                .directIo(place.directIo())
                .ioService(place.service());
    }

    protected final DirectFile create(Path path) throws IOException {
        return open(path, options().create());
    }

    protected final DirectFile open(Path path, DirectOptions options) throws IOException {
        return OnEngine.file(path, options, place.engine());
    }

    /** The same for a file that is there already. */
    protected final DirectOptions readOnly() {
        return DirectOptions.readOnly()
                .bouncePool(pool)
                .directIo(place.directIo())
                .ioService(place.service());
    }

    /** A file on an engine of the test's own, which gets a service for the time of the test. */
    protected final DirectFile open(Path path, DirectOptions options, IoEngine engine)
            throws IOException {
        IoService service = OnEngine.service(engine);
        services.add(service);
        return OnEngine.file(path, options.ioService(service), engine);
    }

    protected final DirectFile open(Transfer transfer) throws IOException {
        return open(place.newPath(), options().create().transfer(transfer));
    }

    /** Reproducible bytes. */
    protected static byte[] bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    protected final MemorySegment pinned(byte[] bytes) {
        MemorySegment memory = arena.allocate(bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    protected static MemorySegment heap(byte[] bytes) {
        return MemorySegment.ofArray(bytes);
    }

    protected static byte[] read(DirectFile file, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        long count = file.read(heap(bytes), position);
        return Arrays.copyOf(bytes, (int) count);
    }

    public static void assertSays(Throwable e, String text) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(text), message);
    }

    /** A file whose contents are read back without pinning. */
    protected final byte[] contents(Path path) throws IOException {
        try (DirectFile file = open(path, options().transfer(Transfer.BOUNCE))) {
            return read(file, 0, Math.toIntExact(file.size()));
        }
    }
}
