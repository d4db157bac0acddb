package io.pinbounce.tool.cli;

import io.pinbounce.tool.bench.Bench;
import io.pinbounce.tool.bench.BenchPlan;
import io.pinbounce.tool.bench.BenchReport;
import io.pinbounce.tool.bench.Fio;
import io.pinbounce.tool.scratch.ScratchTarget;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** {@code pinbounce bench}: what pinning, bouncing and guarding cost. */
@Command(
        name = "bench",
        description = {
            "Measures what pinning, bouncing and guarding cost on a real target.",
            "",
            "Columns take turns, round by round, and are compared round by round: each ratio comes"
                    + " with an interval that holds the true median with a probability of 95 %%. A"
                    + " column that ran in another way than its name says has no figures, and ends"
                    + " it with status 1.",
            ""
        })
final class BenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ScratchOptions scratch = new ScratchOptions();

    @Mixin private BenchOptions options = new BenchOptions();

    @Mixin private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws IOException {
        BenchPlan plan = options.plan();
        String missing = options.wantsFio() ? Fio.missing() : "";
        if (!missing.isEmpty()) {
            throw new IOException(missing + ", or leave out --fio");
        }
        Bench bench = new Bench(plan);
        try (StopOnSignal _ = StopOnSignal.calls(bench::stop);
                ScratchTarget target = scratch.target("pinbounce-bench-");
                BenchSidecar sidecar = BenchSidecar.of(target.path(), plan)) {
            return run(bench, plan, target, sidecar.path());
        } catch (CancellationException e) {
            return ExitStatus.INCONCLUSIVE; // the JVM, told to end by a signal, has its own status
        }
    }

    private int run(Bench bench, BenchPlan plan, ScratchTarget target, Path sidecar)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String command = ShellWord.line(spec);
        BenchText text = new BenchText(out, spec.commandLine().getColorScheme().ansi());
        BenchReport report;
        try (BenchLine line =
                new BenchLine(
                        spec.commandLine().getErr(), output.isJson() ? null : text, plan, target)) {
            report = bench.run(target.path(), sidecar, line);
        }
        if (output.isJson()) {
            out.println(BenchJson.of(report, command));
        } else {
            text.end(report, command);
        }
        out.flush();
        output.writeFiles(() -> BenchCsv.of(report), () -> BenchPage.of(report, command));
        return report.refusals() == 0 ? ExitStatus.OK : ExitStatus.FAILURE_FOUND;
    }
}
