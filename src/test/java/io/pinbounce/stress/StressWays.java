package io.pinbounce.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pinbounce.DirectQueue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The ways to carry out requests: one after the other, by futures, through a queue. */
final class StressWays {

    private StressWays() {}

    /** Blocking calls. */
    static void blocking(List<StressRequest> requests) throws IOException {
        for (StressRequest request : requests) {
            try {
                if (request.kind == StressRequest.Kind.WRITE) {
                    request.file.write(request.memory, request.position);
                } else {
                    assertEquals(Stamp.BLOCK, request.file.read(request.memory, request.position));
                }
            } catch (ClosedChannelException _) {
                request.refuse();
            }
        }
    }

    /** Calls that do not wait, all at once. */
    static void futures(List<StressRequest> requests) throws Exception {
        List<CompletableFuture<? extends @Nullable Object>> futures = new ArrayList<>();
        for (StressRequest request : requests) {
            futures.add(
                    request.kind == StressRequest.Kind.WRITE
                            ? request.file.writeAsync(request.memory, request.position)
                            : request.file.readAsync(request.memory, request.position));
        }
        for (int i = 0; i < futures.size(); i++) {
            try {
                futures.get(i).get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof ClosedChannelException)) {
                    throw e;
                }
                requests.get(i).refuse();
            }
        }
    }

    /** Through a queue of the current thread. */
    static void queue(DirectQueue queue, List<StressRequest> requests) throws IOException {
        ask(queue, requests);
        while (queue.pending() > 0) {
            queue.await(1, done -> assertEquals(Stamp.BLOCK, done.bytes(), done::toString));
        }
    }

    /** Only puts requests into a queue. */
    static void ask(DirectQueue queue, List<StressRequest> requests) throws IOException {
        for (int i = 0; i < requests.size(); i++) {
            StressRequest request = requests.get(i);
            try {
                if (request.kind == StressRequest.Kind.WRITE) {
                    queue.write(request.file, request.memory, request.position, i);
                } else {
                    queue.read(request.file, request.memory, request.position, i);
                }
            } catch (ClosedChannelException _) {
                request.refuse();
            }
        }
        queue.submit();
    }
}
