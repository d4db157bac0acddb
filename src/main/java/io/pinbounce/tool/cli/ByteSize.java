package io.pinbounce.tool.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 4096}, {@code 4k}, {@code 1m}. */
final class ByteSize implements ITypeConverter<Integer> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([kKmM]?)");

    @Override
    public Integer convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (matcher.matches()) {
            long unit =
                    switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                        case "k" -> 1 << 10;
                        case "m" -> 1 << 20;
                        default -> 1;
                    };
            long bytes = Long.parseLong(matcher.group(1)) * unit;
            if (bytes <= 1 << 30) {
                return (int) bytes;
            }
        }
        throw new TypeConversionException(
                "'" + value + "' is not a size of at most 1024m, such as 4096, 64k or 1m");
    }
}
