package io.pinbounce.internal.driver;

import io.pinbounce.DirectIoException.Call;
import io.pinbounce.Durability;
import io.pinbounce.Hole;
import io.pinbounce.internal.file.Holes;
import io.pinbounce.internal.file.OpenFile;
import io.pinbounce.internal.request.AllocateRequest;
import io.pinbounce.internal.request.ForceRequest;
import io.pinbounce.internal.request.ReadRequest;
import io.pinbounce.internal.request.Request;
import io.pinbounce.internal.request.SealRequest;
import io.pinbounce.internal.request.TruncateRequest;
import io.pinbounce.internal.request.WriteRequest;
import io.pinbounce.internal.thread.Dropped;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of a user on a file: each makes a request, lets it in, and drives it to its end, or
 * starts it asynchronously. For any thread.
 */
public final class FileCalls {

    private final OpenFile file;

    private final Admission admission;

    /** The object that the user holds: it must not count as dropped during a call. */
    private final Object user;

    public FileCalls(Admission admission, Object user) {
        this.file = admission.file();
        this.admission = admission;
        this.user = user;
    }

    public long read(MemorySegment memory, long position) throws IOException {
        CallingThread thread = new CallingThread(admission);
        ReadRequest request = new ReadRequest(thread.caller(), thread.waiter());
        request.buffers().set(memory);
        return read(thread, request, position);
    }

    public long read(List<MemorySegment> memory, long position) throws IOException {
        CallingThread thread = new CallingThread(admission);
        ReadRequest request = new ReadRequest(thread.caller(), thread.waiter());
        request.buffers().set(memory);
        return read(thread, request, position);
    }

    private long read(CallingThread thread, ReadRequest request, long position) throws IOException {
        admission.read(request, position);
        drive(thread, request);
        return request.done();
    }

    public void write(MemorySegment memory, long position) throws IOException {
        CallingThread thread = new CallingThread(admission);
        WriteRequest request = new WriteRequest(thread.caller(), null, thread.waiter());
        request.buffers().set(memory);
        write(thread, request, position);
    }

    public void write(List<MemorySegment> memory, long position) throws IOException {
        CallingThread thread = new CallingThread(admission);
        WriteRequest request = new WriteRequest(thread.caller(), null, thread.waiter());
        request.buffers().set(memory);
        write(thread, request, position);
    }

    private void write(CallingThread thread, WriteRequest request, long position)
            throws IOException {
        admission.write(request, position, Durability.ON_FORCE);
        try {
            thread.drive(request);
            admission.proveDirect(request);
        } finally {
            exit();
        }
    }

    public void force() throws IOException {
        CallingThread thread = new CallingThread(admission);
        ForceRequest request = new ForceRequest(thread.caller(), thread.waiter());
        admission.force(request);
        drive(thread, request);
    }

    public void seal(long position, long length) throws IOException {
        CallingThread thread = new CallingThread(admission);
        SealRequest request = new SealRequest(thread.caller(), thread.waiter());
        admission.seal(request, SealRequest.Scope.ALL, position, length);
        drive(thread, request);
    }

    public void truncate(long size) throws IOException {
        CallingThread thread = new CallingThread(admission);
        TruncateRequest request = new TruncateRequest(thread.caller(), thread.waiter());
        admission.truncate(request, size);
        drive(thread, request);
    }

    public void allocate(long position, long length) throws IOException {
        CallingThread thread = new CallingThread(admission);
        AllocateRequest request = new AllocateRequest(thread.caller(), thread.waiter());
        admission.allocate(request, position, length);
        drive(thread, request);
    }

    public long size() throws IOException {
        admission.enter();
        try {
            return file.device()
                    ? file.inode().size()
                    : file.refreshSize(new Call("size", file.path()));
        } finally {
            exit();
        }
    }

    public Hole verifyHole(long position, long length) throws IOException {
        admission.enter();
        try {
            return Holes.verify(file, position, length);
        } finally {
            exit();
        }
    }

    public CompletableFuture<Long> readAsync(MemorySegment memory, long position) {
        admission.requireShared("readAsync", memory);
        return start(
                ReadRequest::new,
                request -> {
                    request.buffers().set(memory);
                    admission.read(request, position);
                },
                ReadRequest::done);
    }

    public CompletableFuture<@Nullable Void> writeAsync(MemorySegment memory, long position) {
        admission.requireShared("writeAsync", memory);
        return start(
                (caller, waiter) -> new WriteRequest(caller, null, waiter),
                request -> {
                    request.buffers().set(memory);
                    admission.write(request, position, Durability.ON_FORCE);
                },
                request -> {
                    admission.proveDirect(request);
                    return null;
                });
    }

    public CompletableFuture<@Nullable Void> forceAsync() {
        return start(ForceRequest::new, admission::force, _ -> null);
    }

    private <R extends Request, T extends @Nullable Object> CompletableFuture<T> start(
            AsyncCall.Maker<R> maker, AsyncCall.Setting<R> setting, AsyncCall.End<R, T> end) {
        CompletableFuture<T> future = AsyncCall.start(admission, maker, setting, end);
        Dropped.keep(user);
        return future;
    }

    private void drive(CallingThread thread, Request request) throws IOException {
        try {
            thread.drive(request);
        } finally {
            exit();
        }
    }

    /** Lets a request out; the file counts as used up to here, even if the user has dropped it. */
    private void exit() {
        admission.exit();
        Dropped.keep(user);
    }
}
