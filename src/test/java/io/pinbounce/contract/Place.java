package io.pinbounce.contract;

import io.pinbounce.DirectIo;
import io.pinbounce.IoService;
import io.pinbounce.OnEngine;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.engine.SimulatedEngine;
import io.pinbounce.internal.uring.UringEngine;
import io.pinbounce.testing.OwnDescriptors;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where a test keeps its files: an engine, and names of files on it. */
public abstract class Place implements AutoCloseable {

    private final String name;

    private final IoEngine engine;

    private final Path folder;

    private int paths;

    private ThreadFactory threads = Thread.ofPlatform().daemon().factory();

    private @Nullable IoService service;

    Place(String name, IoEngine engine, Path folder) {
        this.name = name;
        this.engine = engine;
        this.folder = folder;
    }

    /** A disk in memory. */
    static Place simulated(int block) {
        SimulatedEngine engine = new SimulatedEngine(512, block);
        return new Place("simulated disk of " + block + "-byte blocks", engine, Path.of("/disk")) {
            @Override
            public Supplier<Set<String>> watchHandles() {
                int before = engine.openHandles();
                return () -> {
                    int now = engine.openHandles();
                    return now == before ? Set.of() : Set.of("before=" + before + " now=" + now);
                };
            }

            @Override
            public DirectIo directIo() {
                return DirectIo.REQUIRED;
            }
        };
    }

    /** A new folder in another one, on the file system of that. */
    public static Place folder(Path parent) {
        return new RealFolder(parent.toString(), parent);
    }

    /** Where transfers go through rings, since all tests run on virtual threads. */
    static Stream<Place> onVirtualThreads() {
        return Stream.of(
                simulated(512).withVirtualThreads(),
                new RealFolder("target by io_uring", Path.of("target"), UringEngine.system())
                        .withVirtualThreads());
    }

    Place withVirtualThreads() {
        threads = Thread.ofVirtual().factory();
        return this;
    }

    /** What makes the threads that tests run on. */
    ThreadFactory threads() {
        return threads;
    }

    /** The service that moves data for asynchronous calls and for virtual threads. */
    public IoService service() {
        if (service == null) {
            service = OnEngine.service(engine);
        }
        return service;
    }

    /** The engine that reaches this place. */
    public IoEngine engine() {
        return engine;
    }

    /** A name that no file has yet. */
    public Path newPath() {
        return folder.resolve("file" + paths++);
    }

    /** Tells which handles were opened since this call, here and for rings, and are open still. */
    public abstract Supplier<Set<String>> watchHandles();

    /** What to ask for here. */
    public abstract DirectIo directIo();

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** A temporary folder, removed with all that is in it. */
    static class RealFolder extends Place {

        private final Path folder;

        RealFolder(String name, Path parent) {
            this(name, parent, IoEngine.blocking());
        }

        RealFolder(String name, Path parent, IoEngine engine) {
            this(make(parent), name, engine);
        }

        private RealFolder(Path folder, String name, IoEngine engine) {
            super(name, engine, folder);
            this.folder = folder;
        }

        private static Path make(Path parent) {
            try {
                return Files.createTempDirectory(parent, "place");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Supplier<Set<String>> watchHandles() {
            return OwnDescriptors.watch(folder)::left;
        }

        @Override
        public DirectIo directIo() {
            return DirectIo.PREFERRED; // the project may be cloned to any file system
        }

        @Override
        public void close() {
            super.close();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
