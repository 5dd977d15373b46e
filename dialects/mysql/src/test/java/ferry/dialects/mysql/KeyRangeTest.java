package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Chunks of a table hold each of its rows once, whatever its key; and the order that is computed
/// here is the server's.
@Tag("servers")
final class KeyRangeTest {
    private static final List<String> KEYS =
            List.of(
                    "a INT NOT NULL, PRIMARY KEY (a)",
                    "a BIGINT UNSIGNED NOT NULL, b VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, PRIMARY KEY (a, b)",
                    "a VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b)",
                    "a VARBINARY(20) NOT NULL, PRIMARY KEY (a)",
                    "a BINARY(3) NOT NULL, b DATE NOT NULL, PRIMARY KEY (a, b)",
                    "a ENUM('z','m','a') NOT NULL, b SET('y','x') NOT NULL, c BIT(10) NOT NULL, PRIMARY KEY (a, b, c)",
                    "a DECIMAL(10,3) NOT NULL, PRIMARY KEY (a)",
                    "a TIME(3) NOT NULL, b YEAR NOT NULL, PRIMARY KEY (a, b)",
                    "a TIMESTAMP(2) NOT NULL DEFAULT '2000-01-01 00:00:00', b TINYINT NOT NULL, PRIMARY KEY (b, a)",
                    "a DATETIME NOT NULL, UNIQUE KEY k (a)",
                    "a DOUBLE NOT NULL, b FLOAT NOT NULL, PRIMARY KEY (a, b)");

    static Stream<Arguments> cases() {
        return Stream.of(
                        ServerKind.MYSQL_8_0,
                        ServerKind.MYSQL_5_6,
                        ServerKind.MARIADB_11_4,
                        ServerKind.SEEKDB)
                .flatMap(kind -> KEYS.stream().map(key -> Arguments.of(kind, key)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void everyRowIsInOneChunk(ServerKind kind, String key) throws SQLException {
        try (var end = End.of(kind);
                var snapshot = end.snapshot()) {
            var table = end.create("t", key);
            fill(end, table);
            var all = end.read(table);
            assertThat(all).hasSizeGreaterThan(20);

            var chunked = new ArrayList<Row>();
            var after = Optional.<Row>empty();
            var chunks = 0;
            do {
                var upTo = snapshot.keyAfter(table, after, 7);
                var range = new KeyRange(after, upTo);
                var rows = new ArrayList<Row>();
                snapshot.read(table, range, rows::addAll);
                assertThat(rows.size()).isLessThanOrEqualTo(7);
                assertThat(snapshot.checksum(table, table, range).rows()).isEqualTo(rows.size());
                chunked.addAll(rows);
                after = upTo;
                chunks++;
            } while (after.isPresent());

            assertThat(chunked).isEqualTo(all);
            assertThat(chunks).isEqualTo(all.size() / 7 + 1);
            var keys = all.stream().map(row -> row.project(table.rowKeyIndexes())).toList();
            assertThat(snapshot.rows(table, keys)).containsExactlyInAnyOrderElementsOf(all);
            assertThat(snapshot.rows(table, keys.subList(3, 4))).containsExactly(all.get(3));
            assertThat(snapshot.isEmpty(table)).isFalse();
            assertOrder(table, keys);
        }
    }

    private static void assertOrder(Table table, List<Row> keys) {
        var order = MySqlKeyOrder.of(table);
        if (order.isEmpty()) {
            assertThat(table.columns().getFirst().type().toString()).contains("_ci");
            return;
        }
        var shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.sort(order.get());
        assertThat(shuffled).isEqualTo(keys);
    }

    /// Random values, and those at which orders part: signs, trailing spaces, control characters,
    /// letter case, zero dates.
    private static void fill(End end, Table table) throws SQLException {
        var random = new Random(42);
        var statements = new ArrayList<String>();
        statements.add("SET NAMES utf8mb4");
        statements.add(
                "SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES', time_zone = '+00:00'");
        var seen = new HashSet<String>();
        for (var i = 0; i < 300; i++) {
            var values = new ArrayList<String>();
            for (var column : table.columns()) {
                values.add(value(column.nativeType(), random));
            }
            var row = String.join(", ", values);
            if (seen.add(row)) {
                statements.add("INSERT IGNORE INTO t VALUES (" + row + ")");
            }
        }
        end.database().execute(statements.toArray(String[]::new));
    }

    private static String value(String type, Random random) {
        return switch (type.replaceAll("[( ].*", "")) {
            case "int", "tinyint" ->
                    pick(
                            random,
                            "-128",
                            "127",
                            "0",
                            String.valueOf(random.nextInt(-100, 100)),
                            String.valueOf(random.nextInt(-100, 100)));
            case "bigint" ->
                    pick(
                            random,
                            "0",
                            "18446744073709551615",
                            "9223372036854775808",
                            String.valueOf(random.nextInt(5)));
            case "varchar" ->
                    pick(
                            random,
                            "'a'",
                            "'A'",
                            "'a\\t'",
                            "'a!'",
                            "'ä'",
                            "''",
                            "'\\t'",
                            "'b'",
                            "'ab'",
                            "'中'",
                            "'😀'",
                            "'it''s \\\\'",
                            "'"
                                    + Character.toString('a' + random.nextInt(26))
                                    + random.nextInt(50)
                                    + "'");
            case "varbinary" ->
                    pick(
                            random,
                            "0x61",
                            "0x6100",
                            "0x6120",
                            "''",
                            "0xff",
                            "0x00",
                            "0x" + "%02x".formatted(random.nextInt(256)));
            case "binary" ->
                    pick(
                            random,
                            "0x61",
                            "'a  '",
                            "0xff",
                            "0x00",
                            "0x" + "%02x".formatted(random.nextInt(256)));
            case "enum" -> pick(random, "'z'", "'m'", "'a'");
            case "set" -> pick(random, "''", "'x'", "'y'", "'x,y'");
            case "bit" -> String.valueOf(random.nextInt(1024));
            case "decimal" ->
                    pick(
                            random,
                            "-1.5",
                            "1.5",
                            "0",
                            "-1.499",
                            "9999999.999",
                            random.nextInt(-9, 9) + "." + random.nextInt(999));
            case "time" ->
                    pick(
                            random,
                            "'-838:59:59'",
                            "'838:59:59'",
                            "'-00:00:00.001'",
                            "'00:00:00.001'",
                            "'99:00:00'",
                            "'100:00:00'",
                            "'0%d:0%d:00'".formatted(random.nextInt(10), random.nextInt(10)));
            case "year" ->
                    pick(random, "1901", "2155", "0", String.valueOf(2000 + random.nextInt(30)));
            case "date" ->
                    pick(
                            random,
                            "'0000-00-00'",
                            "'9999-12-31'",
                            "'2024-02-31'",
                            "'2024-01-%02d'".formatted(1 + random.nextInt(28)));
            case "datetime" ->
                    pick(
                            random,
                            "'0000-00-00 00:00:00'",
                            "'2024-02-31 00:00:00'",
                            "'2024-01-01 00:00:%02d'".formatted(random.nextInt(60)));
            case "timestamp" ->
                    pick(
                            random,
                            "'2038-01-19 03:14:07'",
                            "'1970-01-01 00:00:01'",
                            "'2024-01-01 00:00:00.%02d'".formatted(random.nextInt(100)));
            case "double", "float" ->
                    pick(
                            random,
                            "-1.5",
                            "1e30",
                            "0.1",
                            "-0.1",
                            "0",
                            "1e-30",
                            String.valueOf(random.nextInt(9)));
            default -> throw new IllegalArgumentException(type.toLowerCase(Locale.ROOT));
        };
    }

    private static String pick(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_7", "MARIADB_11_4"})
    void aRangeOfACompositeKeyReadsOnlyItsRows(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table =
                    end.create(
                            "t",
                            "a VARCHAR(20) CHARACTER SET latin1 NOT NULL, b INT NOT NULL, v INT, PRIMARY KEY (a, b)");
            var rows = new ArrayList<Row>();
            for (var i = 0; i < 10_000; i++) {
                rows.add(Row.ofText("k" + i % 10, String.valueOf(1000 + i), "1"));
            }
            end.insert(table, rows);
            var keys = MySqlKeys.of(table);
            var range =
                    new KeyRange(
                            Optional.of(Row.ofText("k3", "5000")),
                            Optional.of(Row.ofText("k3", "5100")));

            try (var connection =
                    end.connect(ferry.engine.dialect.Role.SOURCE, MySqlSession.Use.ROWS)) {
                connection.update("flush", "FLUSH STATUS");
                connection.rows(
                        "read",
                        "SELECT COUNT(v) FROM "
                                + keys.forced(table)
                                + " WHERE "
                                + String.join(" AND ", keys.inside(range)));
                var read =
                        connection
                                .rows("count", "SHOW SESSION STATUS LIKE 'Handler_read_next'")
                                .getFirst()
                                .get(1);
                assertThat(Integer.parseInt(read)).isLessThan(100);
            }
        }
    }
}
