package io.pinbounce.tool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

final class FiguresTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "1048524, 1023.9 KiB",
        "1048525, 1 MiB",
        "4294967296, 4 GiB",
        "9223372036854775807, 8 EiB"
    })
    void bytesHaveTheUnitThatFits(long bytes, String text) {
        assertEquals(text, Figures.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59, 59 s",
        "60, 1:00",
        "3599, 59:59",
        "3600, 1:00:00",
        "359999, 99:59:59",
        "360000, ages",
        "-1, 0 s"
    })
    void timeHasThePartsThatItNeeds(long seconds, String text) {
        assertEquals(text, Figures.time(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @CsvSource({"40, 0.0 s", "1260, 1.3 s", "9999, 10.0 s", "10000, 10 s", "61000, 1:01"})
    void shortTimesHaveOneDigitBehindThePoint(long millis, String text) {
        assertEquals(text, Figures.took(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 intervals", "1, 1 interval", "1234567, '1,234,567 intervals'"})
    void oneThingIsNamedInTheSingular(long value, String text) {
        assertEquals(text, Figures.count(value, "interval"));
    }
}
