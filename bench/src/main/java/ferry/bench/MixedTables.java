package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tables of every kind that loading finds hard: many small ones, wide rows, a key of two texts, no
/// key, and a key whose values lie very unevenly. The same seed makes the same rows.
///
/// @param rows of all tables together, roughly
record MixedTables(long rows) implements Dataset {
    private static final long SEED = 20_260_301;
    private static final int SMALL_TABLES = 20;
    private static final long SMALL_ROWS = 100;

    /// A BLOB of a wide row; a row has about six times the bytes of one in sysbench's shape.
    private static final int BLOB_BYTES = 600;

    private static final int STATEMENT_ROWS = 500;

    @Override
    public String what() {
        return "%d small tables, wide, two texts as key, no key, uneven".formatted(SMALL_TABLES);
    }

    @Override
    public List<String> names() {
        var names = new ArrayList<String>();
        names.addAll(List.of("wide", "texts", "keyless", "uneven"));
        IntStream.rangeClosed(1, SMALL_TABLES).forEach(number -> names.add("small" + number));
        return names;
    }

    private long rowsOf(String table) {
        return switch (table) {
            case "wide" -> rows / 10;
            case "texts", "keyless" -> rows / 4;
            case "uneven" -> rows - rows / 10 - 2 * (rows / 4);
            default -> Math.min(SMALL_ROWS, rows / SMALL_TABLES);
        };
    }

    @Override
    public String definition(String table) {
        var columns =
                switch (table) {
                    case "wide" ->
                            """
                            id BIGINT PRIMARY KEY, document JSON NOT NULL, picture BLOB NOT NULL,
                            price DECIMAL(18,4) NOT NULL, tax DECIMAL(30,10) NOT NULL,
                            made DATETIME(6) NOT NULL, day DATE NOT NULL, clock TIME(3) NOT NULL,
                            share DOUBLE NOT NULL, kind ENUM('new','used','none') NOT NULL,
                            note VARCHAR(200) NOT NULL\
                            """;
                    case "texts" ->
                            """
                            country VARCHAR(20) NOT NULL, code VARCHAR(40) NOT NULL, amount INT NOT NULL,
                            PRIMARY KEY (country, code)\
                            """;
                    case "keyless" -> "a INT NOT NULL, b VARCHAR(60) NOT NULL";
                    default -> "id BIGINT PRIMARY KEY, name VARCHAR(80) NOT NULL";
                };
        return "CREATE TABLE %s.%s (%s)".formatted(DATABASE, table, columns);
    }

    @Override
    public Optional<String> keys(String table) {
        return table.equals("wide")
                ? Optional.of("ALTER TABLE %s.wide ADD KEY made (made)".formatted(DATABASE))
                : Optional.empty();
    }

    /// The client prints a BLOB's bytes as they are, and JSON is refused as bytes.
    @Override
    public String loading(String table) {
        return table.equals("wide")
                ? """
                CHARACTER SET binary (id, @document, picture, price, tax, made, day, clock, share,
                kind, note) SET document = CONVERT(@document USING utf8mb4)\
                """
                        .replace('\n', ' ')
                : "";
    }

    @Override
    public void fill(DatabaseServer server, String table) throws SQLException {
        try (var connection = server.connect(DATABASE);
                var statement = connection.createStatement()) {
            statement.execute("SET sql_log_bin = 0");
            connection.setAutoCommit(false);
            insert(connection, table);
            connection.commit();
        }
    }

    private void insert(Connection connection, String table) throws SQLException {
        var random = new SplittableRandom(SEED + table.hashCode());
        var count = rowsOf(table);
        for (var first = 0L; first < count; first += STATEMENT_ROWS) {
            var values = new StringBuilder("INSERT INTO " + table + " VALUES ");
            var last = Math.min(count, first + STATEMENT_ROWS);
            for (var number = first; number < last; number++) {
                values.append(number == first ? "" : ", ").append(row(table, number, random));
            }
            try (var statement = connection.createStatement()) {
                statement.execute(values.toString());
            }
        }
    }

    private static String row(String table, long number, SplittableRandom random) {
        var text = Long.toString(random.nextLong(), 36);
        return switch (table) {
            case "wide" -> wide(number, text, random);
            case "texts" ->
                    String.format(
                            Locale.ROOT,
                            "('country %02d', 'code %s %d', %d)",
                            random.nextInt(100),
                            text,
                            number,
                            random.nextInt());
            case "keyless" -> String.format(Locale.ROOT, "(%d, 'row %s')", random.nextInt(), text);
            case "uneven" -> "(%d, 'name %s')".formatted(TwinTables.unevenKey(number), text);
            default -> "(%d, 'name %s')".formatted(number, text);
        };
    }

    private static String wide(long number, String text, SplittableRandom random) {
        var picture = new StringBuilder();
        for (var at = 0; at < BLOB_BYTES; at++) {
            picture.append(String.format(Locale.ROOT, "%02x", random.nextInt(256)));
        }
        return String.format(
                Locale.ROOT,
                """
                (%d, '{"name": "%s", "tags": ["a", "b"], "weight": %d}', x'%s', %d.%04d, %d.%010d,
                '20%02d-%02d-%02d 10:%02d:00.%06d', '20%02d-01-31', '%02d:00:00.%03d', %s,
                '%s', 'note %s')\
                """,
                number,
                text,
                random.nextInt(1_000),
                picture,
                random.nextInt(1_000_000),
                random.nextInt(10_000),
                random.nextInt(1_000_000),
                random.nextInt(1_000_000_000),
                random.nextInt(30),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(60),
                random.nextInt(1_000_000),
                random.nextInt(30),
                random.nextInt(24),
                random.nextInt(1_000),
                random.nextInt(1_000_000) / 8.0,
                random.nextInt(2) == 0 ? "new" : "used",
                text);
    }
}
