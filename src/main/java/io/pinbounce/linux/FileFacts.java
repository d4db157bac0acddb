package io.pinbounce.linux;

/**
 * What Linux reports about an open file or block device: answers, no decisions.
 *
 * @param status kind, identity and size
 * @param statx what the file says about direct I/O
 */
public record FileFacts(FileStatus status, Statx statx) {}
