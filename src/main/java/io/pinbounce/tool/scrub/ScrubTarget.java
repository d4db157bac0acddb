package io.pinbounce.tool.scrub;

import io.pinbounce.DirectFile;
import io.pinbounce.DirectIo;
import io.pinbounce.DirectOptions;
import io.pinbounce.DirectQueue;
import io.pinbounce.Protection;
import io.pinbounce.SidecarInfo;
import io.pinbounce.SidecarOptions;
import io.pinbounce.SidecarOptions.Existing;
import io.pinbounce.SidecarOptions.Identity;
import io.pinbounce.Sidecars;
import io.pinbounce.Transfer;
import io.pinbounce.internal.engine.IoEngine;
import io.pinbounce.internal.linux.FileStatus;
import io.pinbounce.internal.linux.OpenFlags;
import io.pinbounce.internal.sidecar.SidecarPlace;
import io.pinbounce.internal.sidecar.SidecarPlace.Binding;
import io.pinbounce.pi.PiContext;
import io.pinbounce.tool.scrub.ScrubReport.Verdict;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A file or block device, and the sidecar that guards it or will. It holds nothing open itself.
 *
 * <p>Where direct I/O is not real, files are opened all the same; {@link DirectFile#geometry()}
 * says so, and what is read there may come from the page cache instead of the disk.
 */
public final class ScrubTarget {

    private final Path path;

    private final Path sidecar;

    private ScrubTarget(Path path, Path sidecar) {
        this.path = path;
        this.sidecar = sidecar;
    }

    /**
     * Takes paths that the user has named.
     *
     * @param path of the data
     * @param sidecar null for beside the data, with {@code .pi} at the end of its name
     * @return the target
     * @throws IOException if the data is a block device, beside which a sidecar cannot be
     */
    public static ScrubTarget of(Path path, @Nullable Path sidecar) throws IOException {
        if (sidecar != null) {
            return new ScrubTarget(path, sidecar);
        }
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new IOException(
                    "the sidecar of a device is a file somewhere else; name it with --sidecar:"
                            + (" path=" + path));
        }
        Path beside = SidecarOptions.beside().pathFor(path);
        return new ScrubTarget(
                path,
                look(path, (engine, handle) -> place(engine, handle, path, null).path(), beside));
    }

    /** What ties the data to its sidecar. */
    public enum Tie {
        /** An attribute of the data, so no program writes it past the sidecar by mistake. */
        ATTRIBUTE,
        /** The sidecar's name alone; the next writer adds an attribute. */
        NAME,
        /** The sidecar's name alone, since the file system or device has no attributes. */
        NAME_ONLY,
        /** Nothing: the data is not there, or is not that of the sidecar. */
        NONE
    }

    /**
     * Asks what ties the data to its sidecar.
     *
     * @return the tie as it is now
     */
    public Tie tie() {
        return look(path, this::tie, Tie.NONE);
    }

    private Tie tie(IoEngine engine, int handle) {
        SidecarPlace place = place(engine, handle, path, sidecar);
        if (place.binding() != Binding.BOUND || !place.path().equals(sidecar)) {
            return Tie.NONE;
        }
        return switch (place.attribute()) {
            case OWN -> Tie.ATTRIBUTE;
            case ABSENT, STRAY ->
                    SidecarPlace.keepsAttributes(engine, handle) ? Tie.NAME : Tie.NAME_ONLY;
        };
    }

    /** Whether the data knows of a sidecar that is not to be found. */
    private boolean isGone(IoEngine engine, int handle) {
        return place(engine, handle, path, sidecar).binding() == Binding.GONE;
    }

    private static SidecarPlace place(
            IoEngine engine, int handle, Path path, @Nullable Path sidecar) {
        return SidecarPlace.find(engine, handle, engine.facts(handle), path, sidecar);
    }

    /** Asks something about the open data; of what cannot be opened, nothing is known. */
    private static <T> T look(Path path, BiFunction<IoEngine, Integer, T> question, T unknown) {
        IoEngine engine = IoEngine.blocking();
        FileStatus status = engine.status(path); // opening a FIFO would wait for its other end
        boolean opens = status.isRegular() || status.isBlockDevice();
        int handle = opens ? engine.open(path, OpenFlags.O_RDONLY) : -1;
        if (handle < 0) {
            return unknown;
        }
        try {
            return question.apply(engine, handle);
        } finally {
            engine.close(handle); // nothing was written, so a failure loses nothing
        }
    }

    /**
     * Makes the data forget a sidecar that is gone.
     *
     * @return whether it had one
     * @throws IOException if the sidecar is there, or the data cannot be opened for writing
     */
    public boolean forget() throws IOException {
        if (tie() != Tie.NONE) {
            throw new IOException(
                    "the data's sidecar is there; remove it first if it is to be forgotten:"
                            + (" path=" + path + " sidecar=" + sidecar));
        }
        return Sidecars.forget(path);
    }

    /**
     * The data.
     *
     * @return the path as it was named
     */
    public Path path() {
        return path;
    }

    /**
     * The sidecar.
     *
     * @return its path, whether it is there or not
     */
    public Path sidecar() {
        return sidecar;
    }

    /**
     * Reads all of the sidecar.
     *
     * @return what it says now
     * @throws IOException if it is missing, or so damaged that it says nothing
     */
    public SidecarInfo info() throws IOException {
        if (!Files.exists(sidecar)) {
            boolean gone = look(path, this::isGone, false);
            throw new IOException(
                    (gone
                                    ? SidecarPlace.GONE
                                    : "there is no sidecar; name the data's path and that of the"
                                            + " sidecar with --sidecar, or make one with pinbounce"
                                            + " seal")
                            + (": path=" + path + " sidecar=" + sidecar));
        }
        return Sidecars.info(sidecar);
    }

    /**
     * What the sidecar says, if there is one that says anything.
     *
     * @return null if there is none, or none that can be read: opening it tells why
     */
    public @Nullable SidecarInfo infoIfAny() {
        try {
            return Files.exists(sidecar) ? info() : null;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Reads all of the data. What a crash left to be recovered is taken into account, but not
     * recovered.
     *
     * @param scrub of the sidecar's intervals
     * @param info what the sidecar says
     * @param identity whether the data must be that which the sidecar was made for
     * @param depth requests in flight
     * @param listener is told how the run gets on
     * @return what was found, the damage of the sidecar included
     * @throws IOException if the data cannot be opened, is not what the sidecar was made for, or
     *     fails in a way that is no damage
     */
    public ScrubReport scrub(
            Scrub scrub, SidecarInfo info, Identity identity, int depth, ScrubListener listener)
            throws IOException {
        try (DirectQueue queue = DirectQueue.open(depth);
                DirectFile file = openToRead(info, Transfer.PIN, identity)) {
            List<String> damage = new ArrayList<>(info.damage());
            if (identity == Identity.ANY) {
                requireLength(info, file.size(), damage);
            }
            return scrub.run(file, queue, listener).withSidecarDamage(damage);
        }
    }

    /**
     * Reads some intervals of the data.
     *
     * @param scrub of the sidecar's intervals
     * @param info what the sidecar says
     * @param intervals which
     * @param listener is told how the run gets on
     * @return what was found
     * @throws IOException if the data cannot be opened, is not what the sidecar was made for, or
     *     fails in a way that is no damage
     */
    public ScrubReport scrub(
            Scrub scrub, SidecarInfo info, IntervalRange intervals, ScrubListener listener)
            throws IOException {
        try (DirectQueue queue = DirectQueue.open(Scrub.DEPTH);
                DirectFile file = openToRead(info, Transfer.BOUNCE, Identity.CHECKED)) {
            return scrub.run(file, queue, intervals, listener);
        }
    }

    private DirectFile openToRead(SidecarInfo info, Transfer transfer, Identity identity)
            throws IOException {
        SidecarOptions options = SidecarOptions.at(sidecar).mode(info.mode()).identity(identity);
        Protection protection = Protection.of(info.context()).sidecar(options);
        return open(DirectOptions.readOnly().transfer(transfer), protection);
    }

    /** Only the length tells that a copy lacks its end: the rest of it may be good. */
    private static void requireLength(SidecarInfo info, long size, List<String> damage) {
        if (size < info.length()) {
            damage.add(
                    "it is for data that is longer: length=" + size + " expected=" + info.length());
        }
    }

    /**
     * Opens the data for writing, which recovers what was left to be recovered, and makes the
     * sidecar if there is none: all data that is there starts unprotected then.
     *
     * @param context how tuples are made
     * @param options mode, and size of the log
     * @return an open file
     * @throws IOException if it cannot be opened, or is not what the sidecar was made for
     */
    public DirectFile openToSeal(PiContext context, SidecarOptions options) throws IOException {
        if (IoEngine.blocking().isHeld(path)) {
            throw new IOException(
                    "the device is mounted, or in use in another way, so that other programs"
                            + " change it and no tuple lasts; unmount it first: path="
                            + path);
        }
        SidecarOptions here =
                SidecarOptions.at(sidecar)
                        .mode(options.mode())
                        .logSize(options.logSize())
                        .existing(Existing.UNPROTECTED);
        return open(DirectOptions.readWrite(), Protection.of(context).sidecar(here));
    }

    private DirectFile open(DirectOptions options, Protection protection) throws IOException {
        return DirectFile.open(path, options.directIo(DirectIo.PREFERRED).protection(protection));
    }

    /** Which data the sidecar may adopt. */
    public enum Adoption {
        /** Clean data only. */
        CLEAN,
        /** Damaged data too, which stays damaged until it is sealed or rewritten. */
        DAMAGED
    }

    /**
     * Has the sidecar take the data for its own from now on.
     *
     * @param report what a scrub of {@link Identity#ANY} found
     * @param adoption whether damage may be adopted
     * @return whether the data was adopted
     * @throws IOException if the sidecar cannot be written, or no interval is as it was written, so
     *     that nothing shows whose data it is
     */
    public boolean adopt(ScrubReport report, Adoption adoption) throws IOException {
        boolean accepted =
                switch (report.verdict()) {
                    case CLEAN -> true;
                    case DAMAGED ->
                            adoption == Adoption.DAMAGED && report.ending() == Ending.COMPLETE;
                    case UNFINISHED -> false;
                };
        boolean isEmptyAsItWas = report.intervals() == 0 && report.verdict() == Verdict.CLEAN;
        if (accepted && report.clean() == 0 && !isEmptyAsItWas) {
            throw new IOException(
                    "nothing is as the sidecar has it, so nothing tells whether this is its data;"
                            + " pinbounce seal --anew makes a new one: sidecar="
                            + (sidecar + " unprotected=" + report.unprotected()));
        }
        if (accepted) {
            Sidecars.adopt(path, sidecar);
        }
        return accepted;
    }

    /**
     * Moves the sidecar out of the way of a new one, and keeps it with {@code .old} at the end of
     * its name.
     *
     * @throws IOException if the data is open with protection, or a sidecar that was set aside is
     *     there
     */
    public void setAside() throws IOException {
        IoEngine engine = IoEngine.blocking();
        int handle = engine.open(path, OpenFlags.O_RDONLY);
        try {
            if (handle >= 0 && engine.lock(handle, IoEngine.Lock.EXCLUSIVE) < 0) {
                throw new IOException(
                        "the data is open with protection elsewhere; close it there first: path="
                                + path);
            }
            Files.move(sidecar, old());
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    "a sidecar that was set aside earlier is in the way; remove it: path=" + old(),
                    e);
        } finally {
            if (handle >= 0) {
                engine.close(handle);
            }
        }
    }

    /**
     * Puts the sidecar back that was set aside, unless a new one was made.
     *
     * @throws IOException if it cannot be moved
     */
    public void putBack() throws IOException {
        if (!Files.exists(sidecar)) {
            Files.move(old(), sidecar);
        }
    }

    /**
     * Where a sidecar is kept that was set aside.
     *
     * @return its path
     */
    public Path old() {
        return sidecar.resolveSibling(sidecar.getFileName() + ".old");
    }
}
