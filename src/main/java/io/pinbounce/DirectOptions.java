package io.pinbounce;

import io.pinbounce.buffer.BouncePool;
import io.pinbounce.internal.driver.RingThreads;
import io.pinbounce.internal.file.OpenSpec;

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

    private final Access access;

    private Existence existence = Existence.REQUIRED;

    private Contents contents = Contents.KEEP;

    private DirectIo directIo = DirectIo.REQUIRED;

    private Durability durability = Durability.ON_FORCE;

    private Transfer transfer = Transfer.AUTO;

    private Protection protection = Protection.none();

    private Bypass bypass = Bypass.REFUSED;

    private BouncePool bouncePool = BouncePool.shared();

    private @Nullable IoService ioService;

    private DirectOptions(Access access) {
        this.access = access;
    }

    /** Makes a copy, of which one field is changed before a caller gets it. */
    private DirectOptions copy() {
        DirectOptions copy = new DirectOptions(access);
        copy.existence = existence;
        copy.contents = contents;
        copy.directIo = directIo;
        copy.durability = durability;
        copy.transfer = transfer;
        copy.protection = protection;
        copy.bypass = bypass;
        copy.bouncePool = bouncePool;
        copy.ioService = ioService;
        return copy;
    }

    /**
     * Reading only: the file must exist, direct I/O is {@link DirectIo#REQUIRED}, transfers are
     * {@link Transfer#AUTO}, nothing is guarded.
     *
     * @return options to change further
     */
    public static DirectOptions readOnly() {
        return new DirectOptions(Access.READ);
    }

    /**
     * Reading and writing, with the same defaults; writes are durable after {@link
     * DirectFile#force()}.
     *
     * @return options to change further
     */
    public static DirectOptions readWrite() {
        return new DirectOptions(Access.READ_WRITE);
    }

    /**
     * Makes the file if it does not exist, and then syncs its folder.
     *
     * @return a changed copy
     * @throws IllegalArgumentException if the options are for reading only
     */
    public DirectOptions create() {
        requireWritable();
        DirectOptions copy = copy();
        copy.existence = Existence.CREATE;
        return copy;
    }

    /**
     * Makes the file, which must not exist, and syncs its folder.
     *
     * @return a changed copy
     * @throws IllegalArgumentException if the options are for reading only
     */
    public DirectOptions createNew() {
        requireWritable();
        DirectOptions copy = copy();
        copy.existence = Existence.CREATE_NEW;
        return copy;
    }

    /**
     * Empties the file. Block devices refuse this.
     *
     * @return a changed copy
     * @throws IllegalArgumentException if the options are for reading only
     */
    public DirectOptions truncate() {
        requireWritable();
        DirectOptions copy = copy();
        copy.contents = Contents.DISCARD;
        return copy;
    }

    private void requireWritable() {
        if (access == Access.READ) {
            throw new IllegalArgumentException(
                    "only a file that is open for writing is created or emptied; use readWrite():"
                            + (" access=" + access));
        }
    }

    /**
     * Says what happens where direct I/O is not real.
     *
     * @param policy fail, or go on and report it
     * @return a changed copy
     */
    public DirectOptions directIo(DirectIo policy) {
        DirectOptions copy = copy();
        copy.directIo = Objects.requireNonNull(policy, "policy");
        return copy;
    }

    /**
     * Says when a write survives a power cut.
     *
     * @param policy after a force, or when it returns
     * @return a changed copy
     */
    public DirectOptions durability(Durability policy) {
        DirectOptions copy = copy();
        copy.durability = Objects.requireNonNull(policy, "policy");
        return copy;
    }

    /**
     * Says how data moves.
     *
     * @param mode pin, bounce, or decide
     * @return a changed copy
     */
    public DirectOptions transfer(Transfer mode) {
        DirectOptions copy = copy();
        copy.transfer = Objects.requireNonNull(mode, "mode");
        return copy;
    }

    /**
     * Says whether and how data is guarded.
     *
     * @param guarded the protection
     * @return a changed copy
     */
    public DirectOptions protection(Protection guarded) {
        DirectOptions copy = copy();
        copy.protection = Objects.requireNonNull(guarded, "guarded");
        return copy;
    }

    /**
     * Says whether data that has a sidecar may be written without its protection. Reading it
     * without is always allowed; {@link DirectCounts#unverifiedIntervals} counts it.
     *
     * @param policy fail, or go on
     * @return a changed copy
     */
    public DirectOptions bypass(Bypass policy) {
        DirectOptions copy = copy();
        copy.bypass = Objects.requireNonNull(policy, "policy");
        return copy;
    }

    /**
     * Says where bounced data passes through.
     *
     * @param pool a pool that stays open longer than the file
     * @return a changed copy
     */
    public DirectOptions bouncePool(BouncePool pool) {
        DirectOptions copy = copy();
        copy.bouncePool = Objects.requireNonNull(pool, "pool");
        return copy;
    }

    /**
     * Says which service moves the data of asynchronous calls, and of calls on virtual threads.
     *
     * @param service a service, which is closed after the file
     * @return a changed copy
     */
    public DirectOptions ioService(IoService service) {
        DirectOptions copy = copy();
        copy.ioService = Objects.requireNonNull(service, "service");
        return copy;
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
     * Whether the file must exist, must not, or is made if it does not.
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
     * What happens if direct I/O is not real on this file.
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
     * Whether data that has a sidecar may be written without its protection.
     *
     * @return the policy
     */
    public Bypass bypass() {
        return bypass;
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
     * The service that moves the data of asynchronous calls, and of calls on virtual threads.
     *
     * @return the service that was named; if none was, that of the process, which this call starts
     *     if it is not running
     */
    public IoService ioService() {
        IoService named = ioService;
        return named == null ? IoService.shared() : named;
    }

    /** The options that the internal packages need. */
    OpenSpec spec() {
        return new OpenSpec(
                access,
                existence,
                contents,
                directIo,
                durability,
                transfer,
                protection,
                bypass,
                bouncePool);
    }

    /** The ring threads of the service that was named; null if none was. */
    @Nullable RingThreads namedThreads() {
        return ioService == null ? null : ioService.threads();
    }
}
