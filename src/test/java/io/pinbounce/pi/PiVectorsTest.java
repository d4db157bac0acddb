package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pinbounce.internal.crc.Vectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Known answers: tuples, and the first failure that verification reports. */
class PiVectorsTest {

    private static final int TUPLES = 110;

    private static final int VERDICTS = 504;

    private static PiContextBuilder context(String format, String type, String interval) {
        return PiContext.of(PiFormat.valueOf("GUARD_" + format), Integer.parseInt(interval))
                .toBuilder()
                .type(PiType.valueOf("TYPE_" + type));
    }

    private static PiContext tupleContext(String[] row) {
        PiContext context = context(row[1], row[2], row[3]).build();
        return context.toBuilder()
                .metadataSize(Integer.parseInt(row[4]))
                .tuplePosition(TuplePosition.valueOf(row[5]))
                .refSeed(Long.parseUnsignedLong(row[8], 16))
                .appTag(Integer.parseInt(row[9], 16))
                .storageTag(context.storageTagSize(), Long.parseUnsignedLong(row[10], 16))
                .build();
    }

    /** Metadata before generation: byte j is 5 * j + 1, and every tuple is zero. */
    private static byte[] freshMetadata(PiContext context, int intervals) {
        byte[] metadata = new byte[intervals * context.metadataSize()];
        int tupleSize = context.format().tupleSize();
        for (int j = 0; j < metadata.length; j++) {
            int inTuple = j % context.metadataSize() - context.tupleOffset();
            metadata[j] = (byte) (inTuple >= 0 && inTuple < tupleSize ? 0 : 5 * j + 1);
        }
        return metadata;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** Ways to generate; each returns the metadata. */
    enum Way {
        CONTIGUOUS,
        INTERLEAVED,
        SEPARATE,
        INTERLEAVED_CUT,
        SEPARATE_CUT;

        byte[] generate(PiContext context, byte[] data, byte[] metadata) {
            MemorySegment memory = MemorySegment.ofArray(metadata);
            if (this == CONTIGUOUS) {
                Pi.generate(context, MemorySegment.ofArray(data), memory, 0);
                return metadata;
            }
            MetadataLayout layout =
                    name().startsWith("I") ? MetadataLayout.INTERLEAVED : MetadataLayout.SEPARATE;
            int cuts = name().endsWith("CUT") ? 9 : 0;
            Arrangement arrangement =
                    Arrangement.random(context, layout, data, metadata, cuts, data.length);
            Pi.generate(context, arrangement.blocks(), 0);
            assertArrayEquals(data, arrangement.data());
            return arrangement.metadata();
        }
    }

    /** The identifiers of the tuple vectors that fail when contexts are changed in some way. */
    private static List<String> wrongTuples(Way way, UnaryOperator<PiContext> change) {
        List<String> wrong = new ArrayList<>();
        List<String[]> rows = Vectors.rows(PiVectorsTest.class, "tuples.csv");
        assertEquals(TUPLES, rows.size());
        for (String[] row : rows) {
            PiContext context = tupleContext(row);
            int intervals = Integer.parseInt(row[7]);
            byte[] data = Vectors.pattern(row[6], intervals * context.interval());
            byte[] metadata =
                    way.generate(change.apply(context), data, freshMetadata(context, intervals));
            if (!HexFormat.of().formatHex(metadata).equals(row[11])
                    || !sha256(Arrangement.interleaved(context, data, metadata)).equals(row[12])) {
                wrong.add(row[0]);
            }
        }
        return wrong;
    }

    @ParameterizedTest
    @EnumSource
    void generatedTuplesAreTheKnownOnes(Way way) {
        assertEquals(List.of(), wrongTuples(way, context -> context));
    }

    @Test
    void canaryAnotherReferenceSeedIsNoticedInEveryVector() {
        UnaryOperator<PiContext> change =
                context -> context.toBuilder().refSeed(context.refSeed() + 1).build();
        assertEquals(TUPLES, wrongTuples(Way.CONTIGUOUS, change).size());
    }

    private static Set<PiCheck> checks(String letters) {
        Set<PiCheck> checks = EnumSet.noneOf(PiCheck.class);
        for (PiCheck check : PiCheck.values()) {
            if (letters.indexOf(check.name().charAt(0)) >= 0) {
                checks.add(check);
            }
        }
        return checks;
    }

    private static PiContext verifyContext(String[] row) {
        return context(row[0], row[1], row[2])
                .checks(checks(row[4]))
                .appMask(Integer.parseInt(row[5], 16))
                .appTag(Integer.parseInt(row[6], 16))
                .refSeed(Long.parseUnsignedLong(row[7], 16))
                .build();
    }

    private static String first(List<PiMismatch> mismatches) {
        if (mismatches.isEmpty()) {
            return "OK";
        }
        return switch (mismatches.getFirst().first()) {
            case GUARD -> "GUARD";
            case APP_TAG -> "APP";
            case REF_TAG -> "REF";
            case STORAGE_TAG -> "STORAGE";
        };
    }

    /** The verification vectors that fail when contexts are changed in some way. */
    private static List<String> wrongVerdicts(UnaryOperator<PiContext> change) {
        List<String> wrong = new ArrayList<>();
        List<String[]> rows = Vectors.rows(PiVectorsTest.class, "verify.csv");
        assertEquals(VERDICTS, rows.size());
        for (String[] row : rows) {
            PiContext context = change.apply(verifyContext(row));
            byte[] data = Vectors.pattern(row[3], context.interval());
            byte[] tuple = HexFormat.of().parseHex(row[8]);
            List<PiMismatch> mismatches =
                    Pi.verify(
                            context, MemorySegment.ofArray(data), MemorySegment.ofArray(tuple), 0);
            PiBlocks blocks =
                    Arrangement.random(context, MetadataLayout.INTERLEAVED, data, tuple, 3, 0)
                            .blocks();
            assertEquals(mismatches, Pi.verify(context, blocks, 0));
            if (!first(mismatches).equals(row[9])) {
                wrong.add(String.join(",", row));
            }
        }
        return wrong;
    }

    @Test
    void verificationReportsTheKnownFailures() {
        assertEquals(List.of(), wrongVerdicts(context -> context));
    }

    @Test
    void canaryAVerifierThatForgetsACheckIsNoticed() {
        for (PiCheck forgotten : checks("GAR")) {
            UnaryOperator<PiContext> change =
                    context -> {
                        Set<PiCheck> checks = EnumSet.noneOf(PiCheck.class);
                        checks.addAll(context.checks());
                        checks.remove(forgotten);
                        return context.toBuilder().checks(checks).build();
                    };
            assertNotEquals(List.of(), wrongVerdicts(change), forgotten.toString());
        }
    }
}
