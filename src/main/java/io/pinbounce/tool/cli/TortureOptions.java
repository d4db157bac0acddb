package io.pinbounce.tool.cli;

import io.pinbounce.Engine;
import io.pinbounce.Transfer;
import io.pinbounce.tool.torture.TortureCase;
import io.pinbounce.tool.torture.TortureCell;
import io.pinbounce.tool.torture.TorturePlan;
import io.pinbounce.tool.torture.TorturePlan.Limit;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What to test, and for how long. */
final class TortureOptions {

    private static final int K = 1024;

    private static final List<TortureCase> ONE_AT_A_TIME =
            List.of(
                    TortureCase.WRITE_RACE,
                    TortureCase.READ_RACE,
                    TortureCase.SAME_BUFFER_READ,
                    TortureCase.MEMSET_WRITE);

    /** In flight, the other cases would show nothing new, so the default leaves them out. */
    private static final List<TortureCase> IN_FLIGHT =
            List.of(
                    TortureCase.WRITE_RACE,
                    TortureCase.READ_RACE,
                    TortureCase.OUT_OF_ORDER,
                    TortureCase.REWRITE);

    /** Run at one size, since they take a sixth of the time then. */
    private static final List<TortureCase> UNGUARDED =
            List.of(TortureCase.UNGUARDED_WRITE, TortureCase.UNGUARDED_READ);

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

    /** Whether a seed was given; otherwise the plan draws one. */
    boolean hasSeed() {
        return seed != null;
    }

    TorturePlan plan() {
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
}
