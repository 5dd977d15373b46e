package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tables in the shape that sysbench made the yardstick of MySQL: `id`, an indexed number, and two
/// texts of digits. The same seed makes the same rows.
///
/// @param tables how many
/// @param rows in each of them
record SysbenchTables(int tables, long rows) {
    static final String DATABASE = "sbtest";

    private static final long SEED = 20_260_301;

    /// A row in text: an id, a number, 10 and 5 groups of 11 digits.
    private static final int ROW_BYTES_MAX = 10 + 1 + 10 + 1 + 119 + 1 + 59 + 1;

    private static final int C_GROUPS = 10;
    private static final int PAD_GROUPS = 5;
    private static final long GROUP = 100_000_000_000L;
    private static final int GROUP_DIGITS = 11;

    List<String> names() {
        return IntStream.rangeClosed(1, tables).mapToObj(number -> "sbtest" + number).toList();
    }

    /// The definition of a table, without its secondary index where the index comes later.
    static String definition(String table, boolean indexed) {
        return """
        CREATE TABLE %s.%s (
          id INT NOT NULL AUTO_INCREMENT,
          k INT NOT NULL DEFAULT 0,
          c CHAR(120) NOT NULL DEFAULT '',
          pad CHAR(60) NOT NULL DEFAULT '',
          PRIMARY KEY (id)%s
        )\
        """
                .formatted(DATABASE, table, indexed ? ", KEY k (k)" : "");
    }

    static String index(String table) {
        return "ALTER TABLE %s.%s ADD KEY k (k)".formatted(DATABASE, table);
    }

    /// Makes the tables and fills them.
    void create(DatabaseServer server) throws SQLException {
        server.execute("CREATE DATABASE " + DATABASE);
        for (var number = 1; number <= tables; number++) {
            var table = "sbtest" + number;
            server.execute(definition(table, false));
            fill(server, table, new Rows(SEED + number));
            server.execute(index(table), "ANALYZE TABLE %s.%s".formatted(DATABASE, table));
        }
    }

    private static void fill(DatabaseServer server, String table, Rows rows) throws SQLException {
        try (var connection = server.connect(DATABASE);
                var statement = connection.createStatement()) {
            // Not in the log: nobody reads it from its beginning.
            statement.execute("SET sql_log_bin = 0");
            statement.unwrap(org.mariadb.jdbc.Statement.class).setLocalInfileInputStream(rows);
            statement.execute("LOAD DATA LOCAL INFILE 'rows' INTO TABLE " + table);
        }
    }

    /// Writes a table's rows as tab-separated text.
    private final class Rows extends InputStream {
        private final SplittableRandom random;
        private final byte[] row = new byte[ROW_BYTES_MAX];
        private int begin;
        private int end;
        private long id;

        Rows(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            var copied = 0;
            while (copied < length) {
                if (begin == end && !next()) {
                    return copied == 0 ? -1 : copied;
                }
                var part = Math.min(length - copied, end - begin);
                System.arraycopy(row, begin, target, offset + copied, part);
                begin += part;
                copied += part;
            }
            return copied;
        }

        @Override
        public int read() {
            if (begin == end && !next()) {
                return -1;
            }
            return row[begin++];
        }

        private boolean next() {
            if (id == rows) {
                return false;
            }
            id++;
            begin = 0;
            end = 0;
            number(id);
            row[end++] = '\t';
            // As sysbench does it: most values lie near the middle.
            number((random.nextLong(rows) + random.nextLong(rows)) / 2 + 1);
            row[end++] = '\t';
            groups(C_GROUPS);
            row[end++] = '\t';
            groups(PAD_GROUPS);
            row[end++] = '\n';
            return true;
        }

        private void groups(int count) {
            for (var group = 0; group < count; group++) {
                if (group > 0) {
                    row[end++] = '-';
                }
                digits(random.nextLong(GROUP), GROUP_DIGITS);
            }
        }

        private void number(long value) {
            var count = 1;
            for (var rest = value / 10; rest > 0; rest /= 10) {
                count++;
            }
            digits(value, count);
        }

        private void digits(long value, int count) {
            var rest = value;
            for (var at = end + count - 1; at >= end; at--) {
                row[at] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            end += count;
        }
    }
}
