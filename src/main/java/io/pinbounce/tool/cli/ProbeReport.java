package io.pinbounce.tool.cli;

import io.pinbounce.Geometry;
import io.pinbounce.Host;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code probe} says about one path: a table for people, a map for programs.
 *
 * @param path as it was given
 * @param geometry what direct I/O needs there
 */
record ProbeReport(Path path, Geometry geometry) {

    /** The JSON object for this path; the host's part is the same for all of them. */
    Map<String, @Nullable Object> json(Host host) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("path", path.toString());
        json.put("fileSystem", geometry.fileSystem());
        json.put("device", geometry.device());
        json.put("directIo", geometry.directIo());
        json.put("directIoReason", geometry.directIoReason());
        json.put("memoryAlignment", geometry.memoryAlignment());
        json.put("readAlignment", geometry.readAlignment());
        json.put("writeAlignment", geometry.writeAlignment());
        json.put("logicalBlock", geometry.logicalBlock());
        json.put("physicalBlock", geometry.physicalBlock());
        json.put("preferredTransfer", geometry.preferredTransfer());
        json.put("largestTransfer", geometry.largestTransfer());
        json.put("atomicWriteMinimum", geometry.atomicWriteMinimum());
        json.put("atomicWriteMaximum", geometry.atomicWriteMaximum());
        json.put("stablePages", geometry.stablePages().needed());
        json.put("stablePagesReason", geometry.stablePages().reason());
        json.put("stablePagesLayers", geometry.stablePages().layers());
        json.put("transfer", geometry.recommendedTransfer());
        json.put("transferReason", transferReason());
        json.put("ioUring", host.ioUring());
        json.put("ioUringReason", host.ioUringReason());
        json.put("queueEngine", host.queueEngine());
        json.put("ringFeatures", host.ringFeatures());
        json.put("ringNotes", host.ringNotes());
        json.put("memoryLockLimit", limited(host) ? host.memoryLockLimit() : null);
        json.put("memoryLockReason", host.memoryLockReason());
        json.put("sources", geometry.sources());
        return json;
    }

    /** One block of lines. */
    String table() {
        StringBuilder table = new StringBuilder("%s%n".formatted(Printable.of(path)));
        String device = geometry.device().isEmpty() ? "" : " on " + geometry.device();
        line(table, "file system", geometry.fileSystem() + device);
        line(table, "direct I/O", direct() + ": " + geometry.directIoReason());
        line(
                table,
                "stable pages",
                (geometry.stablePages().needed() ? "needed: " : "not needed: ")
                        + geometry.stablePages().reason());
        geometry.stablePages().layers().forEach(layer -> line(table, "  layer", layer));
        line(table, "transfer", geometry.recommendedTransfer() + ": " + transferReason());
        sourced(table, "memory alignment", geometry.memoryAlignment(), "memoryAlignment");
        sourced(table, "read alignment", geometry.readAlignment(), "readAlignment");
        sourced(table, "write alignment", geometry.writeAlignment(), "writeAlignment");
        sourced(table, "logical block", geometry.logicalBlock(), "logicalBlock");
        sourced(table, "physical block", geometry.physicalBlock(), "physicalBlock");
        sourced(table, "preferred transfer", geometry.preferredTransfer(), "preferredTransfer");
        sourced(table, "largest transfer", geometry.largestTransfer(), "largestTransfer");
        if (geometry.atomicWriteMaximum() > 0) {
            sourced(
                    table,
                    "atomic write from",
                    geometry.atomicWriteMinimum(),
                    "atomicWriteMinimum");
            sourced(
                    table,
                    "atomic write up to",
                    geometry.atomicWriteMaximum(),
                    "atomicWriteMaximum");
        }
        return table.toString();
    }

    /** The block for what does not depend on a path. */
    static String table(Host host) {
        StringBuilder table = new StringBuilder("%s%n".formatted("this process"));
        line(table, "io_uring", (host.ioUring() ? "yes: " : "no: ") + host.ioUringReason());
        line(table, "queue engine", host.queueEngine() + ", for queues and asynchronous calls");
        if (!host.ringFeatures().isEmpty()) {
            line(table, "ring has", String.join(", ", host.ringFeatures()));
        }
        if (host.ioUring()) {
            line(table, "ring lacks", lacks(host));
        }
        line(
                table,
                "memory lock limit",
                (limited(host) ? size(host.memoryLockLimit()) : "none")
                        + (": " + host.memoryLockReason()));
        return table.toString();
    }

    private static String lacks(Host host) {
        return host.ringNotes().isEmpty()
                ? "nothing that it could use"
                : String.join("; ", host.ringNotes());
    }

    private String transferReason() {
        return switch (geometry.recommendedTransfer()) {
            case PIN -> "nothing is lost when the kernel uses the caller's memory itself";
            case BOUNCE, AUTO -> "memory that changes during a request would fail it";
        };
    }

    private String direct() {
        return switch (geometry.directIo()) {
            case DIRECT -> "yes";
            case BUFFERED_WRITES -> "reads only";
            case BUFFERED -> "no";
        };
    }

    private void sourced(StringBuilder table, String label, long bytes, String name) {
        table.append(
                "  %-20s%-14s%s%n".formatted(label, size(bytes), geometry.sources().get(name)));
    }

    /** One line of a table: what it is about, and what there is to say. */
    static void line(StringBuilder table, String label, String text) {
        table.append("  %-20s%s%n".formatted(label, text));
    }

    private static boolean limited(Host host) {
        return host.memoryLockLimit() != Long.MAX_VALUE;
    }

    /** Bytes in the largest unit that keeps their number whole. */
    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        int unit = 0;
        long value = bytes;
        while (value != 0 && value % 1024 == 0 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return value + " " + units[unit];
    }
}
