package io.pinbounce.tool.cli;

import io.pinbounce.tool.scrub.IntervalRange;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Intervals by number: {@code 7}, or {@code 7..9} for three of them. */
final class IntervalNumbers implements ITypeConverter<IntervalRange> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(?:\\.\\.(\\d{1,18}))?");

    @Override
    public IntervalRange convert(String value) {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + value + "' is no interval and no range of them, such as 7 or 7..9");
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
        if (last < first) {
            throw new TypeConversionException(
                    "the last interval comes before the first in '" + value + "'");
        }
        return new IntervalRange(first, last);
    }
}
