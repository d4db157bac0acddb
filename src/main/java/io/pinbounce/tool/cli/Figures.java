package io.pinbounce.tool.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Figures {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private static final long LONGEST_HOURS = 99;

    private Figures() {}

    /** A number with commas. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A number of things, named in the singular. */
    static String count(long value, String noun) {
        return number(value) + " " + noun + (value == 1 ? "" : "s");
    }

    /**
     * Bytes in the unit that leaves up to four digits, with one behind the point unless it is 0.
     */
    static String bytes(long bytes) {
        int unit = 0;
        double value = bytes;
        // 1023.95 of a unit would be shown as 1024.0 of it.
        while (value >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        String digits = String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", value);
        return digits.replaceFirst("\\.0$", "") + " " + UNITS[unit];
    }

    /** Seconds, or minutes and seconds, or hours and all. */
    static String time(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d:%02d".formatted(seconds / 60, seconds % 60);
        }
        return seconds / 3600 > LONGEST_HOURS
                ? "ages"
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** Seconds with one digit behind the point if they are few. */
    static String took(Duration time) {
        return time.toSeconds() < 10
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
                : time(time);
    }
}
