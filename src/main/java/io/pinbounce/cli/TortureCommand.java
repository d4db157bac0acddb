package io.pinbounce.cli;

import io.pinbounce.Transfer;
import io.pinbounce.torture.Torture;
import io.pinbounce.torture.TortureCase;
import io.pinbounce.torture.TortureCell;
import io.pinbounce.torture.TorturePlan;
import io.pinbounce.torture.TorturePlan.Limit;
import io.pinbounce.torture.TortureProgress;
import io.pinbounce.torture.TortureReport;
import io.pinbounce.torture.TortureTarget;
import io.pinbounce.torture.WorkingSet;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
                    + " and AUTO must not.",
            ""
        })
final class TortureCommand implements Callable<Integer> {

    private static final double DEFAULT_SECONDS = 20;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description =
                    "File or block device to use. A file that is missing is made and removed"
                            + " afterwards; without PATH, a temporary file is.")
    private @Nullable Path path;

    @ArgGroup private @Nullable LimitOptions limit;

    @Option(
            names = "--cases",
            split = ",",
            paramLabel = "CASE",
            converter = CaseConverter.class,
            defaultValue = "write-race,read-race,same-buffer-read,memset-write",
            description = "What happens to the memory. All: ${DEFAULT-VALUE}.")
    private List<TortureCase> cases = List.of();

    @Option(
            names = "--size",
            split = ",",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            defaultValue = "4k,64k,1m",
            description = "Bytes in an operation, k and m allowed. Default: ${DEFAULT-VALUE}.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--mode",
            split = ",",
            paramLabel = "MODE",
            defaultValue = "pin,bounce,auto",
            description = "How the data moves. Default: ${DEFAULT-VALUE}.")
    private List<Transfer> modes = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeats the random choices of the run that printed it.")
    private @Nullable Long seed;

    @Option(
            names = "--destroy-data",
            description = "Allow a device, or a file that is not empty, to be overwritten.")
    private boolean destroyData;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    /** When to stop: one of the two. */
    private static final class LimitOptions {

        @Option(
                names = "--seconds",
                paramLabel = "S",
                description = "Time for the whole run. Default: 20.")
        private @Nullable Double seconds;

        @Option(
                names = "--operations",
                paramLabel = "N",
                description = "Instead of a time: operations of each cell.")
        private @Nullable Long operations;

        Limit limit() {
            return operations != null
                    ? new Limit.Operations(operations)
                    : time(seconds == null ? DEFAULT_SECONDS : seconds);
        }
    }

    private static final class CaseConverter implements ITypeConverter<TortureCase> {

        @Override
        public TortureCase convert(String value) {
            try {
                return TortureCase.of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage()); // picocli shows it as it is
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        TorturePlan plan = plan();
        Torture torture = new Torture(plan);
        try (Interruption _ = Interruption.stops(torture::stop);
                TortureTarget target = target();
                WorkingSet set = WorkingSet.open(target)) {
            return run(torture, plan, target, set);
        } catch (CancellationException e) {
            return ExitStatus.INCONCLUSIVE; // the JVM, told to end by a signal, has its own status
        }
    }

    private int run(Torture torture, TorturePlan plan, TortureTarget target, WorkingSet set)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        TortureText text =
                new TortureText(out, spec.commandLine().getColorScheme().ansi(), repeat(plan));
        if (!json) {
            text.header(target, set, plan.seed());
        }
        TortureReport report;
        try (TortureLine line = new TortureLine(spec.commandLine().getErr())) {
            report = torture.run(set, Main.isTerminal(2) ? line : silent());
        }
        if (json) {
            out.println(TortureJson.of(report, plan.seed(), target, set));
        } else {
            text.result(report);
        }
        out.flush();
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

    private TorturePlan plan() {
        Limit when = limit == null ? time(DEFAULT_SECONDS) : limit.limit();
        long chosen = seed == null ? new SplittableRandom().nextInt(1_000_000_000) : seed;
        return new TorturePlan(TortureCell.all(cases, sizes, modes), when, chosen);
    }

    private static Limit time(double seconds) {
        return new Limit.Time(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private TortureTarget target() throws IOException {
        if (path != null) {
            return TortureTarget.of(
                    path,
                    destroyData ? TortureTarget.Existing.DESTROY : TortureTarget.Existing.KEEP);
        }
        return TortureTarget.temporary(
                List.of(
                        Path.of("").toAbsolutePath(),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        Path.of(System.getProperty("user.home"))));
    }

    /** The command line that was typed, with the seed if it was drawn. */
    private String repeat(TorturePlan plan) {
        List<String> words = new ArrayList<>();
        words.add("pinbounce");
        for (String word : spec.root().commandLine().getParseResult().originalArgs()) {
            words.add(quote(word));
            if (word.equals(spec.name()) && seed == null && words.size() == 2) {
                words.add("--seed " + plan.seed());
            }
        }
        return String.join(" ", words);
    }

    private static String quote(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
