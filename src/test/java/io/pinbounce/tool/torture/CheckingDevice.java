package io.pinbounce.tool.torture;

import io.pinbounce.internal.engine.SimulatedEngine.Fault;
import io.pinbounce.internal.engine.SimulatedEngine.Outcome;
import io.pinbounce.internal.engine.Submission;
import io.pinbounce.internal.engine.Submission.Op;
import io.pinbounce.internal.linux.Errno;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * A device that checks its data and does not announce that: a checksum is taken before the data is,
 * so memory has to hold still meanwhile. A read is checked in the memory that it fills.
 */
final class CheckingDevice implements Fault {

    private static final int BLOCK = 4096;

    /** Looks at memory that may change, before it is taken for unchanged. */
    private static final int LOOKS = 20;

    private static final long BETWEEN_LOOKS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Manner manner;

    /** Blocks that do not match their checksum. */
    private final BitSet bad = new BitSet();

    /** What becomes of a write that does not match its checksum. */
    enum Manner {
        /** It fails, as on a device with protection information. */
        REFUSES,
        /** It succeeds, and the blocks cannot be read any more, as with dm-integrity. */
        TAKES
    }

    CheckingDevice(Manner manner) {
        this.manner = manner;
    }

    @Override
    public Outcome decide(Submission submission) {
        if (submission.op() == Op.FORCE) {
            return Outcome.NORMAL;
        }
        int first = (int) (submission.position() / BLOCK);
        int end = (int) ((submission.position() + submission.length()) / BLOCK);
        boolean changed = changesMeanwhile(submission);
        if (submission.op() == Op.READ) {
            return changed || !bad.get(first, end).isEmpty()
                    ? Outcome.failed(Errno.EILSEQ)
                    : Outcome.NORMAL;
        }
        if (changed && manner == Manner.REFUSES) {
            return Outcome.failed(Errno.EILSEQ);
        }
        bad.set(first, end, changed);
        return Outcome.NORMAL;
    }

    private static boolean changesMeanwhile(Submission submission) {
        long before = checksum(submission);
        for (int look = 0; look < LOOKS; look++) {
            LockSupport.parkNanos(BETWEEN_LOOKS);
            if (checksum(submission) != before) {
                return true;
            }
        }
        return false;
    }

    private static long checksum(Submission submission) {
        CRC32C crc = new CRC32C();
        for (MemorySegment memory : submission.memory()) {
            crc.update(memory.asByteBuffer());
        }
        return crc.getValue();
    }
}
