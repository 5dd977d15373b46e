package ferry.dialects.mysql;

/// Prints a double as MySQL does inside JSON: the shortest digits that read back as the same
/// number, plain between 1e-15 and 1e15, with an exponent outside; since 8.0 always recognisable as
/// a double (`1.0`, `1e16`), before as `1`.
final class DoubleText {
    /// The server's limit for plain digits, before and behind the point.
    private static final int PLAIN_MAX = 15;

    private DoubleText() {}

    static void write(double value, boolean marked, AsciiText out) {
        if (value == 0) {
            out.add(1 / value < 0 ? "-0" : "0").add(marked ? ".0" : "");
            return;
        }
        if (value < 0) {
            out.add('-');
        }
        var printed = Double.toString(Math.abs(value));
        var exponentAt = printed.indexOf('E');
        var mantissa = exponentAt < 0 ? printed : printed.substring(0, exponentAt);
        var exponent = exponentAt < 0 ? 0 : Integer.parseInt(printed.substring(exponentAt + 1));
        var point = mantissa.indexOf('.');
        var all = mantissa.substring(0, point) + mantissa.substring(point + 1);
        var first = 0;
        while (all.charAt(first) == '0') {
            first++;
        }
        var digits = all.substring(first).replaceAll("0+$", "");
        var before = point + exponent - first; // digits before the point
        if (digits.length() == 2) {
            digits = oneDigit(digits, before, Math.abs(value));
        }
        write(digits, before, marked, out);
    }

    /// Java prints two digits where one is enough for some numbers (4.9E-324); the server prints
    /// one.
    private static String oneDigit(String digits, int before, double value) {
        var below = digits.charAt(0) - '0';
        var nearest =
                digits.charAt(1) >= '5'
                        ? new int[] {below + 1, below}
                        : new int[] {below, below + 1};
        for (var digit : nearest) {
            if (digit >= 1
                    && digit <= 9
                    && Double.parseDouble("0." + digit + "E" + before) == value) {
                return Integer.toString(digit);
            }
        }
        return digits;
    }

    private static void write(String digits, int before, boolean marked, AsciiText out) {
        if (before > PLAIN_MAX || before < 1 - PLAIN_MAX) {
            out.add(digits.charAt(0));
            if (digits.length() > 1) {
                out.add('.').add(digits.substring(1));
            }
            out.add('e').number(before - 1);
        } else if (before <= 0) {
            out.add("0.").add("0".repeat(-before)).add(digits);
        } else if (before >= digits.length()) {
            out.add(digits).add("0".repeat(before - digits.length())).add(marked ? ".0" : "");
        } else {
            out.add(digits.substring(0, before)).add('.').add(digits.substring(before));
        }
    }
}
