package io.pinbounce.cli;

import io.pinbounce.bench.Bench;
import io.pinbounce.bench.BenchPlan;
import io.pinbounce.bench.BenchReport;
import io.pinbounce.bench.Fio;
import io.pinbounce.scratch.ScratchTarget;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
                    + " with an interval that holds the true median with a probability of 95 %. A"
                    + " column that ran in another way than its name says has no figures, and ends"
                    + " it with status 1.",
            ""
        })
final class BenchCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description =
                    "File or block device to use. A file that is missing is made and removed"
                            + " afterwards; without PATH, a temporary file is.")
    private @Nullable Path path;

    @Mixin private BenchOptions options = new BenchOptions();

    @Option(
            names = "--destroy-data",
            description = "Allow a device, or a file that is not empty, to be overwritten.")
    private boolean destroyData;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            converter = OutputFile.Converter.class,
            description = "Write a line for each row and column to a file as well.")
    private @Nullable OutputFile csv;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            converter = OutputFile.Converter.class,
            description = "Write one page with charts to a file as well.")
    private @Nullable OutputFile html;

    @Override
    public Integer call() throws IOException {
        BenchPlan plan = options.plan();
        String missing = options.wantsFio() ? Fio.missing() : "";
        if (!missing.isEmpty()) {
            throw new IOException(missing + ", or leave out --fio");
        }
        Bench bench = new Bench(plan);
        ScratchTarget.Existing existing =
                destroyData ? ScratchTarget.Existing.DESTROY : ScratchTarget.Existing.KEEP;
        try (Interruption _ = Interruption.stops(bench::stop);
                BenchFiles files = BenchFiles.open(path, existing, plan)) {
            return run(bench, plan, files);
        } catch (CancellationException e) {
            return ExitStatus.INCONCLUSIVE; // the JVM, told to end by a signal, has its own status
        }
    }

    private int run(Bench bench, BenchPlan plan, BenchFiles files) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String command = ShellWord.line(spec);
        BenchText text = new BenchText(out, spec.commandLine().getColorScheme().ansi());
        BenchReport report;
        try (BenchLine line =
                new BenchLine(
                        spec.commandLine().getErr(), json ? null : text, plan, files.target())) {
            report = bench.run(files.target().path(), files.sidecar(), line);
        }
        if (json) {
            out.println(BenchJson.of(report, command));
        } else {
            text.end(report, command);
        }
        out.flush();
        if (csv != null) {
            csv.write(BenchCsv.of(report));
        }
        if (html != null) {
            html.write(BenchPage.of(report, command));
        }
        return report.refusals() == 0 ? ExitStatus.OK : ExitStatus.FAILURE_FOUND;
    }
}
