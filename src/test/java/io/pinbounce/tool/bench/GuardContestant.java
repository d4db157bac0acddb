package io.pinbounce.tool.bench;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.pinbounce.internal.crc.Crc16T10Dif;
import io.pinbounce.internal.crc.Crc32c;
import io.pinbounce.internal.crc.Crc64Nvme;
import io.pinbounce.internal.crc.JavaTwin;
import io.pinbounce.internal.linux.StubLibrary;
import io.pinbounce.internal.linux.StubLibrary.Guard;
import io.pinbounce.pi.Pi;

import java.lang.foreign.MemorySegment;

/** What computes guards in a benchmark, of all the data at once. */
public enum GuardContestant {
    /** The yardstick: {@link MemorySegment#copy}. */
    COPY("") {
        @Override
        long pass(GuardBuffers buffers) {
            MemorySegment source = buffers.source();
            MemorySegment.copy(source, 0, buffers.destination(), 0, source.byteSize());
            return 0;
        }
    },

    /** CRC-16/T10-DIF as it is usually written in Java. */
    SLICING_CRC16("") {
        @Override
        long pass(GuardBuffers buffers) {
            return SlicingBy8.crc16(buffers.source());
        }
    },

    /** Our CRC-16/T10-DIF in Java. */
    JAVA_CRC16("") {
        @Override
        long pass(GuardBuffers buffers) {
            return java(Guard.CRC16_T10DIF, buffers.source());
        }
    },

    /** Our CRC-32C in Java. */
    JAVA_CRC32C("") {
        @Override
        long pass(GuardBuffers buffers) {
            return java(Guard.CRC32C, buffers.source());
        }
    },

    /** Our CRC-64/NVME in Java. */
    JAVA_CRC64("") {
        @Override
        long pass(GuardBuffers buffers) {
            return java(Guard.CRC64_NVME, buffers.source());
        }
    },

    /** Our CRC-16/T10-DIF where the processor can. */
    NATIVE_CRC16(missingNative()) {
        @Override
        long pass(GuardBuffers buffers) {
            return Crc16T10Dif.update(0, buffers.source(), 0, buffers.source().byteSize());
        }
    },

    /** Our CRC-32C where the processor can. */
    NATIVE_CRC32C(missingNative()) {
        @Override
        long pass(GuardBuffers buffers) {
            MemorySegment source = buffers.source();
            return Integer.toUnsignedLong(Crc32c.update(0, source, 0, source.byteSize()));
        }
    },

    /** Our CRC-64/NVME where the processor can. */
    NATIVE_CRC64(missingNative()) {
        @Override
        long pass(GuardBuffers buffers) {
            return Crc64Nvme.update(0, buffers.source(), 0, buffers.source().byteSize());
        }
    },

    /** ISA-L's CRC-16/T10-DIF. */
    ISAL_CRC16(IsaL.missing()) {
        @Override
        long pass(GuardBuffers buffers) {
            return IsaL.crc16(buffers.source());
        }
    },

    /** ISA-L's CRC-32C. */
    ISAL_CRC32C(IsaL.missing()) {
        @Override
        long pass(GuardBuffers buffers) {
            return IsaL.crc32c(buffers.source());
        }
    },

    /** ISA-L's CRC-64/NVME. */
    ISAL_CRC64(IsaL.missingCrc64()) {
        @Override
        long pass(GuardBuffers buffers) {
            return IsaL.crc64(buffers.source());
        }
    },

    /** {@link Pi#generateCopy}: a copy of every interval, and its tuple with a 16-bit guard. */
    GUARDED_COPY("") {
        @Override
        long pass(GuardBuffers buffers) {
            Pi.generateCopy(
                    buffers.context(),
                    buffers.source(),
                    buffers.destination(),
                    buffers.metadata(),
                    0);
            return 0;
        }
    },

    /** What a user of ISA-L does: copy an interval, then its CRC while it is in the cache. */
    COPY_THEN_ISAL(IsaL.missing()) {
        @Override
        long pass(GuardBuffers buffers) {
            int interval = buffers.context().interval();
            int tuple = buffers.context().metadataSize();
            MemorySegment destination = buffers.destination();
            for (long at = 0, to = 0; at < destination.byteSize(); at += interval, to += tuple) {
                MemorySegment.copy(buffers.source(), at, destination, at, interval);
                long guard = IsaL.crc16(destination.asSlice(at, interval));
                short bigEndian = Short.reverseBytes((short) guard);
                buffers.metadata().set(JAVA_SHORT_UNALIGNED, to, bigEndian);
            }
            return 0;
        }
    };

    private final String missing;

    GuardContestant(String missing) {
        this.missing = missing;
    }

    /** Why this one cannot run here, and what to do; empty if it can. */
    String missing() {
        return missing;
    }

    /** Works on all the data once; the CRC, if it is one over all of it. */
    abstract long pass(GuardBuffers buffers);

    private static long java(Guard guard, MemorySegment memory) {
        return JavaTwin.update(guard, 0, memory, 0, memory.byteSize());
    }

    private static String missingNative() {
        return StubLibrary.instructions() == null ? StubLibrary.reason() : "";
    }
}
