package io.pinbounce.tool.cli;

import io.pinbounce.tool.scratch.ScratchTarget;
import io.pinbounce.tool.scratch.ScratchTarget.Existing;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;

/** What a command writes over. */
final class ScratchOptions {

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description =
                    "File or block device to use. A file that is missing is made and removed"
                            + " afterwards; without PATH, a temporary file is.")
    private @Nullable Path path;

    @Option(
            names = "--destroy-data",
            description =
                    "Allow a device, or a file that is not empty, to be overwritten. A file that"
                            + " has a sidecar, or is one, is refused all the same.")
    private boolean destroyData;

    /**
     * Takes what was named, or makes a file.
     *
     * @param prefix of the name of a temporary file
     */
    ScratchTarget target(String prefix) throws IOException {
        return path == null
                ? ScratchTarget.temporary(prefix)
                : ScratchTarget.of(path, destroyData ? Existing.DESTROY : Existing.KEEP);
    }
}
