package io.pinbounce.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import java.math.BigInteger;

class AlignmentProperties {

    @Property
    void downIsTheNearestMultipleBelow(
            @ForAll @LongRange(min = 0) long value, @ForAll @LongRange(min = 1) long unit) {
        long down = Alignment.down(value, unit);
        assertTrue(Alignment.isAligned(down, unit));
        assertTrue(down <= value && value - down < unit);
    }

    @Property
    void upIsTheNearestMultipleAbove(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long value,
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 2) long unit) {
        long up = Alignment.up(value, unit);
        assertTrue(Alignment.isAligned(up, unit));
        assertTrue(value <= up && up - value < unit);
    }

    @Property
    void aMultipleIsRoundedToItself(
            @ForAll @IntRange(min = 0) int times, @ForAll @IntRange(min = 1) int unit) {
        long multiple = (long) times * unit;
        assertTrue(Alignment.isAligned(multiple, unit));
        assertEquals(multiple, Alignment.down(multiple, unit));
        assertEquals(multiple, Alignment.up(multiple, unit));
    }

    @Property
    void onlyMultiplesAreAligned(
            @ForAll @LongRange(min = 0) long value, @ForAll @LongRange(min = 1) long unit) {
        BigInteger rest = BigInteger.valueOf(value).mod(BigInteger.valueOf(unit));
        assertEquals(rest.signum() == 0, Alignment.isAligned(value, unit));
    }

    @Example
    void upRefusesAResultBeyondALong() {
        assertEquals(Long.MAX_VALUE, Alignment.up(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThrows(ArithmeticException.class, () -> Alignment.up(Long.MAX_VALUE, 4096));
    }

    @Property
    void commonIsTheLeastMultipleOfBoth(
            @ForAll @LongRange(min = 1) long first, @ForAll @LongRange(min = 1) long second) {
        BigInteger a = BigInteger.valueOf(first);
        BigInteger b = BigInteger.valueOf(second);
        BigInteger least = a.multiply(b).divide(a.gcd(b));
        if (least.bitLength() < Long.SIZE) {
            assertEquals(least.longValueExact(), Alignment.common(first, second));
        } else {
            assertThrows(ArithmeticException.class, () -> Alignment.common(first, second));
        }
    }

    @Property
    void commonOfSmallUnitsIsFoundByCounting(
            @ForAll @IntRange(min = 1, max = 200) int first,
            @ForAll @IntRange(min = 1, max = 200) int second) {
        int least = first;
        while (least % second != 0) {
            least += first;
        }
        assertEquals(least, Alignment.common(first, second));
    }
}
