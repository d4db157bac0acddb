package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class JsonTest {

    @Test
    void mapsKeepTheirOrderAndNest() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", List.of(true, "x"));
        map.put("none", null);
        map.put("state", Thread.State.NEW);
        assertEquals(
                """
                [
                  {
                    "z": 1,
                    "a": [
                      true,
                      "x"
                    ],
                    "none": null,
                    "state": "NEW"
                  }
                ]\
                """,
                Json.write(List.of(map)));
    }

    @Test
    void emptyValuesStayOnOneLine() {
        assertEquals("[]", Json.write(List.of()));
        assertEquals("{}", Json.write(Map.of()));
        assertEquals("\"\"", Json.write(""));
    }

    @Test
    void numbersKeepAllDigits() {
        assertEquals("9223372036854775807", Json.write(Long.MAX_VALUE));
        assertEquals("-0.5", Json.write(-0.5));
        assertEquals("1.0E-7", Json.write(1e-7));
    }

    @Test
    void stringsAreEscaped() {
        assertEquals("\"\\\"\\\\/\\n\\r\\t\"", Json.write("\"\\/\n\r\t"));
        assertEquals("\"\\u0000\\u001b\\u007f\"", Json.write("\0\33\177"));
        assertEquals("\"\\u00e9\\u2028\\ud83d\\ude00 ~\"", Json.write("é\u2028😀 ~"));
        assertEquals("{\n  \"a\\\"b\": 0\n}", Json.write(Map.of("a\"b", 0)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNoNumberInJsonIsRefused(double number) {
        assertThrows(IllegalArgumentException.class, () -> Json.write(number));
    }

    @Test
    void otherTypesAreRefusedByName() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
        assertEquals(
                "JSON has maps, lists, strings, numbers and booleans, type=java.lang.Object",
                refused.getMessage());
    }
}
