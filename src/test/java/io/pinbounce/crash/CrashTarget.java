package io.pinbounce.crash;

import io.pinbounce.DirectOptions;
import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;

import java.nio.file.Path;
import java.util.List;

/**
 * A guarded file or device that writers are ended on.
 *
 * @param data its path
 * @param sidecar that of its sidecar
 * @param mode of the sidecar
 * @param existing {@code UNPROTECTED} if there are bytes from the start, as on a device
 * @param layout of the data
 */
record CrashTarget(
        Path data,
        Path sidecar,
        SidecarOptions.Mode mode,
        SidecarOptions.Existing existing,
        CrashLayout layout) {

    /** The shortest log and the least memory, so that both are used up often. */
    private Protection protection() {
        return Protection.t10(layout.interval())
                .sidecar(
                        SidecarOptions.at(sidecar)
                                .mode(mode)
                                .existing(existing)
                                .logSize(SidecarOptions.MIN_LOG)
                                .memory(SidecarOptions.MIN_MEMORY));
    }

    DirectOptions writing() {
        return DirectOptions.readWrite().create().protection(protection());
    }

    DirectOptions reading() {
        return DirectOptions.readOnly().protection(protection());
    }

    /** For another process. */
    List<String> arguments() {
        return List.of(
                data.toString(),
                sidecar.toString(),
                mode.name(),
                existing.name(),
                Integer.toString(layout.interval()),
                Integer.toString(layout.intervals()));
    }

    static CrashTarget of(List<String> arguments) {
        return new CrashTarget(
                Path.of(arguments.get(0)),
                Path.of(arguments.get(1)),
                SidecarOptions.Mode.valueOf(arguments.get(2)),
                SidecarOptions.Existing.valueOf(arguments.get(3)),
                new CrashLayout(
                        Integer.parseInt(arguments.get(4)), Integer.parseInt(arguments.get(5))));
    }
}
