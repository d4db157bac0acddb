package io.pinbounce.tool.cli;

import io.pinbounce.DirectQueue;
import io.pinbounce.Engine;
import io.pinbounce.Transfer;
import io.pinbounce.tool.scratch.ScratchTarget;
import io.pinbounce.tool.torture.Torture;
import io.pinbounce.tool.torture.TortureCase;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TorturePlan;
import io.pinbounce.tool.torture.TorturePlan.Limit;
import io.pinbounce.tool.torture.TortureProgress;
import io.pinbounce.tool.torture.TortureReport;
import io.pinbounce.tool.torture.WorkingSet;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
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
                    + " and AUTO must not. One operation at a time is a blocking call; more are"
                    + " in flight together on io_uring, or on threads where that is forbidden."
                    + " In the unguarded cases the target itself is the judge, if it checks what"
                    + " it is given: BOUNCE and AUTO must never be refused, PIN may.",
            ""
        })
final class TortureCommand implements Callable<Integer> {

    private static final int K = 1024;

    /** In flight, the other cases would show nothing new, so the default leaves them out. */
    private static final List<TortureCase> ONE_AT_A_TIME =
            List.of(
                    TortureCase.WRITE_RACE,
                    TortureCase.READ_RACE,
                    TortureCase.SAME_BUFFER_READ,
                    TortureCase.MEMSET_WRITE);

    private static final List<TortureCase> IN_FLIGHT =
            List.of(
                    TortureCase.WRITE_RACE,
                    TortureCase.READ_RACE,
                    TortureCase.OUT_OF_ORDER,
                    TortureCase.REWRITE);

    /** Run at one size, since they take a sixth of the time then. */
    private static final List<TortureCase> UNGUARDED =
            List.of(TortureCase.UNGUARDED_WRITE, TortureCase.UNGUARDED_READ);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ScratchOptions scratch = new ScratchOptions();

    @ArgGroup private @Nullable LimitOptions limit;

    @Option(
            names = "--cases",
            split = ",",
            paramLabel = "CASE",
            converter = CaseConverter.class,
            description =
                    "What happens to the memory. One at a time: write-race, read-race,"
                            + " same-buffer-read, memset-write, unguarded-write, unguarded-read; in"
                            + " flight these, and out-of-order and rewrite. Default: those six; in"
                            + " flight all but same-buffer-read and memset-write.")
    private List<TortureCase> cases = List.of();

    @Option(
            names = "--size",
            split = ",",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            description =
                    "Bytes in an operation, k and m allowed. Default: 4k,64k,1m; in flight 4k,64k;"
                            + " unguarded 64k.")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--mode",
            split = ",",
            paramLabel = "MODE",
            defaultValue = "pin,bounce,auto",
            description = "How the data moves. Default: ${DEFAULT-VALUE}.")
    private List<Transfer> modes = List.of();

    @Option(
            names = "--depth",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,16",
            description = "Operations in flight together. Default: ${DEFAULT-VALUE}.")
    private List<Integer> depths = List.of();

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = EngineName.class,
            defaultValue = "auto",
            description =
                    "What moves the data: uring fails where io_uring is forbidden, and is used at"
                            + " depth 1 too; syscall uses threads for more than one in flight;"
                            + " auto, the default, takes what it can get.")
    private Engine engine = Engine.AUTO;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeats the random choices of the run that printed it.")
    private @Nullable Long seed;

    @Mixin private OutputOptions output = new OutputOptions();

    /** When to stop: one of the two. */
    private static final class LimitOptions {

        private static final Limit DEFAULT = time(20);

        @Option(
                names = "--seconds",
                paramLabel = "S",
                description =
                        "Time for the whole run, and more only where PIN has torn nothing yet."
                                + " Default: 20.")
        private @Nullable Double seconds;

        @Option(
                names = "--operations",
                paramLabel = "N",
                description = "Instead of a time: operations of each cell.")
        private @Nullable Long operations;

        Limit limit() {
            if (operations != null) {
                return new Limit.Operations(operations);
            }
            return seconds == null ? DEFAULT : time(seconds);
        }

        private static Limit time(double seconds) {
            return new Limit.Time(Duration.ofMillis(Math.round(seconds * 1000)));
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

    private TorturePlan plan() {
        Limit when = limit == null ? LimitOptions.DEFAULT : limit.limit();
        long chosen = seed == null ? new SplittableRandom().nextInt(1_000_000_000) : seed;
        List<TortureCell> cells = new ArrayList<>();
        for (int depth : depths) {
            List<Integer> usualSizes =
                    depth == 1 ? List.of(4 * K, 64 * K, K * K) : List.of(4 * K, 64 * K);
            cells.addAll(cells(depth, depth == 1 ? ONE_AT_A_TIME : IN_FLIGHT, usualSizes));
        }
        for (int depth : depths) {
            cells.addAll(cells(depth, UNGUARDED, List.of(64 * K)));
        }
        return new TorturePlan(cells, engine, when, chosen);
    }

    /** The cases that are wanted, or else the usual ones, of which all are guarded or none. */
    private List<TortureCell> cells(int depth, List<TortureCase> usual, List<Integer> usualSizes) {
        boolean guarded = usual.getFirst().isGuarded();
        return TortureCell.all(
                depth,
                cases.isEmpty()
                        ? usual
                        : cases.stream().filter(kind -> kind.isGuarded() == guarded).toList(),
                sizes.isEmpty() ? usualSizes : sizes,
                modes);
    }

    /** The command line that was typed, with the seed if it was drawn. */
    private String repeat(TorturePlan plan) {
        List<String> words = new ArrayList<>();
        words.add("pinbounce");
        for (String word : spec.root().commandLine().getParseResult().originalArgs()) {
            words.add(ShellWord.quote(word));
            if (word.equals(spec.name()) && seed == null && words.size() == 2) {
                words.add("--seed " + plan.seed());
            }
        }
        return String.join(" ", words);
    }
}
