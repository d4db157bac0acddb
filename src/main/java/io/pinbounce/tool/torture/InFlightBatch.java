package io.pinbounce.tool.torture;

import io.pinbounce.Completion;
import io.pinbounce.DirectFile;
import io.pinbounce.DirectQueue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;

/**
 * Requests in flight together. Their tokens count up from 0, in the order in which they are asked
 * for. Every completion is compared with what was asked for under its token.
 */
final class InFlightBatch {

    private final DirectQueue queue;

    private final FaultHook hook;

    /** Tokens without a completion so far. */
    private final BitSet expected = new BitSet();

    /** Bytes that were asked for under each token. */
    private final long[] lengths;

    private int asked;

    private long overtakings;

    private long misplaced;

    /** Is told of each completion. */
    interface CompletionListener {

        /**
         * A request is done.
         *
         * @param token its number
         * @param agrees whether data and protection information agree
         */
        void completed(int token, boolean agrees) throws IOException;
    }

    InFlightBatch(DirectQueue queue, FaultHook hook) {
        this.queue = queue;
        this.hook = hook;
        lengths = new long[queue.depth()];
    }

    String engine() {
        return queue.engine();
    }

    void read(DirectFile file, List<MemorySegment> memory, long position) throws IOException {
        queue.read(file, memory, position, next(memory));
    }

    void write(DirectFile file, List<MemorySegment> memory, long position) throws IOException {
        queue.write(file, memory, position, next(memory));
    }

    private int next(List<MemorySegment> memory) {
        lengths[asked] = memory.size() * memory.getFirst().byteSize();
        expected.set(asked);
        return asked++;
    }

    /** Sends what was asked for so far. */
    void submit() throws IOException {
        queue.submit();
    }

    /**
     * Takes what is done.
     *
     * @return whether there is more to come; if not, tokens start at 0 again
     */
    boolean poll(CompletionListener listener) throws IOException {
        queue.poll(completion -> take(completion, listener));
        return continues();
    }

    /** Waits until all are done; tokens then start at 0 again. */
    void await(CompletionListener listener) throws IOException {
        do {
            queue.await(queue.pending(), completion -> take(completion, listener));
        } while (continues());
    }

    private boolean continues() {
        if (queue.pending() > 0) {
            return true;
        }
        misplaced += expected.cardinality();
        expected.clear();
        asked = 0;
        return false;
    }

    private void take(Completion completion, CompletionListener listener) throws IOException {
        long token = hook.token().applyAsLong(completion.token());
        if (token < 0 || token >= asked || !expected.get((int) token)) {
            misplaced++;
            return;
        }
        int index = (int) token;
        expected.clear(index);
        int oldest = expected.nextSetBit(0);
        if (oldest >= 0 && oldest < index) {
            overtakings++;
        }
        boolean agrees = CellRun.succeeds(completion::bytes);
        if (agrees && completion.bytes() != lengths[index]) {
            misplaced++;
        }
        listener.completed(index, agrees);
    }

    /** Completions that came before that of a request which was asked for earlier. */
    long overtakings() {
        return overtakings;
    }

    /** Completions since the last call that were missing, of no request, or of another length. */
    long takeMisplaced() {
        long taken = misplaced;
        misplaced = 0;
        return taken;
    }

    /** Waits, after a failure, until nothing uses the memory any more. */
    void abandon() throws IOException {
        while (queue.pending() > 0) {
            queue.await(queue.pending(), _ -> {});
        }
    }
}
