package io.pinbounce;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.file.Errors;
import io.pinbounce.internal.file.OpenTuples;
import io.pinbounce.internal.linux.Errno;
import io.pinbounce.internal.linux.FileFacts;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.SealException;
import io.pinbounce.internal.sidecar.Sidecar;
import io.pinbounce.internal.sidecar.SidecarPlace;
import io.pinbounce.internal.sidecar.SidecarPlace.Binding;
import io.pinbounce.internal.sidecar.SidecarScan;
import io.pinbounce.internal.sidecar.SidecarSpec;
import io.pinbounce.internal.sidecar.Superblock;
import io.pinbounce.internal.uring.UringEngine;

import java.io.IOException;
import java.nio.file.Path;

/** What can be done to a sidecar as a whole. */
public final class Sidecars {

    private Sidecars() {}

    /**
     * Makes a sidecar accept data that was copied, moved, restored, or made longer or shorter by
     * other programs. Verify the data first, with {@link SidecarOptions.Identity#ANY}: from here on
     * nothing shows that the sidecar was made for other data. Writes that a crash has cut short are
     * recovered.
     *
     * @param data the file or device
     * @param sidecar its sidecar from now on
     * @throws DirectIoException if one of them cannot be opened or written, or is open elsewhere
     */
    public static void adopt(Path data, Path sidecar) throws IOException {
        adopt(data, sidecar, UringEngine.system());
    }

    static void adopt(Path data, Path sidecar, IoEngine engine) throws IOException {
        SidecarInfo info = Sidecars.info(sidecar, engine);
        SidecarOptions options =
                SidecarOptions.at(sidecar)
                        .mode(info.mode())
                        .identity(SidecarOptions.Identity.ANY)
                        .existing(SidecarOptions.Existing.REFUSED);
        Call call = new Call("adopt", data);
        int handle = open(engine, call);
        try {
            SidecarSpec.Data named = SidecarSpec.Data.found(engine, handle, data);
            Sidecar.open(
                            OpenTuples.spec(
                                    engine, named, info.context(), options, /* writes= */ true))
                    .close();
        } catch (SealException e) {
            throw Errors.of(e, call, 0);
        } finally {
            engine.close(handle); // the sidecar has written what there was to write
        }
    }

    private static int open(IoEngine engine, Call call) throws DirectIoException {
        int handle = engine.openDirect(call.path(), OpenFlags.O_RDWR);
        if (handle < 0) {
            throw Errors.of(call, handle, 0);
        }
        return handle;
    }

    /**
     * Makes data forget its sidecar, which is gone for good: it is plain data from then on. A
     * sidecar that is where the data says, or beside the data, is not forgotten, even if it cannot
     * be read; remove it first.
     *
     * @param data the file
     * @return whether the data had a sidecar that is gone
     * @throws DirectIoException if the file cannot be opened for writing, or its sidecar is there
     */
    public static boolean forget(Path data) throws IOException {
        return forget(data, UringEngine.system());
    }

    static boolean forget(Path data, IoEngine engine) throws IOException {
        Call call = new Call("forget", data);
        int handle = open(engine, call);
        try {
            FileFacts facts = engine.facts(handle);
            if (facts.status().isBlockDevice()) {
                return false; // a device has no attributes
            }
            SidecarPlace place = SidecarPlace.find(engine, handle, facts, data, null);
            if (place.binding() == Binding.BOUND || place.binding() == Binding.UNREADABLE) {
                throw new DirectIoException(
                        "the data's sidecar is there; remove it first if it is to be forgotten:"
                                + (" sidecar=" + place.path()),
                        call,
                        0,
                        0);
            }
            int failed = SidecarPlace.forget(engine, handle);
            if (failed < 0 && failed != -Errno.ENODATA && failed != -Errno.EOPNOTSUPP) {
                throw Errors.of(call, failed, 0);
            }
            return failed == 0;
        } finally {
            engine.close(handle);
        }
    }

    /**
     * Looks at a whole sidecar, whether its data is there or not. It is not changed.
     *
     * @param sidecar the sidecar's path
     * @return what the sidecar says, and what is wrong with it
     * @throws DirectIoException if it cannot be read, is no sidecar, both its superblocks are
     *     damaged, or a writer has it open
     */
    public static SidecarInfo info(Path sidecar) throws IOException {
        return info(sidecar, UringEngine.system());
    }

    static SidecarInfo info(Path sidecar, IoEngine engine) throws IOException {
        try {
            return info(sidecar, SidecarScan.scan(engine, sidecar));
        } catch (SealException e) {
            throw Errors.of(e, new Call("info", sidecar), 0);
        }
    }

    private static SidecarInfo info(Path path, SidecarScan.Report report) {
        Superblock superblock = report.superblock();
        return new SidecarInfo(
                path,
                Superblock.VERSION,
                "%016x".formatted(superblock.identity()),
                superblock.context(),
                superblock.mode() == SidecarSpec.Mode.JOURNAL
                        ? SidecarOptions.Mode.JOURNAL
                        : SidecarOptions.Mode.NONE,
                superblock.clean(),
                superblock.data().device(),
                "%016x".formatted(superblock.data().volume()),
                superblock.data().inode(),
                superblock.data().length(),
                superblock.logSize(),
                report.liveGroups(),
                report.pages(),
                report.protectedIntervals(),
                report.unprotectedIntervals(),
                report.damagedIntervals(),
                report.lostIntervals(),
                report.damage());
    }
}
