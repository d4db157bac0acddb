package io.pinbounce.tool.cli;

import io.pinbounce.DirectFile;
import io.pinbounce.Host;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code pinbounce probe}: what direct I/O needs on each path, and where that is known from. */
@Command(
        name = "probe",
        description =
                "Shows what direct I/O needs on files and block devices: alignment, transfer sizes,"
                        + " whether it is real there and whether pages must hold still."
                        + " Nothing is read from them and nothing written.")
final class ProbeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "A regular file or block device.")
    private List<Path> paths = new ArrayList<>();

    @Option(names = "--json", description = "Print an array with one object a path.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<ProbeReport> reports = new ArrayList<>();
        for (Path path : paths) {
            try {
                reports.add(new ProbeReport(path, DirectFile.probe(path)));
            } catch (IOException e) {
                complain(e);
            }
        }
        Host host = Host.probe();
        if (json) {
            out.println(Json.write(reports.stream().map(report -> report.json(host)).toList()));
        } else {
            reports.forEach(report -> out.println(report.table()));
            out.print(ProbeReport.table(host));
        }
        out.flush();
        return reports.size() == paths.size() ? ExitStatus.OK : ExitStatus.UNUSABLE;
    }

    private void complain(IOException e) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                spec.commandLine()
                        .getColorScheme()
                        .errorText("pinbounce: " + Printable.of(String.valueOf(e.getMessage()))));
        err.flush();
    }
}
