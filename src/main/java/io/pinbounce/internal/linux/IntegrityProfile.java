package io.pinbounce.internal.linux;

/**
 * The protection information that a device keeps beside its blocks.
 *
 * @param format the kernel's name, for example {@code "T10-DIF-TYPE1-CRC"}; {@code "none"} without
 *     protection, {@code "nop"} for metadata that is not checked
 * @param interval bytes that one tuple guards; 0 if unknown
 * @param source which interface reported it, for example {@code "sysfs integrity/format"}
 */
public record IntegrityProfile(String format, int interval, String source) {

    /** A device, or a kernel, without protection information. */
    public static final IntegrityProfile NONE = new IntegrityProfile("none", 0, "");

    /**
     * Whether blocks are guarded by a checksum, so that a buffer that changes while it is being
     * written fails.
     *
     * @return false for {@code "none"} and {@code "nop"}
     */
    public boolean guards() {
        return !format.equals("none") && !format.equals("nop");
    }
}
