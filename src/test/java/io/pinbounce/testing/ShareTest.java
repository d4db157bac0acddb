package io.pinbounce.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShareTest {

    private static final String OWN = "pinbounce.share.test";

    @AfterEach
    void clear() {
        System.clearProperty(OWN);
    }

    @Test
    void aTestsOwnPropertyOverridesTheShare() {
        assertEquals(Share.isFull() ? 200 : 20, Share.of(OWN, 20, 200));
        System.setProperty(OWN, "7");
        assertEquals(7, Share.of(OWN, 20, 200));
    }
}
