package io.pinbounce.tool.cli;

import io.pinbounce.SidecarInfo;
import io.pinbounce.SidecarOptions.Identity;
import io.pinbounce.tool.scrub.Scrub;
import io.pinbounce.tool.scrub.ScrubReport;
import io.pinbounce.tool.scrub.ScrubReport.Verdict;
import io.pinbounce.tool.scrub.ScrubTarget;
import io.pinbounce.tool.scrub.ScrubTarget.Adoption;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code pinbounce verify}: whether data is as it was written. */
@Command(
        name = "verify",
        description = {
            "Reads all of a file or device and holds it against its sidecar.",
            "",
            "Every interval that is not as it was written is listed, and ends it with status 1."
                    + " Intervals that were never protected are counted, and are no damage. Nothing"
                    + " is changed.",
            ""
        })
final class VerifyCommand implements Callable<Integer> {

    /** However much is bad, it has to fit into memory. */
    private static final int MOST_IN_JSON = 100_000;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private TargetOptions named = new TargetOptions();

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "" + Scrub.DEPTH,
            description = "Requests of 1 MiB in flight. Default: ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--adopt",
            description =
                    "Verify data that the sidecar was not made for, such as a copy or a restored"
                            + " file; if it is clean, the sidecar takes it for its own from then"
                            + " on.")
    private boolean adopt;

    @Option(
            names = "--damaged",
            description =
                    "With --adopt: also data that was found damaged, made longer or shorter. It"
                            + " stays damaged until it is resealed or rewritten.")
    private boolean damaged;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Bad intervals to print at the most. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (limit < 0) {
            throw new IllegalArgumentException("--limit is 0 or more, limit=" + limit);
        }
        if (damaged && !adopt) {
            throw new IllegalArgumentException("--damaged is of use with --adopt alone");
        }
        ScrubTarget target = named.target();
        SidecarInfo info = target.info();
        Scrub scrub = new Scrub(info.context().interval(), json ? MOST_IN_JSON : limit);
        // Open until all is printed: a signal waits for that.
        try (StopOnSignal _ = StopOnSignal.calls(scrub::stop)) {
            ScrubReport report = run(scrub, target, info);
            Adoption adoption = damaged ? Adoption.DAMAGED : Adoption.CLEAN;
            boolean adopted = adopt && target.adopt(report, adoption);
            print(target, info, report, adopted);
            return status(report.verdict());
        }
    }

    private ScrubReport run(Scrub scrub, ScrubTarget target, SidecarInfo info) throws IOException {
        Identity identity = adopt ? Identity.ANY : Identity.CHECKED;
        try (ScrubLine line = new ScrubLine(spec.commandLine().getErr())) {
            return target.scrub(scrub, info, identity, depth, line);
        }
    }

    private void print(ScrubTarget target, SidecarInfo info, ScrubReport report, boolean adopted)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(VerifyJson.of(target, report, adopt ? adopted : null));
        } else {
            VerifyText text =
                    new VerifyText(out, spec.commandLine().getColorScheme().ansi(), named);
            text.notes(info, target);
            text.findings(report);
            text.verdict(report);
            if (adopt) {
                text.adoption(target, report, adopted);
            }
            if (!adopt || report.verdict() == Verdict.CLEAN) {
                text.advice(report);
            }
        }
        out.flush();
    }

    static int status(Verdict verdict) {
        return switch (verdict) {
            case CLEAN -> ExitStatus.OK;
            case DAMAGED -> ExitStatus.FAILURE_FOUND;
            case UNFINISHED -> ExitStatus.INCONCLUSIVE; // a signal has its own status
        };
    }
}
