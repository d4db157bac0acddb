package io.pinbounce.tool.bench;

import io.pinbounce.Geometry;

import java.nio.file.Path;

/**
 * What was measured on.
 *
 * @param path the file or device
 * @param sidecar where its sidecar was
 * @param geometry what direct I/O needs there
 * @param span bytes from its start that were used
 * @param engine what moved the data
 * @param engineReason why that
 */
public record BenchTarget(
        Path path,
        Path sidecar,
        Geometry geometry,
        long span,
        String engine,
        String engineReason) {}
