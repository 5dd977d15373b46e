package ferry.dialects.mysql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// A QUERY event: a statement as it ran, its default database, and the session state that the
/// server logged with it.
///
/// `session` holds, by the name of the session variable, what a replay needs: `sql_mode`,
/// `character_set_client`, `collation_connection`, `collation_server`, `collation_database` (as
/// numbers), `time_zone`, `auto_increment_increment`, `auto_increment_offset`,
/// `foreign_key_checks`, `unique_checks`, `timestamp`, `explicit_defaults_for_timestamp`,
/// `default_collation_for_utf8mb4` (as number). `databases` are the databases that it changed, if
/// the server tells.
record QueryEvent(
        String database,
        String statement,
        Map<String, String> session,
        Optional<List<String>> databases,
        int errorCode) {
    private static final byte[] BEGIN = "BEGIN".getBytes(StandardCharsets.US_ASCII);
    private static final int DATABASE_LENGTH_AT = 8;
    private static final int VARIABLES_LENGTH_AT = 11;
    private static final int HEAD_LENGTH = 13;
    private static final int UTF8MB4_GENERAL = 45;
    private static final int TOO_MANY_DATABASES = 254;
    private static final long NO_FOREIGN_KEY_CHECKS = 1L << 26;
    private static final long RELAXED_UNIQUE_CHECKS = 1L << 27;

    /// True for a plain BEGIN, which stands in nearly every transaction and says nothing more.
    static boolean isBegin(RawEvent event) {
        var bytes = event.bytes();
        var head = event.bodyFrom();
        var end = event.bodyTo();
        if (event.type() != RawEvent.QUERY || end - head < HEAD_LENGTH) {
            return false;
        }
        var variables = new EventBytes(bytes, head + VARIABLES_LENGTH_AT, head + HEAD_LENGTH).u16();
        var from = head + HEAD_LENGTH + variables + (bytes[head + DATABASE_LENGTH_AT] & 0xff) + 1;
        return end - from == BEGIN.length
                && Arrays.equals(bytes, from, end, BEGIN, 0, BEGIN.length);
    }

    /// Throws IllegalArgumentException if the statement's character set is unknown.
    static QueryEvent read(RawEvent event) {
        var in = event.read();
        in.skip(8); // thread, execution time
        var databaseLength = in.u8();
        var errorCode = in.u16();
        var variablesLength = in.u16();
        var variables = new EventBytes(in.array(), in.at(), in.at() + variablesLength);
        in.skip(variablesLength);
        var database = in.utf8(databaseLength);
        in.skip(1);
        var session = new LinkedHashMap<String, String>();
        session.put("timestamp", Long.toString(event.seconds()));
        var collation = new int[] {UTF8MB4_GENERAL};
        var databases = variables(variables, session, collation, event.seconds());
        var text =
                event.type() == RawEvent.MARIADB_QUERY_COMPRESSED
                        ? inflate(in)
                        : in.take(in.left());
        var statement =
                MySqlCharsets.statement(text, 0, text.length, collation[0])
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "a statement was sent under the unknown collation "
                                                + collation[0]));
        return new QueryEvent(database, statement, Map.copyOf(session), databases, errorCode);
    }

    /// Reads what is known; the first unknown one ends it, because its length is unknown too.
    private static Optional<List<String>> variables(
            EventBytes in, Map<String, String> session, int[] collation, long seconds) {
        Optional<List<String>> databases = Optional.empty();
        while (in.left() > 0) {
            switch (in.u8()) {
                case 0 -> {
                    var flags = in.u32();
                    session.put(
                            "foreign_key_checks", (flags & NO_FOREIGN_KEY_CHECKS) == 0 ? "1" : "0");
                    session.put("unique_checks", (flags & RELAXED_UNIQUE_CHECKS) == 0 ? "1" : "0");
                }
                case 1 -> session.put("sql_mode", Long.toUnsignedString(in.i64()));
                case 2 -> in.skip(in.u8() + 1);
                case 3 -> {
                    session.put("auto_increment_increment", Integer.toString(in.u16()));
                    session.put("auto_increment_offset", Integer.toString(in.u16()));
                }
                case 4 -> {
                    collation[0] = in.u16();
                    session.put("character_set_client", Integer.toString(collation[0]));
                    session.put("collation_connection", Integer.toString(in.u16()));
                    session.put("collation_server", Integer.toString(in.u16()));
                }
                case 5 -> session.put("time_zone", in.utf8(in.u8()));
                case 6 -> in.skip(in.u8());
                case 7 -> session.put("lc_time_names", Integer.toString(in.u16()));
                case 8 -> session.put("collation_database", Integer.toString(in.u16()));
                case 9, 17 -> in.skip(8);
                case 10 -> in.skip(4);
                case 11 -> {
                    in.skip(in.u8());
                    in.skip(in.u8());
                }
                case 12 -> databases = databases(in);
                case 13, 128 -> session.put("timestamp", "%d.%06d".formatted(seconds, in.u24()));
                case 16 ->
                        session.put("explicit_defaults_for_timestamp", Integer.toString(in.u8()));
                case 18 -> session.put("default_collation_for_utf8mb4", Integer.toString(in.u16()));
                case 19 -> session.put("sql_require_primary_key", Integer.toString(in.u8()));
                case 20 -> session.put("default_table_encryption", Integer.toString(in.u8()));
                case 129 -> in.skip(8);
                default -> {
                    return databases;
                }
            }
        }
        return databases;
    }

    private static Optional<List<String>> databases(EventBytes in) {
        var count = in.u8();
        if (count == TOO_MANY_DATABASES) {
            return Optional.empty();
        }
        var names = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            var from = in.at();
            while (in.u8() != 0) {
                // up to the end of the name
            }
            names.add(new EventBytes(in.array(), from, in.at()).utf8(in.at() - 1 - from));
        }
        return Optional.of(List.copyOf(names));
    }

    /// MariaDB's log_bin_compress: one byte with the length of the length, the length with its
    /// highest byte first, then zlib.
    static byte[] inflate(EventBytes in) {
        var head = in.u8();
        if ((head & 0x80) == 0 || (head & 0x70) != 0) {
            throw new IllegalArgumentException(
                    "compressed in an unknown way: 0x" + HexFormat.of().toHexDigits((byte) head));
        }
        var length = Math.toIntExact(in.big(head & 7));
        var result = new byte[length];
        var inflater = new Inflater();
        try {
            inflater.setInput(in.array(), in.at(), in.left());
            var count = inflater.inflate(result);
            in.skip(in.left());
            if (count != length) {
                throw new IllegalArgumentException(
                        "%d bytes of %d were compressed".formatted(count, length));
            }
            return result;
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("wrongly compressed", e);
        } finally {
            inflater.end();
        }
    }
}
