package io.pinbounce.tool.cli;

import io.pinbounce.Geometry;
import io.pinbounce.tool.bench.BenchPlan;
import io.pinbounce.tool.bench.BenchTarget;
import io.pinbounce.tool.bench.Column;
import io.pinbounce.tool.bench.Machine;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a reader needs to know to judge the figures: the lines of a header. */
final class BenchFacts {

    private BenchFacts() {}

    /** A line each, in order. */
    static Map<String, String> of(Machine machine, BenchTarget target, BenchPlan plan) {
        Geometry geometry = target.geometry();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "target",
                "%s (%s, the first %s)"
                        .formatted(
                                Printable.of(target.path()),
                                geometry.fileSystem(),
                                ProbeReport.size(target.span())));
        String queues = Machine.queues(geometry.device());
        facts.put(
                "device",
                geometry.device().isEmpty()
                        ? "unknown"
                        : geometry.device() + (queues.isEmpty() ? "" : " (" + queues + ")"));
        facts.put("direct I/O", geometry.directIo() + ", because " + geometry.directIoReason());
        facts.put(
                "geometry",
                "memory %s, read %s, write %s, block %s, largest transfer %s"
                        .formatted(
                                ProbeReport.size(geometry.memoryAlignment()),
                                ProbeReport.size(geometry.readAlignment()),
                                ProbeReport.size(geometry.writeAlignment()),
                                ProbeReport.size(geometry.logicalBlock()),
                                ProbeReport.size(geometry.largestTransfer())));
        facts.put("engine", target.engine() + ", because " + target.engineReason());
        if (plan.columns().contains(Column.JOURNAL)) {
            facts.put("sidecar", target.sidecar().toString());
        }
        facts.put("kernel", "Linux " + machine.kernel() + ", Java " + machine.java());
        facts.put(
                "processor",
                "%s, %s, %s, load %.2f"
                        .formatted(
                                machine.processor(),
                                Figures.count(machine.processors(), "processor"),
                                Figures.bytes(machine.memoryBytes()),
                                machine.load()));
        facts.put("guards", machine.guards());
        if (!machine.features().isEmpty()) {
            facts.put("features", String.join(" ", machine.features()));
        }
        facts.put(
                "plan",
                "%d in flight, %d rounds, %s"
                        .formatted(plan.depth(), plan.rounds(), Figures.time(plan.total())));
        return facts;
    }
}
