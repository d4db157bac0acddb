package io.pinbounce.ci;

import io.pinbounce.testing.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A folder for a {@code PATH} on which some programs are there and all others are missing. */
final class ToolFolder {

    private ToolFolder() {}

    /** Offers programs of this machine, by scripts that start them, under their own names. */
    static Path create(Path folder, List<String> programs) throws IOException {
        Files.createDirectory(folder);
        for (String program : programs) {
            String path = Command.run("which", program).out().strip();
            script(folder.resolve(program), "exec %s \"$@\"".formatted(path));
        }
        return folder;
    }

    /** Writes a program, which replaces one of that name. */
    static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
