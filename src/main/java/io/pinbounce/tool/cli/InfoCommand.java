package io.pinbounce.tool.cli;

import io.pinbounce.SidecarInfo;
import io.pinbounce.tool.scrub.ScrubTarget;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code pinbounce info}: what a sidecar says of itself and of its data. */
@Command(
        name = "info",
        description =
                "Shows what the sidecar of a file or device says: format, counts of intervals, and"
                        + " whether it is damaged. All of the sidecar is read and nothing of the"
                        + " data; nothing is changed.")
final class InfoCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private TargetOptions named = new TargetOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ScrubTarget target = named.target();
        SidecarInfo info = target.info();
        InfoReport report = new InfoReport(info, target.tie());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.write(report.json()));
        } else {
            out.print(report.table());
        }
        out.flush();
        return info.damage().isEmpty() ? ExitStatus.OK : ExitStatus.FAILURE_FOUND;
    }
}
