package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class ArgumentsTest {

    /** In Latin-1, each character of the command line is a byte of it. */
    private static @Nullable String complaint(String typed, String... words) {
        return Arguments.complaint(words, typed.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void wordsThatWereDecodedAreTaken() {
        assertNull(Arguments.complaint(new String[] {"probe", "été"}));
        assertNull(complaint("java\0-jar\0x\0probe\0" + utf8("été") + "\0", "probe", "été"));
    }

    @Test
    void aNameThatIsNotUtf8IsReportedByItsBytes() {
        String complaint =
                complaint("java\0probe\0/x/bad\u00ff\n.dat\0", "probe", "/x/bad\ufffd\n.dat");
        assertNotNull(complaint);
        assertTrue(complaint.endsWith("name=/x/bad\\xff\\x0a.dat"), complaint);
        assertTrue(complaint.contains("rename it"), complaint);
    }

    @Test
    void aNameThatTheLocaleLacksIsReportedWithTheLocaleToSet() {
        String typed = "java\0probe\0" + utf8("été\u001b") + "\0";
        String complaint = complaint(typed, "probe", "\ufffd\ufffdt\ufffd\ufffd\u001b");
        assertNotNull(complaint);
        assertTrue(complaint.contains("LC_ALL=C.UTF-8"), complaint);
        assertTrue(complaint.endsWith("name=été\\x1b"), complaint);
    }

    /** The mark is a character that a name may have. */
    @Test
    void theMarkItselfIsTaken() {
        assertNull(complaint("java\0probe\0" + utf8("x\ufffd") + "\0", "probe", "x\ufffd"));
        assertEquals(null, complaint("short\0", "probe", "x\ufffd"));
    }
}
