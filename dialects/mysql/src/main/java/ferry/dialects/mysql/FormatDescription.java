package ferry.dialects.mysql;

import java.nio.charset.StandardCharsets;

/// A FORMAT_DESCRIPTION event: the version that wrote the file, and how the events behind it are
/// laid out.
final class FormatDescription {
    private static final int VERSION_AT = 2;
    private static final int VERSION_LENGTH = 50;
    private static final int HEADER_LENGTH_AT = 56;
    private static final int TABLE_MAP_HEAD = 8;
    private static final int CHECKSUM_TAIL = 5; // the algorithm, and a checksum

    private FormatDescription() {}

    private static String version(EventBytes in) {
        if (in.left() <= HEADER_LENGTH_AT + RawEvent.TABLE_MAP) {
            throw new IllegalArgumentException("a format description has " + in.left() + " bytes");
        }
        var text =
                new String(
                        in.array(),
                        in.at() + VERSION_AT,
                        VERSION_LENGTH,
                        StandardCharsets.US_ASCII);
        var end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /// Whether the following events end with a checksum. MySQL knows them since 5.6.1, MariaDB
    /// since 5.3.
    static boolean checksummed(EventBytes in) {
        var version = version(in);
        var numbers = version.split("[^0-9]+");
        var number =
                Integer.parseInt(numbers[0]) * 10_000
                        + Integer.parseInt(numbers[1]) * 100
                        + Integer.parseInt(numbers[2]);
        if (number < 50_601 && !(version.contains("MariaDB") && number >= 50_300)) {
            return false;
        }
        var algorithm = in.array()[in.at() + in.left() - CHECKSUM_TAIL];
        return switch (algorithm) {
            case 0 -> false;
            case 1 -> true;
            default ->
                    throw new IllegalArgumentException(
                            "the log has checksums of the unknown kind " + algorithm);
        };
    }

    /// Throws IllegalArgumentException if events are laid out in a way that is not read here
    /// (before MySQL 5.1.4).
    static void check(EventBytes in) {
        var version = version(in);
        var at = in.at() + HEADER_LENGTH_AT;
        var headerLength = in.array()[at];
        var tableMapHead = in.array()[at + RawEvent.TABLE_MAP];
        if (headerLength != RawEvent.HEADER || tableMapHead != TABLE_MAP_HEAD) {
            throw new IllegalArgumentException(
                    "the log of version %s has headers of %d bytes and table maps of %d"
                            .formatted(version, headerLength, tableMapHead));
        }
    }
}
