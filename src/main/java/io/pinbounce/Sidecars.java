package io.pinbounce;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.sidecar.SealException;
import io.pinbounce.internal.sidecar.Sidecar;

import java.io.IOException;
import java.nio.file.Path;

/** What can be done to a sidecar as a whole. */
public final class Sidecars {

    private Sidecars() {}

    /**
     * Makes a sidecar accept data that was copied, moved, restored, or made longer or shorter by
     * others. Verify the data first, with {@link SidecarOptions.Identity#ANY}: from here on nothing
     * tells that it is not what the sidecar was made for. What a crash left is recovered.
     *
     * @param data the file or device
     * @param sidecar its sidecar from now on
     * @throws DirectIoException if one of them cannot be opened or written, or others have it open
     */
    public static void adopt(Path data, Path sidecar) throws IOException {
        adopt(data, sidecar, SystemEngine.engine());
    }

    static void adopt(Path data, Path sidecar, IoEngine engine) throws IOException {
        SidecarInfo info = SidecarInfo.read(sidecar, engine);
        SidecarOptions options =
                SidecarOptions.at(sidecar)
                        .mode(info.mode())
                        .identity(SidecarOptions.Identity.ANY)
                        .existing(SidecarOptions.Existing.REFUSED);
        try {
            Sidecar.open(OpenTuples.spec(engine, data, info.context(), options, /* writes= */ true))
                    .close();
        } catch (SealException e) {
            throw DirectIoException.of(e, new Call("adopt", data), 0);
        }
    }
}
