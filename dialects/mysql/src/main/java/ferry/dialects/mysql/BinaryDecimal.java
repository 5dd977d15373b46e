package ferry.dialects.mysql;

/// MySQL's packed DECIMAL: nine digits in four bytes, the rest in fewer, highest byte first, all
/// bits turned for negatives and the highest bit turned for all.
final class BinaryDecimal {
    private static final int[] BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
    private static final int DIGITS = 9;

    private BinaryDecimal() {}

    static int length(int precision, int scale) {
        var whole = precision - scale;
        return whole / DIGITS * 4
                + BYTES[whole % DIGITS]
                + scale / DIGITS * 4
                + BYTES[scale % DIGITS];
    }

    /// Adds the number's digits: no leading zeros, the full scale.
    static void read(EventBytes in, int precision, int scale, AsciiText out) {
        var length = length(precision, scale);
        var bytes = in.array();
        var at = in.skip(length);
        var negative = (bytes[at] & 0x80) == 0;
        var number = new byte[length];
        for (var i = 0; i < length; i++) {
            number[i] = (byte) (negative ? ~bytes[at + i] : bytes[at + i]);
        }
        number[0] ^= (byte) 0x80;

        var begin = out.length();
        if (negative) {
            out.add('-');
        }
        var whole = precision - scale;
        var digits = new EventBytes(number);
        var leading = group(digits, whole % DIGITS, out, true);
        for (var i = 0; i < whole / DIGITS; i++) {
            leading = group(digits, DIGITS, out, leading);
        }
        if (leading) {
            out.add('0');
        }
        if (scale > 0) {
            out.add('.');
            for (var i = 0; i < scale / DIGITS; i++) {
                group(digits, DIGITS, out, false);
            }
            group(digits, scale % DIGITS, out, false);
        }
        if (out.length() == begin) {
            throw new IllegalArgumentException(
                    "decimal(%d,%d) has no digit".formatted(precision, scale));
        }
    }

    /// Returns whether still no digit stands there.
    private static boolean group(EventBytes in, int digits, AsciiText out, boolean leading) {
        var value = in.big(BYTES[digits]);
        if (digits == 0 || leading && value == 0) {
            return leading;
        }
        out.digits(value, leading ? 1 : digits);
        return false;
    }
}
