package ferry.dialects.mysql;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// What a number that stands in a JSON text is inside the server that printed it.
///
/// Servers hold 64-bit integers, doubles and decimals in JSON and print each in its own way, so the
/// text tells them apart: a double as [DoubleText] says, a decimal with all digits of its scale.
/// Where both print alike, either is right. Servers parse every number with a point or an exponent
/// as a double, and all but the newest take the last digits lightly: MySQL 8.0.15 and the OceanBase
/// kernel read 0.11299265277390755 as 0.11299265277390756.
enum JsonNumber {
    /// The server that parses the text gets the same number and prints it so again.
    PLAIN,
    /// A double whose text is not read exactly.
    DOUBLE,
    /// A decimal, which the parser would make a double.
    DECIMAL;

    /// With so few digits and so small an exponent, one multiplication or division of two exact
    /// doubles makes the number: every parser gets it right.
    private static final int EXACT_DIGITS = 15;

    private static final int EXACT_EXPONENT = 22;
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final Pattern INTEGER = Pattern.compile("-?\\d+");

    static JsonNumber of(String spelling) {
        if (INTEGER.matcher(spelling).matches()) {
            if (spelling.equals("-0")) {
                return DOUBLE; // MySQL 5.7 prints it so
            }
            return isInteger(spelling) ? PLAIN : DECIMAL;
        }
        var value = Double.parseDouble(spelling);
        var printed = new AsciiText();
        DoubleText.write(value, true, printed);
        if (!printed.toString().equals(spelling)) {
            return spelling.indexOf('e') < 0 && spelling.indexOf('E') < 0 ? DECIMAL : DOUBLE;
        }
        return exact(spelling) ? PLAIN : DOUBLE;
    }

    /// True if an integer fits the servers' 64 bits, signed or not.
    static boolean isInteger(String digits) {
        var value = new BigInteger(digits);
        return value.compareTo(LEAST) >= 0 && value.compareTo(MOST) <= 0;
    }

    private static boolean exact(String spelling) {
        var exponentAt = spelling.indexOf('e');
        var mantissa = exponentAt < 0 ? spelling : spelling.substring(0, exponentAt);
        var exponent = exponentAt < 0 ? 0 : Integer.parseInt(spelling.substring(exponentAt + 1));
        var point = mantissa.indexOf('.');
        var digits = mantissa.length() - (point < 0 ? 0 : 1) - (mantissa.startsWith("-") ? 1 : 0);
        var behind = point < 0 ? 0 : mantissa.length() - point - 1;
        return digits <= EXACT_DIGITS && Math.abs(exponent - behind) <= EXACT_EXPONENT;
    }
}
