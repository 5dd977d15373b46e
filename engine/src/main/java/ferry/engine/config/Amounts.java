package ferry.engine.config;

import java.time.Duration;
import java.util.Locale;

/// Prints sizes and times of an estimate: no more digits than it has, and in the units of the
/// settings that they are compared with.
public final class Amounts {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Amounts() {}

    /// `512B`, `3.4MiB`, `71GiB`.
    public static String bytes(double bytes) {
        var unit = 0;
        var amount = bytes;
        for (; amount >= 1024 && unit < UNITS.length - 1; unit++) {
            amount /= 1024;
        }
        var digits = unit > 0 && amount < 10 ? "%.1f%s" : "%.0f%s";
        return String.format(Locale.ROOT, digits, amount, UNITS[unit]);
    }

    /// `45 s`, `90 min`, `36 h`, `30 d`.
    public static String time(Duration time) {
        var seconds = time.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 2 * 3600) {
            return Math.round(seconds / 60.0) + " min";
        }
        if (seconds < 2 * 86_400) {
            return Math.round(seconds / 3600.0) + " h";
        }
        return Math.round(seconds / 86_400.0) + " d";
    }
}
