package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceNumberTest {

    /** Packed by the C library's {@code makedev}. */
    @ParameterizedTest
    @CsvSource({
        "0x0, 0:0",
        "0x29, 0:41",
        "0xfe00, 254:0",
        "0x10010301, 259:65537",
        "0x100000000307, 4099:7",
        "0x100103, 1:259"
    })
    void aNumberIsTakenApartAndPackedAsTheCLibraryDoes(String packed, String number) {
        long device = Long.parseUnsignedLong(packed.substring(2), 16);
        assertEquals(number, DeviceNumber.of(device).toString());
        assertEquals(device, DeviceNumber.of(device).packed());
    }
}
