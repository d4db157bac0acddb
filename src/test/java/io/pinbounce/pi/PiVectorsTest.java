package io.pinbounce.pi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pinbounce.crc.Vectors;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Known answers: tuples, and what verification says first. */
class PiVectorsTest {

    private static PiContext tupleContext(String[] row) {
        return PiContext.t10(Integer.parseInt(row[2])).toBuilder()
                .type(PiType.valueOf("TYPE_" + row[1]))
                .metadataSize(Integer.parseInt(row[3]))
                .tuplePosition(TuplePosition.valueOf(row[4]))
                .refSeed(Long.parseUnsignedLong(row[7], 16))
                .appTag(Integer.parseInt(row[8], 16))
                .build();
    }

    /** Metadata before generation: byte j is 5 * j + 1, and every tuple is zero. */
    private static byte[] freshMetadata(PiContext context, int intervals) {
        byte[] metadata = new byte[intervals * context.metadataSize()];
        for (int j = 0; j < metadata.length; j++) {
            int inTuple = j % context.metadataSize() - context.tupleOffset();
            metadata[j] = (byte) (inTuple >= 0 && inTuple < 8 ? 0 : 5 * j + 1);
        }
        return metadata;
    }

    private static String interleavedSha256(PiContext context, byte[] data, byte[] metadata) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < data.length / context.interval(); i++) {
                digest.update(data, i * context.interval(), context.interval());
                digest.update(metadata, i * context.metadataSize(), context.metadataSize());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** The identifiers of the tuple vectors that fail when contexts are changed in some way. */
    private static List<String> wrongTuples(UnaryOperator<PiContext> change) {
        List<String> wrong = new ArrayList<>();
        List<String[]> rows = Vectors.rows(PiVectorsTest.class, "tuples-16.csv");
        assertEquals(71, rows.size());
        for (String[] row : rows) {
            PiContext context = tupleContext(row);
            int intervals = Integer.parseInt(row[6]);
            byte[] data = Vectors.pattern(row[5], intervals * context.interval());
            byte[] metadata = freshMetadata(context, intervals);
            Pi.generate(
                    change.apply(context),
                    MemorySegment.ofArray(data),
                    MemorySegment.ofArray(metadata),
                    0);
            if (!HexFormat.of().formatHex(metadata).equals(row[9])
                    || !interleavedSha256(context, data, metadata).equals(row[10])) {
                wrong.add(row[0]);
            }
        }
        return wrong;
    }

    @Test
    void tuples() {
        assertEquals(List.of(), wrongTuples(context -> context));
    }

    @Test
    void canaryAnotherReferenceSeedIsNoticedInEveryVector() {
        UnaryOperator<PiContext> change =
                context -> context.toBuilder().refSeed(context.refSeed() + 1).build();
        assertEquals(71, wrongTuples(change).size());
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
        return PiContext.t10(Integer.parseInt(row[1])).toBuilder()
                .type(PiType.valueOf("TYPE_" + row[0]))
                .checks(checks(row[3]))
                .appMask(Integer.parseInt(row[4], 16))
                .appTag(Integer.parseInt(row[5], 16))
                .refSeed(Long.parseUnsignedLong(row[6], 16))
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
        };
    }

    /** The verification vectors that fail when contexts are changed in some way. */
    private static List<String> wrongVerdicts(UnaryOperator<PiContext> change) {
        List<String> wrong = new ArrayList<>();
        List<String[]> rows = Vectors.rows(PiVectorsTest.class, "verify-16.csv");
        assertEquals(173, rows.size());
        for (String[] row : rows) {
            PiContext context = change.apply(verifyContext(row));
            byte[] data = Vectors.pattern(row[2], context.interval());
            byte[] tuple = HexFormat.of().parseHex(row[7]);
            List<PiMismatch> mismatches =
                    Pi.verify(
                            context, MemorySegment.ofArray(data), MemorySegment.ofArray(tuple), 0);
            if (!first(mismatches).equals(row[8])) {
                wrong.add(String.join(",", row));
            }
        }
        return wrong;
    }

    @Test
    void verdicts() {
        assertEquals(List.of(), wrongVerdicts(context -> context));
    }

    @Test
    void canaryAVerifierThatForgetsACheckIsNoticed() {
        for (PiCheck forgotten : PiCheck.values()) {
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
