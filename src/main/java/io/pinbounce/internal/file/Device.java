package io.pinbounce.internal.file;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.DeviceNumber;
import io.pinbounce.internal.linux.Log;

import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What all files on one device, and the device itself, share: whether the device was found to need
 * stable pages. The process remembers it until it ends, whatever is open.
 */
public final class Device {

    /**
     * One entry for each device that was ever opened; entries of a simulated engine end with it.
     */
    private static final Map<IoEngine, Map<Long, Device>> KNOWN = new WeakHashMap<>();

    private final DeviceNumber number;

    private volatile boolean needsStablePages;

    private Device(DeviceNumber number) {
        this.number = number;
    }

    /**
     * Finds a device.
     *
     * @param engine the engine that has a file open on the device
     * @param number {@code st_rdev} of the device, or {@code st_dev} of a file on it
     */
    public static Device of(IoEngine engine, long number) {
        synchronized (KNOWN) {
            return KNOWN.computeIfAbsent(engine, _ -> new HashMap<>())
                    .computeIfAbsent(number, n -> new Device(DeviceNumber.of(n)));
        }
    }

    /**
     * Whether the device refused memory and then accepted a copy of it, though no layer had
     * reported the need.
     */
    public boolean needsStablePages() {
        return needsStablePages;
    }

    /**
     * Remembers that the device refused memory and then accepted a copy of it.
     *
     * @param call the write that was refused
     */
    public void tookCopy(Call call) {
        if (!needsStablePages) {
            needsStablePages = true;
            Log.say(
                    System.Logger.Level.WARNING,
                    "a pinned write was refused (EILSEQ), and its copy was taken: the device needs"
                            + " stable pages, and Transfer.AUTO bounces there from now on;"
                            + (" device=" + number + " " + call));
        }
    }
}
