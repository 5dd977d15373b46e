package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.Role;
import ferry.engine.filter.ConditionReader;
import ferry.engine.filter.RowFilter;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.testkit.servers.ServerKind;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server and Ferry answer every condition alike, for random conditions over random rows.
@Tag("servers")
final class MySqlConditionTest {
    private static final int ROWS = 150;
    private static final int CONDITIONS = 400;

    private static final List<String> NUMBERS =
            List.of(
                    "id",
                    "n",
                    "`big`",
                    "huge",
                    "amount",
                    "made",
                    "-1",
                    "0",
                    "2",
                    "2.50",
                    "1970",
                    "18446744073709551615");
    private static final List<String> TEXTS =
            List.of(
                    "name", "`fixed`", "western", "choice", "'a'", "'A'", "'a '", "' a'", "''",
                    "'ä'", "'ß'", "'😀x'", "'it''s'");
    private static final List<String> DAYS =
            List.of("day", "'2024-02-29'", "'1000-01-01'", "'2024-12-31'");
    private static final List<String> MOMENTS =
            List.of(
                    "moment",
                    "stamp",
                    "day",
                    "'2024-02-29'",
                    "'2024-02-29 12:00:00'",
                    "'2024-02-29 12:00:00.5'",
                    "'1999-12-31 23:59:59.999999'");
    private static final List<String> TIMES =
            List.of("span", "'00:00:00'", "'-10:00:00'", "'12:30:00.25'");
    private static final List<String> HOW = List.of("=", "<>", "!=", "<", "<=", ">", ">=");

    private final Random random = new Random(20_240_229);

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_7", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void aServerAndFerryAgree(ServerKind kind) throws SQLException {
        try (var end = End.of(kind);
                var connection = end.connect(Role.SOURCE, MySqlSession.Use.PLAIN)) {
            var table = table(end, kind);
            fill(end, table);
            var rows = end.read(table);
            var chosen = 0;
            for (var i = 0; i < CONDITIONS; i++) {
                var text = condition(3);
                var condition = ConditionReader.read(text, table);
                var filter = RowFilter.of(condition, table, new MySqlDialect().textDecoder());
                var sql = MySqlCondition.sql(condition);

                var ours = rows.stream().filter(filter).map(row -> row.text(0)).sorted().toList();
                var theirs =
                        connection
                                .rows(
                                        "ask",
                                        "SELECT id FROM %s WHERE %s"
                                                .formatted(MySqlSql.quote(table.name()), sql))
                                .stream()
                                .map(List::getFirst)
                                .sorted()
                                .toList();

                assertThat(ours).as("%s%nas %s", text, sql).isEqualTo(theirs);
                chosen += ours.size();
            }
            assertThat(chosen)
                    .as("conditions that choose some rows, and not all")
                    .isBetween(CONDITIONS * ROWS / 10, CONDITIONS * ROWS * 9 / 10);
        }
    }

    private static Table table(End end, ServerKind kind) throws SQLException {
        // The kernel knows no other character set.
        var western = kind == ServerKind.SEEKDB ? "utf8mb4" : "latin1";
        return end.create(
                "t",
                """
                id INT PRIMARY KEY, n SMALLINT UNSIGNED, big BIGINT, huge BIGINT UNSIGNED, amount DECIMAL(20, 4), made YEAR,
                name VARCHAR(20) CHARACTER SET utf8mb4, fixed CHAR(5) CHARACTER SET utf8mb4,
                western VARCHAR(20) CHARACTER SET %s, choice ENUM('a', 'A b', 'ß') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
                day DATE, born DATE NOT NULL, moment DATETIME(3), stamp TIMESTAMP NULL, span TIME\
                """
                        .formatted(western));
    }

    private void fill(End end, Table table) {
        var rows = new ArrayList<Row>();
        for (var id = 0; id < ROWS; id++) {
            var values = new ArrayList<byte[]>();
            values.add(ascii(String.valueOf(id)));
            values.add(or(ascii(one("0", "2", "65535", String.valueOf(random.nextInt(10))))));
            values.add(
                    or(
                            ascii(
                                    one(
                                            "9223372036854775807",
                                            "-9223372036854775808",
                                            "0",
                                            String.valueOf(random.nextInt(-5, 5))))));
            values.add(or(ascii(one("18446744073709551615", "9223372036854775808", "0", "2"))));
            values.add(or(ascii(one("0.0000", "-1.0000", "2.5000", "9999999999999999.9999"))));
            values.add(or(ascii(one("1970", "2000", "2024", "0000"))));
            values.add(or(utf8(one("a", "A", "a ", " a", "", "ä", "😀x", "it's", "ab", "ba"))));
            values.add(or(utf8(one("a", "A", "", "ä", "ß", "ab"))));
            var western = one("a", "A", "ä", "ß", "");
            values.add(
                    or(
                            table.columns().get(8).type().toString().contains("latin1")
                                    ? western.getBytes(StandardCharsets.ISO_8859_1)
                                    : utf8(western)));
            values.add(or(utf8(one("a", "A b", "ß"))));
            values.add(
                    or(
                            ascii(
                                    one(
                                            "2024-02-29",
                                            "1000-01-01",
                                            "9999-12-31",
                                            "2024-12-31",
                                            "0000-00-00",
                                            "2024-02-00"))));
            values.add(ascii(one("2024-02-29", "0000-00-00")));
            values.add(
                    or(
                            ascii(
                                    one(
                                            "2024-02-29 00:00:00.000",
                                            "2024-02-29 12:00:00.000",
                                            "2024-02-29 12:00:00.500",
                                            "0000-00-00 00:00:00.000",
                                            "1999-12-31 23:59:59.999"))));
            values.add(
                    or(
                            ascii(
                                    one(
                                            "2024-02-29 00:00:00",
                                            "2024-02-29 12:00:00",
                                            "1999-12-31 23:59:59"))));
            values.add(or(ascii(one("00:00:00", "-10:00:00", "12:30:00", "838:59:59"))));
            rows.add(Row.of(values.toArray(byte[][]::new)));
        }
        end.insert(table, rows);
    }

    private byte[] or(byte[] value) {
        return random.nextInt(6) == 0 ? null : value;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    // Conditions as somebody may write them

    private String condition(int depth) {
        return switch (depth == 0 ? 9 : random.nextInt(12)) {
            case 0 -> condition(depth - 1) + " AND " + condition(depth - 1);
            case 1 -> "(" + condition(depth - 1) + ") OR (" + condition(depth - 1) + ")";
            case 2 ->
                    "(("
                            + condition(depth - 1)
                            + ") XOR "
                            + comparison()
                            + " AND "
                            + comparison()
                            + ")";
            case 3 -> "NOT (" + condition(depth - 1) + ")";
            case 4 -> "(" + condition(depth - 1) + ") IS " + one("TRUE", "FALSE", "NOT TRUE");
            case 5 ->
                    one(List.of("n", "name", "day", "born", "span"))
                            + " IS "
                            + one("NULL", "NOT NULL");
            case 6 ->
                    number(1) + one(" BETWEEN ", " NOT BETWEEN ") + number(1) + " AND " + number(1);
            case 7 ->
                    text(1)
                            + one(" IN (", " NOT IN (")
                            + List.of(text(0), text(0), one("NULL", "'a'")).stream()
                                    .collect(Collectors.joining(", "))
                            + ")";
            default -> comparison();
        };
    }

    private String comparison() {
        var how = " " + one(HOW) + " ";
        return switch (random.nextInt(6)) {
            case 0, 1 -> number(2) + how + number(2);
            case 2, 3 -> text(2) + how + text(2);
            case 4 -> "moment" + how + one(MOMENTS);
            default ->
                    random.nextBoolean()
                            ? one("day", "born") + how + one(DAYS)
                            : "span" + how + one(TIMES);
        };
    }

    private String number(int depth) {
        return depth > 0 && random.nextInt(3) == 0
                ? "("
                        + number(depth - 1)
                        + one(" + ", " - ", " * ", " % ")
                        + number(depth - 1)
                        + ")"
                : one(NUMBERS);
    }

    private String text(int depth) {
        if (depth == 0 || random.nextInt(3) > 0) {
            return one(TEXTS);
        }
        return switch (random.nextInt(3)) {
            case 0 -> "CONCAT(" + text(depth - 1) + ", " + text(depth - 1) + ")";
            case 1 ->
                    "SUBSTR("
                            + text(depth - 1)
                            + ", "
                            + one("1", "2", "-1", "0", "n", "9", "huge", "`big`", "amount")
                            + one(")", ", 1)", ", 0)", ", n)", ", huge)", ", `big`)");
            default ->
                    "REPLACE("
                            + one("name", "`fixed`", "western", "choice")
                            + ", "
                            + text(depth - 1)
                            + ", "
                            + text(depth - 1)
                            + ")";
        };
    }
}
