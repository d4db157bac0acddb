package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/** An operation on blocks that are cut at one place, compared with the expected content. */
enum SplitCheck {
    GENERATE_AND_VERIFY {
        @Override
        void at(Cut cut, SplitCase of, SplitCase right) {
            Arrangement blocks = cut.apply(of.fresh);
            Pi.generate(of.context, blocks.blocks(), FIRST);
            assertEquals(List.of(), Pi.verify(of.context, blocks.blocks(), FIRST));
            right.generated.requireEqual(blocks);
        }
    },
    INSERT_AND_STRIP {
        @Override
        void at(Cut cut, SplitCase of, SplitCase right) {
            Arrangement stored = cut.apply(of.fresh);
            PiBlocks data = PiBlocks.dataOnly(MemorySegment.ofArray(of.fresh.data));
            Pi.generateCopy(of.context, data, stored.blocks(), FIRST);
            right.generated.requireEqual(stored);
            MemorySegment stripped = cut.memory.allocate(of.fresh.data.length);
            assertEquals(
                    List.of(),
                    Pi.verifyCopy(of.context, stored.blocks(), PiBlocks.dataOnly(stripped), FIRST));
            assertArrayEquals(of.fresh.data, stripped.toArray(ValueLayout.JAVA_BYTE));
        }
    },
    COPY_WITH_METADATA {
        @Override
        void at(Cut cut, SplitCase of, SplitCase right) {
            Cut other = new Cut(of.cuts() - 1 - cut.at, cut.layout, cut.memory);
            Arrangement source = other.apply(of.generated);
            Arrangement target = cut.apply(of.fresh);
            assertEquals(
                    List.of(), Pi.verifyCopy(of.context, source.blocks(), target.blocks(), FIRST));
            right.generated.requireEqual(target);
            Arrangement again = other.apply(of.generated);
            Pi.generateCopy(of.context, target.blocks(), again.blocks(), FIRST);
            of.generated.requireEqual(again);
        }
    },
    REMAP {
        @Override
        void at(Cut cut, SplitCase of, SplitCase right) {
            Arrangement blocks = cut.apply(of.generated);
            assertEquals(
                    List.of(),
                    Pi.remap(
                            of.context,
                            blocks.blocks(),
                            FIRST,
                            SplitCase.OTHER_REF_SEED,
                            RemapCheck.COMPARE));
            right.remapped.requireEqual(blocks);
        }
    },
    INJECT {
        @Override
        void at(Cut cut, SplitCase of, SplitCase right) {
            SplittableRandom random = new SplittableRandom(cut.at);
            for (InjectionTarget target : InjectionTarget.values()) {
                Arrangement blocks = cut.apply(of.generated);
                PiInjection done = Pi.inject(of.context, blocks.blocks(), target, random);
                Injected.requireFound(done, FIRST, Pi.verify(of.context, blocks.blocks(), FIRST));
                right.generated.injected(done).requireEqual(blocks);
            }
        }
    },
    STREAM {
        @Override
        void at(Cut cut, SplitCase of, SplitCase right) {
            Arrangement blocks = cut.apply(of.fresh);
            PiStream generating = PiStream.generating(of.context, cut.layout, FIRST);
            blocks.second.forEach(generating::addMetadata);
            blocks.first.forEach(generating::add);
            assertEquals(List.of(), generating.finish());
            right.generated.requireEqual(blocks);
            PiStream verifying = PiStream.verifying(of.context, cut.layout, FIRST);
            blocks.first.forEach(verifying::add);
            blocks.second.forEach(verifying::addMetadata);
            assertEquals(List.of(), verifying.finish());
        }
    };

    /** A place to cut at, counted as if data and metadata were interleaved. */
    record Cut(int at, MetadataLayout layout, SegmentAllocator memory) {

        Arrangement apply(SplitCase.Content content) {
            return content.cutAt(at, layout, memory);
        }
    }

    private static final long FIRST = SplitCase.FIRST;

    /** Runs the operation on blocks, and compares them with the expected content. */
    abstract void at(Cut cut, SplitCase of, SplitCase right);
}
