package io.pinbounce;

import io.pinbounce.buffer.BouncePool;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * How a file is opened. An immutable value: each method returns a changed copy.
 *
 * <pre>{@code
 * DirectOptions.readWrite().create().transfer(Transfer.BOUNCE)
 * }</pre>
 */
public final class DirectOptions {

    /** What the file is used for. */
    public enum Access {
        /** Reading only. */
        READ,
        /** Reading and writing. */
        READ_WRITE
    }

    /** What if the file is there, or is not. */
    public enum Existence {
        /** It must be there. */
        REQUIRED,
        /** It is made if it is not there, and its folder synced. */
        CREATE,
        /** It must not be there, and is made. */
        CREATE_NEW
    }

    /** What happens to data that is there. */
    public enum Contents {
        /** It stays. */
        KEEP,
        /** The file starts empty. */
        DISCARD
    }

    private final Access access;

    private final Existence existence;

    private final Contents contents;

    private final DirectIo directIo;

    private final Durability durability;

    private final Transfer transfer;

    private final Protection protection;

    private final BouncePool bouncePool;

    private final @Nullable IoService ioService;

    private DirectOptions(
            Access access,
            Existence existence,
            Contents contents,
            DirectIo directIo,
            Durability durability,
            Transfer transfer,
            Protection protection,
            BouncePool bouncePool,
            @Nullable IoService ioService) {
        this.access = Objects.requireNonNull(access, "access");
        this.existence = Objects.requireNonNull(existence, "existence");
        this.contents = Objects.requireNonNull(contents, "contents");
        this.directIo = Objects.requireNonNull(directIo, "directIo");
        this.durability = Objects.requireNonNull(durability, "durability");
        this.transfer = Objects.requireNonNull(transfer, "transfer");
        this.protection = Objects.requireNonNull(protection, "protection");
        this.bouncePool = Objects.requireNonNull(bouncePool, "bouncePool");
        this.ioService = ioService;
        if (access == Access.READ
                && (existence != Existence.REQUIRED || contents != Contents.KEEP)) {
            throw new IllegalArgumentException(
                    "only a file open for writing is created or emptied; use readWrite(),"
                            + (" existence=" + existence + " contents=" + contents));
        }
    }

    /**
     * Reading only: the file must exist, direct I/O is {@link DirectIo#REQUIRED}, transfers are
     * {@link Transfer#AUTO}, nothing is guarded.
     *
     * @return options to change further
     */
    public static DirectOptions readOnly() {
        return initial(Access.READ);
    }

    /**
     * Reading and writing, with the same defaults; writes are durable after {@link
     * DirectFile#force()}.
     *
     * @return options to change further
     */
    public static DirectOptions readWrite() {
        return initial(Access.READ_WRITE);
    }

    private static DirectOptions initial(Access access) {
        return new DirectOptions(
                access,
                Existence.REQUIRED,
                Contents.KEEP,
                DirectIo.REQUIRED,
                Durability.ON_FORCE,
                Transfer.AUTO,
                Protection.none(),
                BouncePool.shared(),
                null);
    }

    /**
     * Makes the file if it is not there, and syncs its folder then.
     *
     * @return a changed copy
     * @throws IllegalArgumentException if the options are for reading only
     */
    public DirectOptions create() {
        return with(Existence.CREATE, contents);
    }

    /**
     * Makes the file, which must not be there, and syncs its folder.
     *
     * @return a changed copy
     * @throws IllegalArgumentException if the options are for reading only
     */
    public DirectOptions createNew() {
        return with(Existence.CREATE_NEW, contents);
    }

    /**
     * Empties the file. Block devices refuse this.
     *
     * @return a changed copy
     * @throws IllegalArgumentException if the options are for reading only
     */
    public DirectOptions truncate() {
        return with(existence, Contents.DISCARD);
    }

    /**
     * Says what happens where direct I/O is not real.
     *
     * @param policy fail, or go on and report it
     * @return a changed copy
     */
    public DirectOptions directIo(DirectIo policy) {
        return new DirectOptions(
                access,
                existence,
                contents,
                policy,
                durability,
                transfer,
                protection,
                bouncePool,
                ioService);
    }

    /**
     * Says when a write survives a power cut.
     *
     * @param policy after a force, or when it returns
     * @return a changed copy
     */
    public DirectOptions durability(Durability policy) {
        return new DirectOptions(
                access,
                existence,
                contents,
                directIo,
                policy,
                transfer,
                protection,
                bouncePool,
                ioService);
    }

    /**
     * Says how data moves.
     *
     * @param mode pin, bounce, or decide
     * @return a changed copy
     */
    public DirectOptions transfer(Transfer mode) {
        return new DirectOptions(
                access,
                existence,
                contents,
                directIo,
                durability,
                mode,
                protection,
                bouncePool,
                ioService);
    }

    /**
     * Says whether and how data is guarded.
     *
     * @param guarded the protection
     * @return a changed copy
     */
    public DirectOptions protection(Protection guarded) {
        return new DirectOptions(
                access,
                existence,
                contents,
                directIo,
                durability,
                transfer,
                guarded,
                bouncePool,
                ioService);
    }

    /**
     * Says where bounced data passes through.
     *
     * @param pool a pool that stays open longer than the file
     * @return a changed copy
     */
    public DirectOptions bouncePool(BouncePool pool) {
        return new DirectOptions(
                access,
                existence,
                contents,
                directIo,
                durability,
                transfer,
                protection,
                pool,
                ioService);
    }

    /**
     * Says who moves the data of asynchronous calls, and of calls on virtual threads.
     *
     * @param service a service that stays open longer than the file
     * @return a changed copy
     */
    public DirectOptions ioService(IoService service) {
        return new DirectOptions(
                access,
                existence,
                contents,
                directIo,
                durability,
                transfer,
                protection,
                bouncePool,
                Objects.requireNonNull(service, "service"));
    }

    private DirectOptions with(Existence existence, Contents contents) {
        return new DirectOptions(
                access,
                existence,
                contents,
                directIo,
                durability,
                transfer,
                protection,
                bouncePool,
                ioService);
    }

    /**
     * Reading, or reading and writing.
     *
     * @return the policy
     */
    public Access access() {
        return access;
    }

    /**
     * What if the file is there, or is not.
     *
     * @return the policy
     */
    public Existence existence() {
        return existence;
    }

    /**
     * What happens to data that is there.
     *
     * @return the policy
     */
    public Contents contents() {
        return contents;
    }

    /**
     * What if direct I/O is not real on this file.
     *
     * @return the policy
     */
    public DirectIo directIo() {
        return directIo;
    }

    /**
     * When a write survives a power cut.
     *
     * @return the policy
     */
    public Durability durability() {
        return durability;
    }

    /**
     * Pin, bounce, or decide.
     *
     * @return the policy
     */
    public Transfer transfer() {
        return transfer;
    }

    /**
     * Whether and how data is guarded.
     *
     * @return the protection
     */
    public Protection protection() {
        return protection;
    }

    /**
     * Where bounced data passes through.
     *
     * @return the pool
     */
    public BouncePool bouncePool() {
        return bouncePool;
    }

    /**
     * Who moves the data of asynchronous calls, and of calls on virtual threads.
     *
     * @return the service; the one of the process, started now if need be, unless another was named
     */
    public IoService ioService() {
        IoService named = ioService;
        return named == null ? IoService.shared() : named;
    }

    /** Whether the service is one of the user's own. */
    boolean namesService() {
        return ioService != null;
    }

    /** The service, if it is running. */
    @Nullable IoService runningService() {
        IoService named = ioService;
        return named == null ? IoService.running() : named;
    }
}
