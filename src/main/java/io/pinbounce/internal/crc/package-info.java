/**
 * The cyclic redundancy checks that guard data: pure functions over memory segments.
 *
 * <ul>
 *   <li>{@link io.pinbounce.internal.crc.Crc16T10Dif}: the 16-bit guard.
 *   <li>{@link io.pinbounce.internal.crc.Crc32c}: the 32-bit guard.
 *   <li>{@link io.pinbounce.internal.crc.Crc64Nvme}: the 64-bit guard.
 * </ul>
 *
 * <p>Each has a Java twin, which always serves, and a native one (native-stubs), which serves where
 * {@link io.pinbounce.internal.linux.StubLibrary} has instructions for the processor, the range is
 * not very short and the memory not mapped from a file. They return the same. The system property
 * {@code pinbounce.native} decides between them: see there.
 *
 * <p>A CRC is a function of a seed and a range, and the result is the seed of the range that
 * follows, so a message may be cut anywhere. What a guard protects, and where it is stored, is
 * decided in {@code io.pinbounce.pi}.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.internal.crc;
