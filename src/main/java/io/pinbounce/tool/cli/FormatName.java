package io.pinbounce.tool.cli;

import io.pinbounce.pi.PiFormat;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Formats of protection information, by the names that the NVM Command Set specification has. */
final class FormatName implements ITypeConverter<PiFormat> {

    @Override
    public PiFormat convert(String value) {
        for (PiFormat format : PiFormat.values()) {
            if (of(format).equals(value)) {
                return format;
            }
        }
        throw new TypeConversionException(
                "there is no format '" + value + "', only 16b, 32b and 64b");
    }

    static String of(PiFormat format) {
        return switch (format) {
            case GUARD_16 -> "16b";
            case GUARD_32 -> "32b";
            case GUARD_64 -> "64b";
        };
    }
}
