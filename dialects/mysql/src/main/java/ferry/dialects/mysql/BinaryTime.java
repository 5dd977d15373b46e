package ferry.dialects.mysql;

import java.time.LocalDate;

/// MySQL's stored dates and times, those of 5.6.4 and later (big-endian, sortable, with a fraction)
/// and the older ones. Zero and partial dates are kept as they are.
///
/// MariaDB had fractions before, in a format of its own that columns of old tables keep
/// (`mysql56_temporal_format=OFF` makes new ones): a big-endian count of the smallest unit. It
/// stands under the type of the older formats, and only the definition tells the fraction.
final class BinaryTime {
    private static final int DAY_SECONDS = 86_400;

    // MariaDB's own format, by the digits of the fraction.
    private static final int[] TIME_BYTES = {3, 4, 4, 5, 5, 5, 6};
    private static final int[] DATE_TIME_BYTES = {5, 6, 6, 7, 7, 7, 8};
    private static final int[] TIMESTAMP_FRACTION_BYTES = {0, 1, 1, 2, 2, 3, 3};
    private static final long[] UNITS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};
    private static final long TIME_ZERO = 839 * 3600L; // a second behind the longest time

    private BinaryTime() {}

    /// Bytes that a fraction of so many digits takes.
    static int fractionBytes(int fraction) {
        return (fraction + 1) / 2;
    }

    static void date(EventBytes in, AsciiText out) {
        var value = in.u24();
        date(value >> 9, value >> 5 & 15, value & 31, out);
    }

    /// TIME2: a sign, 10 bits of hours, 6 of minutes, 6 of seconds, then the fraction; one signed
    /// number across all bytes.
    static void time2(EventBytes in, int fraction, AsciiText out) {
        var bytes = fractionBytes(fraction);
        var bits = 24 + bytes * 8;
        // Negative times are the number's complement, fraction included; so the fraction cannot be
        // read by itself.
        var value = in.big(3 + bytes) - (1L << bits - 1);
        if (value < 0) {
            out.add('-');
        }
        var magnitude = Math.abs(value);
        var whole = magnitude >> bytes * 8;
        var part = magnitude & (1L << bytes * 8) - 1;
        clock((int) (whole >> 12 & 1023), (int) (whole >> 6 & 63), (int) (whole & 63), out);
        out.fraction(micros(part, bytes), fraction);
    }

    /// TIME before 5.6.4: one signed decimal number HHHMMSS.
    static void oldTime(EventBytes in, AsciiText out) {
        var value = in.u24() << 8 >> 8;
        if (value < 0) {
            out.add('-');
        }
        var magnitude = Math.abs(value);
        clock(magnitude / 10_000, magnitude / 100 % 100, magnitude % 100, out);
    }

    /// MariaDB's own format: units from the shortest time on.
    static void mariaDbTime(EventBytes in, int fraction, AsciiText out) {
        var unit = UNITS[fraction];
        var value = in.big(TIME_BYTES[fraction]) - TIME_ZERO * unit;
        if (value < 0) {
            out.add('-');
        }
        var magnitude = Math.abs(value);
        var seconds = (int) (magnitude / unit);
        clock(seconds / 3600, seconds / 60 % 60, seconds % 60, out);
        out.fraction(magnitude % unit * UNITS[6 - fraction], fraction);
    }

    /// DATETIME2: a sign that is always plus, 17 bits of year × 13 + month, 5 of the day, 5 of
    /// hours, 6 of minutes, 6 of seconds.
    static void dateTime2(EventBytes in, int fraction, AsciiText out) {
        var value = in.big(5) - 0x80_0000_0000L;
        var yearMonth = (int) (value >> 22);
        date(yearMonth / 13, yearMonth % 13, (int) (value >> 17 & 31), out);
        out.add(' ');
        clock((int) (value >> 12 & 31), (int) (value >> 6 & 63), (int) (value & 63), out);
        out.fraction(micros(in, fraction), fraction);
    }

    /// DATETIME before 5.6.4: one decimal number YYYYMMDDHHMMSS.
    static void oldDateTime(EventBytes in, AsciiText out) {
        var value = in.i64();
        var day = value / 1_000_000;
        var time = (int) (value % 1_000_000);
        date((int) (day / 10_000), (int) (day / 100 % 100), (int) (day % 100), out);
        out.add(' ');
        clock(time / 10_000, time / 100 % 100, time % 100, out);
    }

    /// MariaDB's own format: year × 13 + month in days of 32, in hours, minutes, seconds, units.
    static void mariaDbDateTime(EventBytes in, int fraction, AsciiText out) {
        var unit = UNITS[fraction];
        var value = in.big(DATE_TIME_BYTES[fraction]);
        var seconds = value / unit;
        var time = (int) (seconds % DAY_SECONDS);
        var day = (int) (seconds / DAY_SECONDS);
        date(day / 32 / 13, day / 32 % 13, day % 32, out);
        out.add(' ');
        clock(time / 3600, time / 60 % 60, time % 60, out);
        out.fraction(value % unit * UNITS[6 - fraction], fraction);
    }

    static void timestamp2(EventBytes in, int fraction, AsciiText out) {
        var seconds = in.big(4);
        timestamp(seconds, micros(in, fraction), fraction, out);
    }

    /// TIMESTAMP before 5.6.4.
    static void oldTimestamp(EventBytes in, AsciiText out) {
        timestamp(in.u32(), 0, 0, out);
    }

    /// MariaDB's own format: the units behind the seconds.
    static void mariaDbTimestamp(EventBytes in, int fraction, AsciiText out) {
        var seconds = in.big(4);
        var units = in.big(TIMESTAMP_FRACTION_BYTES[fraction]);
        timestamp(seconds, units * UNITS[6 - fraction], fraction, out);
    }

    private static void timestamp(long seconds, long micros, int fraction, AsciiText out) {
        if (seconds == 0 && micros == 0) {
            date(0, 0, 0, out);
        } else {
            civil(Math.floorDiv(seconds, DAY_SECONDS), out);
        }
        var second = (int) (seconds % DAY_SECONDS);
        out.add(' ');
        clock(second / 3600, second / 60 % 60, second % 60, out);
        out.fraction(micros, fraction);
    }

    private static void civil(long epochDay, AsciiText out) {
        var day = LocalDate.ofEpochDay(epochDay);
        date(day.getYear(), day.getMonthValue(), day.getDayOfMonth(), out);
    }

    /// The number that JSON and the server's memory hold: year × 13 + month, day, hours, minutes,
    /// seconds, 24 bits of microseconds.
    static void packedDate(long packed, AsciiText out) {
        var value = Math.abs(packed) >> 24;
        var yearMonth = (int) (value >> 22);
        date(yearMonth / 13, yearMonth % 13, (int) (value >> 17 & 31), out);
    }

    static void packedDateTime(long packed, AsciiText out) {
        packedDate(packed, out);
        var value = Math.abs(packed) >> 24;
        out.add(' ');
        clock((int) (value >> 12 & 31), (int) (value >> 6 & 63), (int) (value & 63), out);
        out.fraction(Math.abs(packed) & 0xff_ffff, 6);
    }

    static void packedTime(long packed, AsciiText out) {
        if (packed < 0) {
            out.add('-');
        }
        var value = Math.abs(packed) >> 24;
        clock((int) (value >> 12 & 1023), (int) (value >> 6 & 63), (int) (value & 63), out);
        out.fraction(Math.abs(packed) & 0xff_ffff, 6);
    }

    private static long micros(EventBytes in, int fraction) {
        var bytes = fractionBytes(fraction);
        return micros(in.big(bytes), bytes);
    }

    private static long micros(long part, int bytes) {
        return switch (bytes) {
            case 0 -> 0;
            case 1 -> part * 10_000;
            case 2 -> part * 100;
            default -> part;
        };
    }

    private static void date(int year, int month, int day, AsciiText out) {
        out.digits(year, 4).add('-').digits(month, 2).add('-').digits(day, 2);
    }

    private static void clock(int hour, int minute, int second, AsciiText out) {
        out.digits(hour, 2).add(':').digits(minute, 2).add(':').digits(second, 2);
    }
}
