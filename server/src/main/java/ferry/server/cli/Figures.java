package ferry.server.cli;

import java.time.Duration;
import java.util.Locale;

/// Prints counts, speeds and times the way a person reads them.
final class Figures {
    private Figures() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String bytes(double bytes) {
        var units = new String[] {"B", "KB", "MB", "GB", "TB"};
        var unit = 0;
        var amount = bytes;
        for (; amount >= 1000 && unit < units.length - 1; unit++) {
            amount /= 1000;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
    }

    static String percent(double share) {
        return (int) Math.floor(share * 100) + " %";
    }

    /// `0.4 s`, `12 s`, `3 m 05 s`, `2 h 07 m`, `3 d 04 h`.
    static String time(Duration time) {
        var seconds = time.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%d h %02d m", seconds / 3600, seconds / 60 % 60);
        }
        return String.format(Locale.ROOT, "%d d %02d h", seconds / 86_400, seconds / 3600 % 24);
    }
}
