package io.pinbounce.tool.bench;

import io.pinbounce.Protection;
import io.pinbounce.SidecarOptions;
import io.pinbounce.Transfer;
import io.pinbounce.pi.PiContext;
import io.pinbounce.pi.PiFormat;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** How the data of a row moves, and what moves it. */
public enum Column {

    /** The kernel uses the memory itself. */
    PIN("PIN", Transfer.PIN, null, Store.NONE),

    /** Through aligned memory. */
    BOUNCE("BOUNCE", Transfer.BOUNCE, null, Store.NONE),

    /** Bounced, with a 16-bit guard for every 4096 bytes. */
    BOUNCE_16B("BOUNCE+16b", Transfer.BOUNCE, PiFormat.GUARD_16, Store.MEMORY),

    /** Bounced, with a 64-bit guard for every 4096 bytes. */
    BOUNCE_64B("BOUNCE+64b", Transfer.BOUNCE, PiFormat.GUARD_64, Store.MEMORY),

    /** Bounced and guarded, the guards in a sidecar that survives power cuts. */
    JOURNAL("JOURNAL", Transfer.BOUNCE, PiFormat.GUARD_16, Store.SIDECAR),

    /** Guarded reads that are pinned first. */
    LAZY("LAZY", Transfer.AUTO, PiFormat.GUARD_16, Store.MEMORY),

    /** fio, with its default flags. */
    FIO("fio", Transfer.PIN, null, Store.NONE),

    /** fio, with the flags that make it fastest. */
    FIO_BEST("fio best", Transfer.PIN, null, Store.NONE);

    /** Bytes that one guard protects. */
    public static final int INTERVAL = 4096;

    /** Where guards are kept. */
    public enum Store {
        /** There are none. */
        NONE,
        /** In memory, as long as the file is open. */
        MEMORY,
        /** In a file beside the data. */
        SIDECAR
    }

    private final String label;

    private final Transfer transfer;

    private final @Nullable PiFormat format;

    private final Store store;

    Column(String label, Transfer transfer, @Nullable PiFormat format, Store store) {
        this.label = label;
        this.transfer = transfer;
        this.format = format;
        this.store = store;
    }

    /**
     * Its name for people.
     *
     * @return a word or two
     */
    public String label() {
        return label;
    }

    /**
     * Whether it is fio that moves the data.
     *
     * @return false if Pinbounce moves it
     */
    public boolean isFio() {
        return this == FIO || this == FIO_BEST;
    }

    /**
     * How requests move.
     *
     * @return the transfer that the file is opened with
     */
    public Transfer transfer() {
        return transfer;
    }

    /**
     * The format of the guards.
     *
     * @return null if there are none
     */
    public @Nullable PiFormat format() {
        return format;
    }

    /**
     * Where the guards are kept.
     *
     * @return the store
     */
    public Store store() {
        return store;
    }

    /** Whether the column exists in a direction: only reads can be lazy. */
    boolean moves(Direction direction) {
        return this != LAZY || direction == Direction.READ;
    }

    /** The protection that the file is opened with. */
    Protection protection(Path sidecar) {
        PiFormat guarded = format;
        if (guarded == null) {
            return Protection.none();
        }
        Protection.Format made = Protection.of(PiContext.of(guarded, INTERVAL));
        return store == Store.MEMORY
                ? made.memory()
                : made.sidecar(
                        SidecarOptions.at(sidecar)
                                .mode(SidecarOptions.Mode.JOURNAL)
                                .existing(SidecarOptions.Existing.UNPROTECTED));
    }
}
