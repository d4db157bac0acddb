package io.pinbounce.tool.cli;

import io.pinbounce.tool.scrub.ScrubTarget;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;

/** The data that a command is about, and where its sidecar is. */
final class TargetOptions {

    @Parameters(paramLabel = "PATH", description = "The data: a regular file or a block device.")
    private Path path = Path.of("");

    @Option(
            names = "--sidecar",
            paramLabel = "FILE",
            description =
                    "Its sidecar. Default: PATH with .pi at its end; that of a device must be"
                            + " named.")
    private @Nullable Path sidecar;

    ScrubTarget target() throws IOException {
        return ScrubTarget.of(path, sidecar);
    }

    /** Another command on the same data, as one would type it. */
    String command(String name) {
        String command = "pinbounce " + name + " " + ShellWord.quote(path.toString());
        return sidecar == null
                ? command
                : command + " --sidecar " + ShellWord.quote(sidecar.toString());
    }

    /** How a program says where the sidecar is, in Java. */
    String call() {
        return sidecar == null
                ? ".sidecar()"
                : ".sidecar(Path.of(%s))".formatted(Json.write(sidecar.toString()));
    }
}
