package io.pinbounce.tool.cli;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;
import io.pinbounce.SidecarInfo;
import io.pinbounce.SidecarOptions;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;
import io.pinbounce.tool.scrub.Scrub;
import io.pinbounce.tool.scrub.ScrubTarget;
import io.pinbounce.tool.scrub.SealReport;
import io.pinbounce.tool.scrub.Sealing;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.concurrent.Callable;

/** {@code pinbounce seal}: protects data that is there. */
@Command(
        name = "seal",
        description = {
            "Makes the sidecar of a file or device, and protects all data that is there.",
            "",
            "The data is read and not changed; nothing else may write it meanwhile. Stopped, it"
                    + " goes on where it was when it is run again: what is protected already stays"
                    + " as it is.",
            ""
        })
final class SealCommand implements Callable<Integer> {

    private static final int DEFAULT_INTERVAL = 4096;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private TargetOptions named = new TargetOptions();

    @Option(
            names = "--interval",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            description = "Bytes that one tuple guards, k allowed. Default: 4k.")
    private @Nullable Integer interval;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatName.class,
            description = "Guards of 16, 32 or 64 bits: 16b, 32b or 64b. Default: 16b.")
    private @Nullable PiFormat format;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "What a power cut leaves of writes that are under way: with journal, the"
                            + " default, whole intervals; with none, errors until they are"
                            + " rewritten.")
    private SidecarOptions.@Nullable Mode mode;

    @Option(
            names = "--log-size",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            description = "Of the journal's log, k and m allowed. Default: 16m.")
    private @Nullable Integer logSize;

    @Option(
            names = "--anew",
            description =
                    "Take all data for good as it is, and make a new sidecar, whatever there was;"
                            + " that is kept with .old at the end of its name.")
    private boolean anew;

    @Option(
            names = "--forget",
            description =
                    "Protect nothing: have the data forget a sidecar that is gone for good, so that"
                            + " it is plain data again.")
    private boolean forget;

    @Option(names = "--yes", description = "With --anew or --forget: do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        ScrubTarget target = named.target();
        if (forget) {
            return forget(target);
        }
        SidecarInfo info = target.infoIfAny();
        boolean replaces = anew && Files.exists(target.sidecar());
        if (replaces && !yes && !Question.ask(spec, "Forget all that the sidecar knows?")) {
            return ExitStatus.UNUSABLE;
        }
        PiContext context = info == null || replaces ? newContext(info) : existing(info);
        SidecarOptions options = options(info);
        if (replaces) {
            target.setAside();
        }
        Sealing sealing = new Sealing(context.interval(), SealText.MOST);
        SealText text = new SealText(spec, named);
        // Open until all is printed: a signal waits for that.
        try (StopOnSignal _ = StopOnSignal.calls(sealing::stop)) {
            if (anew) {
                target.forget();
            }
            SealReport report = run(sealing, target, context, options);
            SidecarInfo sealed = target.info();
            text.result(report, sealed, target, context);
            return SealText.status(report, sealed);
        } finally {
            if (replaces) {
                target.putBack();
            }
        }
    }

    private int forget(ScrubTarget target) throws IOException {
        if (!yes && !Question.ask(spec, "Forget that the data was ever protected?")) {
            return ExitStatus.UNUSABLE;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                target.forget()
                        ? "forgotten; to protect the data again: " + named.command("seal")
                        : "the data knows of no sidecar that is gone; nothing was changed");
        out.flush();
        return ExitStatus.OK;
    }

    private SealReport run(
            Sealing sealing, ScrubTarget target, PiContext context, SidecarOptions options)
            throws IOException {
        try (DirectQueue queue = DirectQueue.open(Scrub.DEPTH);
                DirectFile file = target.openToSeal(context, options);
                ScrubLine line = new ScrubLine(spec.commandLine().getErr())) {
            return sealing.run(file, queue, line);
        }
    }

    /** As the options say; without one, as the old sidecar was, if there was one. */
    private PiContext newContext(@Nullable SidecarInfo before) {
        PiFormat lastFormat = before == null ? PiFormat.GUARD_16 : before.context().format();
        int lastInterval = before == null ? DEFAULT_INTERVAL : before.context().interval();
        return PiContext.of(
                format == null ? lastFormat : format, interval == null ? lastInterval : interval);
    }

    /** The sidecar's own context; an option that contradicts it is refused. */
    private PiContext existing(SidecarInfo info) {
        PiContext context = info.context();
        requireSame("--interval", interval, context.interval());
        requireSame("--format", format, context.format());
        requireSame("--log-size", logSize == null ? null : (long) logSize, info.logSize());
        return context;
    }

    private static void requireSame(String option, @Nullable Object wanted, Object is) {
        if (wanted != null && !wanted.equals(is)) {
            throw new IllegalArgumentException(
                    "there is a sidecar already that was made otherwise; leave this out, or make a"
                            + " new one with --anew: option="
                            + (option + " sidecar's=" + is));
        }
    }

    private SidecarOptions options(@Nullable SidecarInfo info) {
        SidecarOptions options = SidecarOptions.beside();
        if (info != null) {
            options = options.mode(info.mode()).logSize(info.logSize());
        }
        if (mode != null) {
            options = options.mode(mode);
        }
        return logSize == null ? options : options.logSize(logSize);
    }
}
