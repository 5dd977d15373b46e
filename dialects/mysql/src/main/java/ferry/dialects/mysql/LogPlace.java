package ferry.dialects.mysql;

import java.util.Locale;
import java.util.Objects;

/// A place in the binary log of one server, between two transactions: everything that begins before
/// `offset` lies before it, and when `through` is set also the transaction that begins exactly
/// there.
///
/// Why beginnings: a transaction streams, so its end is unknown when its first row is delivered.
/// Places of servers (SHOW MASTER STATUS) lie between transactions, where "begins before" and "ends
/// before" say the same.
record LogPlace(String server, String file, long offset, boolean through) {
    LogPlace {
        Objects.requireNonNull(server, "server");
        if (file.isEmpty() || file.indexOf(';') >= 0 || file.indexOf('@') >= 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "not a place in a binary log: '" + file + ":" + offset + "'");
        }
    }

    static LogPlace of(String server, String file, long offset) {
        return new LogPlace(server, file, offset, false);
    }

    /// Reads `binlog.000003:1234`, with `+` behind it for `through`.
    static LogPlace parse(String server, String text) {
        var through = text.endsWith("+");
        var numbers = through ? text.substring(0, text.length() - 1) : text;
        var colon = numbers.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("not a place in a binary log: '" + text + "'");
        }
        return new LogPlace(
                server,
                numbers.substring(0, colon),
                Long.parseLong(numbers.substring(colon + 1)),
                through);
    }

    /// True when both places lie in the same log, so that they can be compared.
    boolean comparable(LogPlace other) {
        return server.equals(other.server)
                && (file.equals(other.file) || base(file).equals(base(other.file)));
    }

    /// True when this place is known to lie at or behind `other`.
    boolean notBefore(LogPlace other) {
        if (!comparable(other)) {
            return false;
        }
        var byFile = compareFiles(file, other.file);
        if (byFile != 0 || offset != other.offset) {
            return byFile > 0 || byFile == 0 && offset > other.offset;
        }
        return through || !other.through;
    }

    /// True when the transaction that begins at `start` is known to lie before this place.
    boolean includesStart(LogPlace start) {
        return notBefore(start.behindStart());
    }

    /// The place behind the transaction that begins here.
    LogPlace behindStart() {
        return new LogPlace(server, file, offset, true);
    }

    /// Compares by number: the server counts on from binlog.999999 to binlog.1000000.
    static int compareFiles(String left, String right) {
        return left.equals(right) ? 0 : Long.compare(number(left), number(right));
    }

    private static long number(String file) {
        var digits = file.substring(file.lastIndexOf('.') + 1);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "not the name of a binary log file: '" + file + "'", e);
        }
    }

    private static String base(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('.'))).toLowerCase(Locale.ROOT);
    }

    /// The text that [#parse] reads; the server is written elsewhere.
    String text() {
        return file + ":" + offset + (through ? "+" : "");
    }
}
