package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Tables in the shape that sysbench made the yardstick of MySQL: `id`, an indexed number, and two
/// texts of digits. The same seed makes the same rows.
///
/// @param tables how many
/// @param rowsEach in each of them
record SysbenchTables(int tables, long rowsEach) implements Dataset {
    private static final long SEED = 20_260_301;

    /// A row in text: an id, a number, 10 and 5 groups of 11 digits.
    private static final int ROW_BYTES_MAX = 10 + 1 + 10 + 1 + 119 + 1 + 59 + 1;

    private static final int C_GROUPS = 10;
    private static final int PAD_GROUPS = 5;
    private static final long GROUP = 100_000_000_000L;
    private static final int GROUP_DIGITS = 11;

    /// So many rows in four tables, as in every bench of this shape.
    static SysbenchTables ofRows(long rows) {
        return new SysbenchTables(4, rows / 4);
    }

    @Override
    public String what() {
        return tables + " tables in sysbench's shape";
    }

    @Override
    public List<String> names() {
        return IntStream.rangeClosed(1, tables).mapToObj(number -> "sbtest" + number).toList();
    }

    @Override
    public String definition(String table) {
        return """
        CREATE TABLE %s.%s (
          id INT NOT NULL AUTO_INCREMENT,
          k INT NOT NULL DEFAULT 0,
          c CHAR(120) NOT NULL DEFAULT '',
          pad CHAR(60) NOT NULL DEFAULT '',
          PRIMARY KEY (id)
        )\
        """
                .formatted(DATABASE, table);
    }

    @Override
    public Optional<String> keys(String table) {
        return Optional.of("ALTER TABLE %s.%s ADD KEY k (k)".formatted(DATABASE, table));
    }

    @Override
    public void fill(DatabaseServer server, String table) throws SQLException {
        try (var connection = server.connect(DATABASE)) {
            try (var statement = connection.createStatement()) {
                statement.execute("SET sql_log_bin = 0");
            }
            insert(connection, table, 1, rowsEach);
        }
    }

    /// Inserts rows with these ids by one LOAD DATA, which is one transaction.
    void insert(Connection connection, String table, long firstId, long count) throws SQLException {
        var seed = SEED + names().indexOf(table) * 1_000_003L + firstId;
        try (var statement = connection.createStatement()) {
            statement
                    .unwrap(org.mariadb.jdbc.Statement.class)
                    .setLocalInfileInputStream(new Rows(seed, firstId, count));
            statement.execute(
                    "LOAD DATA LOCAL INFILE 'rows' INTO TABLE %s.%s".formatted(DATABASE, table));
        }
    }

    /// Text as it stands in `c`.
    static String c(SplittableRandom random) {
        return groups(random, C_GROUPS);
    }

    /// Text as it stands in `pad`.
    static String pad(SplittableRandom random) {
        return groups(random, PAD_GROUPS);
    }

    private static String groups(SplittableRandom random, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> String.format(Locale.ROOT, "%011d", random.nextLong(GROUP)))
                .collect(Collectors.joining("-"));
    }

    /// Writes a table's rows as tab-separated text.
    private final class Rows extends InputStream {
        private final SplittableRandom random;
        private final byte[] row = new byte[ROW_BYTES_MAX];
        private final long last;
        private int begin;
        private int end;
        private long id;

        Rows(long seed, long firstId, long count) {
            random = new SplittableRandom(seed);
            id = firstId - 1;
            last = id + count;
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
            if (id == last) {
                return false;
            }
            id++;
            begin = 0;
            end = 0;
            number(id);
            row[end++] = '\t';
            // As sysbench does it: most values lie near the middle.
            number((random.nextLong(rowsEach) + random.nextLong(rowsEach)) / 2 + 1);
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
