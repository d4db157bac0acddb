package io.pinbounce;

/**
 * A part of a file that the file system has nothing stored for, so that it reads as zeros, and that
 * was gone over without reading it.
 *
 * @param end the byte behind its last; where it was looked for if there is none
 * @param unprotected bytes in it that were unprotected
 */
public record Hole(long end, long unprotected) {}
