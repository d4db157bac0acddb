package io.pinbounce.internal.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device by number.
 *
 * @param major which driver; 0 for the anonymous devices of file systems without one device of
 *     their own (btrfs, overlay, tmpfs)
 * @param minor which of the driver's devices
 */
public record DeviceNumber(int major, int minor) {

    private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,9}):([0-9]{1,9})");

    /**
     * Takes a {@code dev_t} apart as the C library packs it (bits/sysmacros.h):
     *
     * <pre>
     *  63            44 43            20 19         8 7         0
     * ┌────────────────┬────────────────┬────────────┬───────────┐
     * │ major, high 20 │ minor, high 24 │ major, 12  │ minor, 8  │
     * └────────────────┴────────────────┴────────────┴───────────┘
     * </pre>
     *
     * @param device as stat(2) reports it
     * @return its numbers
     */
    public static DeviceNumber of(long device) {
        long major = (device >>> 8 & 0xfff) | (device >>> 32 & 0xfffff000L);
        long minor = (device & 0xff) | (device >>> 12 & 0xffffff00L);
        return new DeviceNumber((int) major, (int) minor);
    }

    /** Reads what {@link #toString} writes; {@code 0:0} where that is something else. */
    static DeviceNumber parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        return numbers.matches()
                ? new DeviceNumber(
                        Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : new DeviceNumber(0, 0);
    }

    /**
     * The {@code dev_t} that {@link #of} takes apart.
     *
     * @return as stat(2) reports it
     */
    public long packed() {
        long m = Integer.toUnsignedLong(major);
        long n = Integer.toUnsignedLong(minor);
        return (m & 0xfff) << 8 | (m & ~0xfffL) << 32 | (n & 0xff) | (n & ~0xffL) << 12;
    }

    boolean isAnonymous() {
        return major == 0;
    }

    /** As sysfs and mountinfo write it. */
    @Override
    public String toString() {
        return major + ":" + minor;
    }
}
