package io.pinbounce;

/**
 * A part of a file for which the file system stores no data, so that it reads as zeros, and which
 * was verified without reading it.
 *
 * @param end the byte behind its last byte; the position that was asked about if there is no hole
 * @param unprotected bytes in it that were unprotected
 */
public record Hole(long end, long unprotected) {}
