package io.pinbounce.tool.cli;

import io.pinbounce.DirectQueue;
import io.pinbounce.tool.scratch.ScratchTarget;
import io.pinbounce.tool.torture.Torture;
import io.pinbounce.tool.torture.TorturePlan;
import io.pinbounce.tool.torture.TortureProgress;
import io.pinbounce.tool.torture.TortureReport;
import io.pinbounce.tool.torture.WorkingSet;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** {@code pinbounce torture}: shows that bouncing holds where pinning tears. */
@Command(
        name = "torture",
        description = {
            "Shows on a real target that bouncing holds where pinning tears.",
            "",
            "Memory is changed while the disk reads or writes it, and every operation is verified"
                    + " against protection information. PIN is the control: it must tear. BOUNCE"
                    + " and AUTO must not. One operation at a time is a blocking call; more are"
                    + " in flight together on io_uring, or on threads where that is forbidden."
                    + " In the unguarded cases the target itself is the judge, if it checks what"
                    + " it is given: BOUNCE and AUTO must never be refused, PIN may.",
            ""
        })
final class TortureCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ScratchOptions scratch = new ScratchOptions();

    @Mixin private TortureOptions options = new TortureOptions();

    @Mixin private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws IOException {
        TorturePlan plan = options.plan();
        Torture torture = new Torture(plan);
        try (StopOnSignal _ = StopOnSignal.calls(torture::stop);
                DirectQueue queue = plan.openQueue();
                ScratchTarget target = scratch.target("pinbounce-torture-");
                WorkingSet set = WorkingSet.open(target)) {
            return run(torture, new TortureSetting(plan, target, set, queue));
        } catch (CancellationException e) {
            return ExitStatus.INCONCLUSIVE; // the JVM, told to end by a signal, has its own status
        }
    }

    private int run(Torture torture, TortureSetting setting) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        String repeat = repeat(setting.plan());
        TortureText text = new TortureText(out, ansi, repeat);
        if (!output.isJson()) {
            text.header(setting);
        }
        TortureReport report;
        try (TortureLine line = new TortureLine(spec.commandLine().getErr())) {
            report =
                    torture.run(
                            setting.set(),
                            setting.queue(),
                            StandardStream.ERROR.isTerminal() ? line : silent());
        }
        if (output.isJson()) {
            out.println(TortureJson.of(report, setting));
        } else {
            text.result(report);
        }
        out.flush();
        output.writeFiles(
                () -> TortureCsv.of(report), () -> TorturePage.of(report, setting, repeat));
        return status(report.verdict());
    }

    static int status(TortureReport.Verdict verdict) {
        return switch (verdict) {
            case PASS -> ExitStatus.OK;
            case FAIL -> ExitStatus.FAILURE_FOUND;
            case INCONCLUSIVE -> ExitStatus.INCONCLUSIVE;
        };
    }

    private static TortureProgress silent() {
        return (soFar, left) -> {};
    }

    /** The command line that was typed, with the seed if it was drawn. */
    private String repeat(TorturePlan plan) {
        List<String> words = new ArrayList<>();
        words.add("pinbounce");
        for (String word : spec.root().commandLine().getParseResult().originalArgs()) {
            words.add(ShellWord.quote(word));
            if (word.equals(spec.name()) && !options.hasSeed() && words.size() == 2) {
                words.add("--seed " + plan.seed());
            }
        }
        return String.join(" ", words);
    }
}
