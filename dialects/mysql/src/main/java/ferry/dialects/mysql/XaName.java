package ferry.dialects.mysql;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name of an XA transaction in the spelling that servers log: `X'67',X'62',1` (global part,
/// branch, format), in lower case digits.
final class XaName {
    private static final Pattern LOGGED =
            Pattern.compile("X'([0-9a-fA-F]*)'\\s*,\\s*X'([0-9a-fA-F]*)'\\s*,\\s*(-?\\d+)");

    private XaName() {}

    static String of(byte[] global, byte[] branch, int format) {
        return "X'%s',X'%s',%d"
                .formatted(
                        HexFormat.of().formatHex(global), HexFormat.of().formatHex(branch), format);
    }

    /// The name inside a logged statement.
    static Optional<String> find(String statement) {
        var found = LOGGED.matcher(statement);
        return found.find()
                ? Optional.of(
                        "X'%s',X'%s',%s"
                                .formatted(
                                        found.group(1).toLowerCase(Locale.ROOT),
                                        found.group(2).toLowerCase(Locale.ROOT),
                                        found.group(3)))
                : Optional.empty();
    }
}
