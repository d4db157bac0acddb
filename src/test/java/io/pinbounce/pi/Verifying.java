package io.pinbounce.pi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;

/** The ways to verify the same intervals, which must all report the same. */
enum Verifying implements Function<ProtectedIntervals, List<PiMismatch>> {
    CONTIGUOUS {
        @Override
        public List<PiMismatch> apply(ProtectedIntervals intervals) {
            return intervals.verify();
        }
    },
    INTERLEAVED {
        @Override
        public List<PiMismatch> apply(ProtectedIntervals intervals) {
            return blocks(intervals, cut(intervals, MetadataLayout.INTERLEAVED));
        }
    },
    SEPARATE {
        @Override
        public List<PiMismatch> apply(ProtectedIntervals intervals) {
            return blocks(intervals, cut(intervals, MetadataLayout.SEPARATE));
        }
    },
    STREAMED {
        @Override
        public List<PiMismatch> apply(ProtectedIntervals intervals) {
            MetadataLayout layout = MetadataLayout.INTERLEAVED;
            PiStream stream =
                    PiStream.verifying(intervals.context(), layout, intervals.firstInterval());
            cut(intervals, layout).first.forEach(stream::add);
            return stream.finish();
        }
    };

    private static List<PiMismatch> blocks(ProtectedIntervals intervals, Arrangement blocks) {
        return Pi.verify(intervals.context(), blocks.blocks(), intervals.firstInterval());
    }

    private static Arrangement cut(ProtectedIntervals intervals, MetadataLayout layout) {
        byte[] data = bytes(intervals.data());
        return Arrangement.random(
                intervals.context(), layout, data, bytes(intervals.metadata()), 9, data[0]);
    }

    private static byte[] bytes(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }
}
