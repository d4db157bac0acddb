package io.pinbounce.internal.file;

import io.pinbounce.Bypass;
import io.pinbounce.DirectIoException;
import io.pinbounce.DirectIoException.Call;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.sidecar.SidecarPlace;
import io.pinbounce.internal.sidecar.SidecarPlace.Attribute;

/** Keeps files that leave out the data's sidecar from writing past it. */
final class BypassRule {

    private BypassRule() {}

    /**
     * Bytes in an interval of the sidecar that the data has and this file reads past; 0 if it has
     * none, or the file has a protection of its own.
     *
     * @param handle an open regular file
     * @throws DirectIoException if the file is for writing, and the user has not asked for that
     */
    static int bypassedInterval(
            IoEngine engine, int handle, FileFacts facts, OpenSpec spec, Call call)
            throws DirectIoException {
        if (spec.protection().sidecar() != null) {
            return 0;
        }
        SidecarPlace place = SidecarPlace.find(engine, handle, facts, call.path(), null);
        boolean refused = spec.writes() && spec.bypass() == Bypass.REFUSED;
        return switch (place.binding()) {
            case NONE -> {
                if (place.attribute() == Attribute.STRAY && spec.writes()) {
                    SidecarPlace.removeStray(engine, handle, call.path());
                }
                yield 0;
            }
            case BOUND, UNREADABLE -> {
                if (refused) {
                    throw refusal(
                            call,
                            "the data has a sidecar, and would read as damaged once it is written"
                                    + " without; open it with its protection, or with"
                                    + (" Bypass.ALLOWED: sidecar=" + place.path()));
                }
                yield unverified(spec, place);
            }
            case GONE -> {
                if (refused) {
                    throw refusal(call, SidecarPlace.GONE + ": sidecar=" + place.path());
                }
                yield unverified(spec, place);
            }
        };
    }

    private static int unverified(OpenSpec spec, SidecarPlace place) {
        return spec.protection().context() == null ? place.interval() : 0;
    }

    private static DirectIoException refusal(Call call, String reason) {
        return new DirectIoException(reason, call, 0, 0);
    }
}
