package io.pinbounce;

/**
 * Whether memory must hold still while it is being read or written.
 *
 * @param needed whether a change meanwhile makes a request fail, or stores a checksum that does not
 *     match its data
 * @param reason who needs it, in words, or that nobody is known to
 */
public record StablePages(boolean needed, String reason) {}
