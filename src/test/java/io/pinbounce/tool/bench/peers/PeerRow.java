package io.pinbounce.tool.bench.peers;

import io.pinbounce.tool.bench.Paired;
import io.pinbounce.tool.bench.Ratio;
import io.pinbounce.tool.bench.peers.Measure.Figures;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A row of the table: Pinbounce and a peer, measured in pairs.
 *
 * @param measure what is measured
 * @param ours the part of Pinbounce that is compared
 * @param theirs the peer
 * @param direction of the data
 * @param order of the positions
 * @param size bytes a request
 * @param depth requests at once
 */
record PeerRow(
        Measure measure,
        Contestant ours,
        Contestant theirs,
        Peer.Direction direction,
        Load.Order order,
        int size,
        int depth) {

    static final String HEADER =
            String.format(
                    Locale.ROOT,
                    "%-10s %-5s %-10s %4s %5s %-11s %-23s %9s %9s %8s %8s %6s %6s %6s",
                    "measure",
                    "op",
                    "order",
                    "kib",
                    "depth",
                    "ours",
                    "theirs",
                    "ours",
                    "theirs",
                    "ours-cpu",
                    "their-cpu",
                    "ratio",
                    "low",
                    "high");

    /**
     * How a row came out.
     *
     * @param theirs the peer
     * @param ratio of ours to theirs
     * @param text the row's columns with numbers
     */
    record Outcome(Contestant theirs, Ratio ratio, String text) {}

    boolean matches(Pattern pattern) {
        return pattern.matcher(text()).find();
    }

    /** The columns that say what is compared. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%-10s %-5s %-10s %4d %5d %-11s %-23s",
                lower(measure),
                lower(direction),
                lower(order),
                size >> 10,
                depth,
                ours.text(),
                theirs.text());
    }

    /**
     * Measures.
     *
     * @param path of a file that is filled
     */
    Outcome run(Path path) throws Exception {
        try (Load ourLoad = new Load(path, PeerFile.SIZE, order, size, depth);
                Load theirLoad = new Load(path, PeerFile.SIZE, order, size, depth);
                Peer our = ours.open(ourLoad);
                Peer their = theirs.open(theirLoad)) {
            Paired<Figures> paired = measure.pairs(our, their, direction, size);
            Ratio ratio = paired.ratio(Figures::value);
            String text =
                    String.format(
                            Locale.ROOT,
                            "%9.1f %9.1f %8.2f %8.2f %6.3f %6.3f %6.3f",
                            Paired.median(paired.ours(), Figures::value),
                            Paired.median(paired.theirs(), Figures::value),
                            Paired.median(paired.ours(), Figures::cpuMicros),
                            Paired.median(paired.theirs(), Figures::cpuMicros),
                            ratio.median(),
                            ratio.low(),
                            ratio.high());
            return new Outcome(theirs, ratio, text);
        }
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
