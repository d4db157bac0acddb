package io.pinbounce.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

final class RequirementsTest {

    @Test
    void whatIsThereIsNoObstacle() {
        Requirements.require(true, "a unicorn", "all");
        Requirements.require(true, "a unicorn", "");
    }

    @Test
    void whatIsMissingSkipsWithTheReason() {
        TestAbortedException skipped =
                assertThrows(
                        TestAbortedException.class,
                        () -> Requirements.require(false, "a unicorn", ""));
        assertTrue(skipped.toString().contains("a unicorn"), skipped.toString());
    }

    @Test
    void whatIsMissingFailsWhereAllIsRequired() {
        AssertionError failed =
                assertThrows(
                        AssertionError.class,
                        () -> Requirements.require(false, "a unicorn", "all"));
        assertTrue(failed.toString().contains("a unicorn"), failed.toString());
    }
}
