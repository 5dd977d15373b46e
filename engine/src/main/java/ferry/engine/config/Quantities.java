package ferry.engine.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads and prints counts, sizes and times as operators write them.
final class Quantities {
    private static final Pattern AMOUNT = Pattern.compile("(\\d+)\\s*([a-zA-Z]*)");

    private Quantities() {}

    static long count(String text) {
        try {
            return Long.parseLong(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
        }
    }

    static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default ->
                    throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    static long bytes(String text) {
        var amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as 16MiB");
        }
        var unit =
                switch (amount.group(2).toLowerCase(Locale.ROOT)) {
                    case "", "b" -> 1L;
                    case "k", "kb", "kib" -> 1L << 10;
                    case "m", "mb", "mib" -> 1L << 20;
                    case "g", "gb", "gib" -> 1L << 30;
                    case "t", "tb", "tib" -> 1L << 40;
                    default ->
                            throw new IllegalArgumentException(
                                    "'"
                                            + text
                                            + "' has the unknown unit '"
                                            + amount.group(2)
                                            + "': B, KiB, MiB, GiB, TiB are known");
                };
        return Math.multiplyExact(Long.parseLong(amount.group(1)), unit);
    }

    static Duration time(String text) {
        var amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time such as 500ms, 2s or 12h");
        }
        var number = Long.parseLong(amount.group(1));
        return switch (amount.group(2).toLowerCase(Locale.ROOT)) {
            case "ms" -> Duration.ofMillis(number);
            case "", "s" -> Duration.ofSeconds(number);
            case "m", "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default ->
                    throw new IllegalArgumentException(
                            "'"
                                    + text
                                    + "' has the unknown unit '"
                                    + amount.group(2)
                                    + "': ms, s, m, h, d are known");
        };
    }

    static String printBytes(long bytes) {
        String[] units = {"", "KiB", "MiB", "GiB", "TiB"};
        var unit = 0;
        for (; unit < 4 && bytes != 0 && bytes % (1L << (10 * (unit + 1))) == 0; unit++) {}
        return (bytes >> (10 * unit)) + units[unit];
    }

    static String printTime(Duration time) {
        var millis = time.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        var seconds = millis / 1000;
        if (seconds != 0 && seconds % 86400 == 0) {
            return seconds / 86400 + "d";
        }
        if (seconds != 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
