package io.pinbounce.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.IoService;
import io.pinbounce.OnEngine;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.uring.UringEngine;
import io.pinbounce.testing.IoTest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Base of the contract: tests that hold wherever files are, and run on each place in turn. After
 * each test, all handles must be closed.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("places")
@ExtendWith(RunOnPlaceThread.class)
public abstract class ContractTest extends IoTest {

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit before anything else runs
    Place place;

    private final List<IoService> services = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Supplier<Set<String>> handlesLeft;

    /** Where the fast tests run; integration tests hide this with places of their own. */
    static Stream<Place> places() {
        return Stream.of(
                Place.simulated(512), Place.simulated(4096), Place.folder(Path.of("target")));
    }

    /** The same places, and a real folder whose queues are real rings. */
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
    final void handlesAreClosed() {
        services.forEach(IoService::close);
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

    /** Options for a file that exists. */
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

    /** A file whose contents are read back without pinning. */
    protected final byte[] contents(Path path) throws IOException {
        try (DirectFile file = open(path, options().transfer(Transfer.BOUNCE))) {
            return read(file);
        }
    }
}
