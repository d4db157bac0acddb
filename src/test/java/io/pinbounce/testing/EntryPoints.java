package io.pinbounce.testing;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Host;
import io.pinbounce.IoService;
import io.pinbounce.Sidecars;
import io.pinbounce.buffer.BouncePool;
import io.pinbounce.buffer.PinnedArena;
import io.pinbounce.pi.Pi;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A program that comes into the library by each of its doors, each twice, and prints what it met
 * there: {@code name: } and an exception, or {@code ok}.
 */
public final class EntryPoints {

    private static final int INTERVAL = 4096;

    private EntryPoints() {}

    public static void main(String[] args) {
        Host.warmUp();
        Path path = Path.of("/dev/null");
        Map<String, Callable<?>> doors = new LinkedHashMap<>();
        doors.put("pi", EntryPoints::guard);
        doors.put("DirectFile.open", () -> DirectFile.open(path, DirectOptions.readOnly()));
        doors.put("DirectFile.probe", () -> DirectFile.probe(path));
        doors.put("DirectQueue.open", () -> DirectQueue.open(1));
        doors.put("IoService.open", () -> IoService.open(1, 1, Engine.AUTO));
        doors.put("IoService.shared", IoService::shared);
        doors.put("PinnedArena.ofShared", PinnedArena::ofShared);
        doors.put("PinnedArena.ofConfined", PinnedArena::ofConfined);
        doors.put("BouncePool", () -> new BouncePool(1 << 20, 1 << 20));
        doors.put("BouncePool.shared", BouncePool::shared);
        doors.put("DirectOptions", DirectOptions::readOnly);
        doors.put("Sidecars.info", () -> Sidecars.info(path));
        doors.put("Host.probe", Host::probe);
        for (int round = 0; round < 2; round++) {
            doors.forEach(EntryPoints::enter);
        }
        System.exit(0); // rings that were opened need no other end
    }

    private static void enter(String name, Callable<?> door) {
        try {
            door.call();
            System.out.println(name + ": ok");
        } catch (Throwable t) {
            System.out.println(name + ": " + t);
        }
    }

    /** Guards blocks on and off the heap, in all formats. */
    private static long guard() {
        for (PiFormat format : PiFormat.values()) {
            PiContext context = PiContext.of(format, INTERVAL);
            MemorySegment data = MemorySegment.ofArray(new byte[2 * INTERVAL]);
            MemorySegment tuples = MemorySegment.ofArray(new byte[2 * context.metadataSize()]);
            Pi.generate(context, data, tuples, 0);
            data.set(ValueLayout.JAVA_BYTE, INTERVAL, (byte) 1);
            if (Pi.verify(context, data, tuples, 0).size() != 1) {
                throw new IllegalStateException("a change was not found, format=" + format);
            }
        }
        return 0;
    }
}
