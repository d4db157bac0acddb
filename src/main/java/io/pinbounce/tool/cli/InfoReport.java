package io.pinbounce.tool.cli;

import io.pinbounce.SidecarInfo;
import io.pinbounce.pi.PiContext;
import io.pinbounce.tool.scrub.ScrubTarget;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code info} says: a table for people, a map for programs.
 *
 * @param info what the sidecar says
 * @param tie what ties the data to it
 */
record InfoReport(SidecarInfo info, ScrubTarget.Tie tie) {

    private static final int PAGE = 4096;

    /** The JSON object. */
    Map<String, @Nullable Object> json() {
        PiContext context = info.context();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sidecar", info.path().toString());
        json.put("version", info.version());
        json.put("identity", info.identity());
        json.put("format", FormatName.of(context.format()));
        json.put("type", context.type());
        json.put("interval", context.interval());
        json.put("mode", info.mode());
        json.put("clean", info.clean());
        json.put("device", info.device());
        json.put("volume", info.volume());
        json.put("inode", info.inode());
        json.put("tie", tie);
        json.put("length", info.length());
        json.put("logSize", info.logSize());
        json.put("liveGroups", info.liveGroups());
        json.put("tuplePages", info.tuplePages());
        json.put("protected", info.protectedIntervals());
        json.put("unprotected", info.unprotectedIntervals());
        json.put("damaged", info.damagedIntervals());
        json.put("lost", info.lostIntervals());
        json.put("sidecarDamage", info.damage());
        return json;
    }

    /** One block of lines. */
    String table() {
        PiContext context = info.context();
        StringBuilder table = new StringBuilder("%s%n".formatted(Printable.of(info.path())));
        ProbeReport.line(table, "identity", info.identity() + ", format " + info.version());
        ProbeReport.line(table, "data", data());
        ProbeReport.line(table, "tie", tied());
        ProbeReport.line(
                table,
                "guards",
                "%s for every %s, %s"
                        .formatted(
                                FormatName.of(context.format()),
                                ProbeReport.size(context.interval()),
                                context.type()));
        ProbeReport.line(table, "mode", info.mode().name().toLowerCase(Locale.ROOT));
        ProbeReport.line(
                table,
                "state",
                info.clean()
                        ? "clean: it was closed in order"
                        : "to be recovered: it was not closed in order, or is in use");
        ProbeReport.line(
                table,
                "log",
                "%s, %s to be looked at"
                        .formatted(
                                ProbeReport.size(info.logSize()),
                                Figures.count(info.liveGroups(), "group")));
        ProbeReport.line(
                table,
                "tuple pages",
                "%s (%s)"
                        .formatted(
                                Figures.number(info.tuplePages()),
                                Figures.bytes(info.tuplePages() * PAGE)));
        count(table, "protected", info.protectedIntervals());
        count(table, "unprotected", info.unprotectedIntervals());
        count(table, "damaged", info.damagedIntervals());
        count(table, "tuple lost", info.lostIntervals());
        if (info.damage().isEmpty()) {
            ProbeReport.line(table, "sidecar damage", "none");
        }
        info.damage().forEach(damage -> ProbeReport.line(table, "sidecar damage", damage));
        return table.toString();
    }

    private String data() {
        String size = Figures.bytes(info.length()) + ", ";
        return info.device()
                ? size + "block device " + info.volume()
                : size + "inode " + info.inode() + " of volume " + info.volume();
    }

    private String tied() {
        return switch (tie) {
            case ATTRIBUTE -> "an attribute of the data";
            case NAME -> "its name alone; the next writer adds an attribute to the data";
            case NAME_ONLY -> "its name alone, since the data can have no attribute";
            case NONE -> "none: the data is not there, or is not that of the sidecar";
        };
    }

    private static void count(StringBuilder table, String label, long intervals) {
        ProbeReport.line(table, label, Figures.count(intervals, "interval"));
    }
}
