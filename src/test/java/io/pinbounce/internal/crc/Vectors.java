package io.pinbounce.internal.crc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads known answers, and makes their data. */
public final class Vectors {

    private Vectors() {}

    /** The rows of a file of comma-separated values that lies beside a class, comments left out. */
    public static List<String[]> rows(Class<?> beside, String name) {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of a named pattern. */
    public static byte[] pattern(String name, int length) {
        byte[] bytes = new byte[length];
        int state = 0x12345678;
        for (int i = 0; i < length; i++) {
            state = state * 1664525 + 1013904223;
            bytes[i] =
                    (byte)
                            switch (name) {
                                case "affine" -> 7 * i + 3;
                                case "zero" -> 0;
                                case "ff" -> 0xFF;
                                case "inc" -> i;
                                case "dec" -> 255 - i;
                                case "lcg" -> state >>> 24;
                                case "digits" -> '1' + i;
                                default -> throw new IllegalArgumentException("pattern=" + name);
                            };
        }
        return bytes;
    }
}
