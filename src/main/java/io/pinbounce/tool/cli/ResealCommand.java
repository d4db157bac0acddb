package io.pinbounce.tool.cli;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.SidecarInfo;
import io.pinbounce.SidecarOptions;
import io.pinbounce.tool.scrub.Ending;
import io.pinbounce.tool.scrub.IntervalRange;
import io.pinbounce.tool.scrub.Scrub;
import io.pinbounce.tool.scrub.ScrubReport;
import io.pinbounce.tool.scrub.ScrubTarget;
import io.pinbounce.tool.scrub.SealReport;
import io.pinbounce.tool.scrub.Sealing;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code pinbounce reseal}: takes intervals for good as they are, damaged ones above all. */
@Command(
        name = "reseal",
        description = {
            "Accepts what is on the disk for some intervals, and protects it as it is.",
            "",
            "That they were damaged is forgotten then, so what is known of them is shown first.",
            ""
        })
final class ResealCommand implements Callable<Integer> {

    /** Bad intervals that are shown. */
    private static final int MOST = 20;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private TargetOptions named = new TargetOptions();

    @Option(
            names = "--interval",
            paramLabel = "A[..B]",
            required = true,
            converter = IntervalNumbers.class,
            description = "Number of the interval, or of the first and the last of several.")
    private IntervalRange intervals = new IntervalRange(0, 0);

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        ScrubTarget target = named.target();
        SidecarInfo info = target.info();
        ScrubReport known = scrub(target, info);
        if (known.ending() == Ending.STOPPED) {
            return ExitStatus.INCONCLUSIVE; // a signal, which has its own status
        }
        requireAllThere(known);
        show(known);
        if (!yes && !Question.ask(spec, "Accept what is on the disk, as it is?")) {
            return ExitStatus.UNUSABLE;
        }
        return seal(target, info);
    }

    private ScrubReport scrub(ScrubTarget target, SidecarInfo info) throws IOException {
        Scrub scrub = new Scrub(info.context().interval(), MOST);
        try (StopOnSignal _ = StopOnSignal.calls(scrub::stop);
                ScrubLine line = new ScrubLine(spec.commandLine().getErr())) {
            return target.scrub(scrub, info, intervals, line);
        }
    }

    private void show(ScrubReport known) {
        PrintWriter out = spec.commandLine().getOut();
        new VerifyText(out, spec.commandLine().getColorScheme().ansi(), named).findings(known);
        out.printf(
                "interval %s: %s bad, %s unreadable, %s unprotected, %s clean%n",
                intervals,
                Figures.number(known.damaged()),
                Figures.number(known.unreadableIntervals()),
                Figures.number(known.unprotected()),
                Figures.number(known.clean()));
        out.flush();
    }

    private int seal(ScrubTarget target, SidecarInfo info) throws IOException {
        Sealing sealing = new Sealing(info.context().interval(), MOST);
        SidecarOptions options = SidecarOptions.beside().mode(info.mode());
        // Open until all is printed: a signal waits for that.
        try (StopOnSignal _ = StopOnSignal.calls(sealing::stop)) {
            SealReport report;
            try (DirectQueue queue = DirectQueue.open(Scrub.DEPTH);
                    DirectFile file = target.openToSeal(info.context(), options);
                    ScrubLine line = new ScrubLine(spec.commandLine().getErr())) {
                report = sealing.run(file, queue, intervals, line);
            }
            new SealText(spec, named).resealed(report, intervals);
            return SealText.status(report);
        }
    }

    private void requireAllThere(ScrubReport known) {
        if (known.intervals() <= intervals.last() - intervals.first()) {
            throw new IllegalArgumentException(
                    "not all of these intervals are in the data: interval=%s there=%d"
                            .formatted(intervals, known.intervals()));
        }
    }
}
