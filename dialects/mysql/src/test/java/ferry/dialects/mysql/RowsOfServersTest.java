package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerKind.Family;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A row read from the log is the same bytes as the row read by SELECT, for every type and its edge
/// values, on every server.
@Tag("servers")
final class RowsOfServersTest {
    private static final String MODE = "SET sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'";

    /// Columns of one type each, with values to put into them.
    record Values(String column, List<String> values) {}

    private static Values of(String column, String... values) {
        return new Values(column, List.of(values));
    }

    private static final List<Values> COMMON =
            List.of(
                    of("TINYINT", "-128", "127", "0"),
                    of("TINYINT UNSIGNED", "255", "0", "128"),
                    of("TINYINT(3) ZEROFILL", "7", "255"),
                    of("SMALLINT", "-32768", "32767"),
                    of("SMALLINT UNSIGNED", "65535", "32768"),
                    of("MEDIUMINT", "-8388608", "8388607", "-1"),
                    of("MEDIUMINT UNSIGNED", "16777215", "8388608"),
                    of("INT", "-2147483648", "2147483647"),
                    of("INT UNSIGNED", "4294967295", "2147483648"),
                    of("INT(10) UNSIGNED ZEROFILL", "42", "0"),
                    of("BIGINT", "-9223372036854775808", "9223372036854775807", "-1"),
                    of("BIGINT UNSIGNED", "18446744073709551615", "9223372036854775808"),
                    of("DECIMAL(10,2)", "-12345678.90", "0.01", "-0.01", "0", "99999999.99"),
                    of(
                            "DECIMAL(65,30)",
                            "-12345678901234567890123456789012345.123456789012345678901234567890",
                            "1e-30"),
                    of("DECIMAL(5,5)", "0.12345", "-0.00001", "0"),
                    of("DECIMAL(18,9)", "123456789.000000001", "-1"),
                    of("DECIMAL(9,0) UNSIGNED", "999999999", "0"),
                    of("DECIMAL(20,0) ZEROFILL", "17"),
                    of("DECIMAL(10,1)", "-100000000", "1000000.5"),
                    of("FLOAT", "0.1", "-3.402823e38", "1.17549e-38", "16777216", "0", "1e10"),
                    of("FLOAT(7,3)", "1234.567", "-0.001"),
                    of(
                            "DOUBLE",
                            "0.1",
                            "-1.7976931348623157e308",
                            "2.2250738585072014e-308",
                            "4.9e-324",
                            "1e23",
                            "-0.0",
                            "123456789012345678"),
                    of("DOUBLE(20,5) UNSIGNED", "12345.67891"),
                    of("BIT(1)", "b'1'", "b'0'"),
                    of("BIT(13)", "b'1010101010101'", "b'1'"),
                    of("BIT(64)", "18446744073709551615", "1"),
                    of("YEAR", "1901", "2155", "0", "2024"),
                    of(
                            "DATE",
                            "'1000-01-01'",
                            "'9999-12-31'",
                            "'0000-00-00'",
                            "'2024-02-31'",
                            "'2024-00-00'",
                            "'0000-01-01'"),
                    of(
                            "TIME",
                            "'838:59:59'",
                            "'-838:59:59'",
                            "'00:00:00'",
                            "'-00:00:01'",
                            "'12:34:56'",
                            "'-12:34:56'"),
                    of(
                            "DATETIME",
                            "'1000-01-01 00:00:00'",
                            "'9999-12-31 23:59:59'",
                            "'0000-00-00 00:00:00'",
                            "'2024-02-30 01:02:03'"),
                    of(
                            "TIMESTAMP NULL",
                            "'1970-01-01 00:00:01'",
                            "'2038-01-19 03:14:07'",
                            "'0000-00-00 00:00:00'",
                            "'2024-10-27 01:30:00'"),
                    of(
                            "CHAR(10) CHARACTER SET utf8mb4",
                            "'ab  '",
                            "''",
                            "'äöü'",
                            "_utf8mb4 x'F09F9880'"),
                    of("CHAR(255) CHARACTER SET utf8mb4", "REPEAT('ä', 255)", "'x'", "''"),
                    of("CHAR(5) CHARACTER SET latin1", "'äöü'", "' a'", "'   '"),
                    of(
                            "CHAR(10) CHARACTER SET utf16",
                            "'ab '",
                            "''",
                            "'a'",
                            "_utf8mb4 x'F09F9880'",
                            "_ucs2 x'0A20'",
                            "_ucs2 x'200020002020'"),
                    of("CHAR(10) CHARACTER SET ucs2", "'ab '", "_ucs2 x'0A20'"),
                    of(
                            "CHAR(10) CHARACTER SET utf32",
                            "'ab '",
                            "''",
                            "_ucs2 x'0A20'",
                            "_ucs2 x'2020'"),
                    of(
                            "CHAR(10) CHARACTER SET utf16le",
                            "'ab '",
                            "''",
                            "_ucs2 x'2000'",
                            "_ucs2 x'200A'",
                            "_ucs2 x'0A20'",
                            "_ucs2 x'2020'"),
                    of("VARCHAR(20) CHARACTER SET utf8mb4", "'ab  '", "''", "_utf8mb4 x'F09F9880'"),
                    of("VARCHAR(300) CHARACTER SET latin1", "REPEAT('ä', 300)", "'x '"),
                    of("VARCHAR(20) CHARACTER SET gbk", "_gbk x'C4E3BAC3'", "_gbk x'D55C'", "''"),
                    of("VARCHAR(20) CHARACTER SET utf8", "'äé '", "_utf8 x'E4B8AD'", "''"),
                    of("CHAR(20) CHARACTER SET big5", "_big5 x'A440'", "'x'"),
                    of("TEXT CHARACTER SET sjis", "_sjis x'93FA967B'", "_sjis x'955C'"),
                    of("VARCHAR(20) CHARACTER SET utf16", "'ab '"),
                    of("VARCHAR(9) CHARACTER SET binary", "x'00FF00'"),
                    of("TINYTEXT CHARACTER SET latin1", "'é'", "''"),
                    of("TEXT CHARACTER SET utf8mb4", "REPEAT('ü', 3000)", "'a\\0b\\\\'"),
                    of("MEDIUMTEXT", "REPEAT('m', 70000)"),
                    of("LONGTEXT", "'long'"),
                    of("BINARY(8)", "x'0102'", "x'0102000000000000'", "''", "x'2020'"),
                    of("BINARY(255)", "x'01'", "REPEAT(x'FF', 255)"),
                    of("VARBINARY(20)", "x'0000'", "''", "x'FF20'"),
                    of("VARBINARY(300)", "REPEAT(x'00', 300)"),
                    of("TINYBLOB", "x'00'"),
                    of("BLOB", "REPEAT(x'FE', 300)", "''"),
                    of("MEDIUMBLOB", "x'CAFE'"),
                    of("LONGBLOB", "x'BABE'"),
                    of(
                            "ENUM('a','b,c','it''s','ö') CHARACTER SET utf8mb4",
                            "'a'",
                            "'b,c'",
                            "'it''s'",
                            "'ö'",
                            "0"),
                    of("ENUM('x','é') CHARACTER SET latin1", "'é'"),
                    of("SET('a','b','ö') CHARACTER SET utf8mb4", "'a,ö'", "''", "'b'", "'a,b,ö'"),
                    of("SET('a','b') CHARACTER SET utf16", "'a,b'"),
                    of(
                            "SET(" + many(64) + ")",
                            "18446744073709551615",
                            "1",
                            "0",
                            "9223372036854775808"),
                    of("SET(" + many(33) + ")", "4294967296", "4294967297"),
                    of("SET(" + many(20) + ")", "1048575"),
                    of("ENUM(" + many(300) + ")", "'m300'", "'m1'"),
                    of(
                            "GEOMETRY",
                            "ST_GeomFromText('POINT(1 2)')",
                            "ST_GeomFromText('LINESTRING(0 0,1 1,2 2)', 0)"),
                    of("POINT", "ST_GeomFromText('POINT(-1.5 2e10)')"));

    /// Since 5.6.4: temporal types with a fraction.
    private static final List<Values> FRACTIONS =
            List.of(
                    of("TIME(1)", "'-12:34:56.7'", "'00:00:00.1'", "'-00:00:00.1'"),
                    of("TIME(2)", "'-838:59:58.99'", "'-00:00:00.01'"),
                    of("TIME(3)", "'-12:34:56.789'", "'838:59:58.999'", "'-01:00:00.001'"),
                    of("TIME(4)", "'-12:34:56.7891'"),
                    of("TIME(5)", "'-12:34:56.78912'", "'-00:00:00.00001'"),
                    of(
                            "TIME(6)",
                            "'-12:34:56.789123'",
                            "'838:59:58.999999'",
                            "'-00:00:00.000001'",
                            "'00:00:00.000001'"),
                    of("DATETIME(1)", "'2024-01-02 03:04:05.6'"),
                    of("DATETIME(3)", "'2024-01-02 03:04:05.678'", "'0000-00-00 00:00:00'"),
                    of(
                            "DATETIME(6)",
                            "'9999-12-31 23:59:59.999999'",
                            "'2024-02-30 01:02:03.000001'"),
                    of("TIMESTAMP(2) NULL", "'2038-01-19 03:14:07.99'", "'1970-01-01 00:00:01.01'"),
                    of(
                            "TIMESTAMP(6) NULL",
                            "'2024-10-27 01:30:00.123456'",
                            "'0000-00-00 00:00:00'"));

    private static final List<Values> JSON =
            List.of(
                    of(
                            "JSON",
                            "'null'",
                            "'true'",
                            "'[]'",
                            "'{}'",
                            "'\"\"'",
                            "'[1, -1, 65536, 4294967296, 18446744073709551615, -9223372036854775808]'",
                            "'{\"b\": 1, \"aa\": 2, \"a\": {\"c\": [1, 2, [3]]}}'",
                            "'[1.0, 0.1, -0.0, 1e16, 1e15, 1e14, 123456789012345.0, 1234567890123456.0, 1e-14, 1e-15, 1e-16, 1.5e300, -2.5e-300]'",
                            "'[4.9e-324, 1.7976931348623157e308, 2e23, 100, 1E2, 0.00001, 3.0e-5, 12345.678]'",
                            "'[9007199254740993, 0.30000000000000004, 5e-324, 9e-5, 2.2250738585072014e-308]'",
                            "'\"quote \\\\\" back \\\\\\\\ slash / tab \\\\t nl \\\\n cr \\\\r bs \\\\b ff \\\\f nul \\\\u0000 esc \\\\u001b del \\\\u007f\"'",
                            "'\"\\\\u00e4 \\\\ud83d\\\\ude00\"'",
                            "JSON_ARRAY(CAST('2024-01-02' AS DATE), CAST('2024-01-02 03:04:05.678' AS DATETIME(3)), CAST('-12:34:56.789' AS TIME(3)))",
                            "JSON_ARRAY(CAST('0000-00-00' AS DATE), TIMESTAMP'2024-01-02 03:04:05', CAST('838:59:59' AS TIME))",
                            "JSON_ARRAY(CAST(1.10 AS DECIMAL(10,4)), 12345678901234567890.123, -0.001, 1e3)",
                            "JSON_ARRAY(CAST(x'CAFE' AS BINARY), b'101', REPEAT(x'FF', 200))",
                            "JSON_OBJECT('k', REPEAT('ü', 200), REPEAT('key', 100), 1)",
                            "CONCAT('[', REPEAT('1234567, ', 20000), '1]')",
                            "CONCAT('{', REPEAT('\"k\": \"v\", ', 1), '\"big\": \"', REPEAT('x', 70000), '\", \"n\": [1, 65535, 70000, true]}')",
                            "CONCAT(REPEAT('[', 99), '1', REPEAT(']', 99))"));

    private static final List<Values> MYSQL_9 = List.of(of("VECTOR(3)", "TO_VECTOR('[1,2.5,-3]')"));

    private static String many(int count) {
        var names = new ArrayList<String>();
        for (var i = 1; i <= count; i++) {
            names.add("'m" + i + "'");
        }
        return String.join(",", names);
    }

    static List<Values> values(ServerKind kind) {
        var all = new ArrayList<>(COMMON);
        all.addAll(FRACTIONS);
        if (kind != ServerKind.MYSQL_5_6 && kind.family() == Family.MYSQL) {
            all.addAll(JSON);
        }
        if (kind == ServerKind.MYSQL_9) {
            all.addAll(MYSQL_9);
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(names = "SEEKDB", mode = EnumSource.Mode.EXCLUDE)
    void aRowOfTheLogIsTheRowOfSelect(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind);
                var connection = database.server().connect(database.name())) {
            connection.createStatement().execute(MODE);
            var wrong = new ArrayList<String>();
            for (var values : values(kind)) {
                try {
                    roundTrip(connection, database.server(), database.name(), values, wrong);
                } catch (SQLException | RuntimeException | AssertionError e) {
                    wrong.add(values.column() + ": " + e);
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    /// Of the servers here, this one alone compresses transactions.
    @Test
    void aRowOfACompressedTransactionIsTheRowOfSelect() throws Exception {
        try (var database = TestServers.database(ServerKind.MYSQL_9);
                var connection = database.server().connect(database.name())) {
            connection.createStatement().execute(MODE);
            connection.createStatement().execute("SET binlog_transaction_compression = ON");
            var wrong = new ArrayList<String>();
            for (var values : values(ServerKind.MYSQL_9)) {
                roundTrip(connection, database.server(), database.name(), values, wrong);
            }
            assertThat(wrong).isEmpty();
        }
    }

    /// Tables that were made before MySQL 5.6.4 keep their older formats; MariaDB still makes such
    /// tables when it is told to.
    @Test
    void olderTemporalFormatsAreRead() throws Exception {
        var options = ServerOptions.lean().withFlags("--mysql56-temporal-format=OFF");
        try (var server = TestServers.start(ServerKind.MARIADB_10_11, options);
                var database = TestServers.database(server, "older");
                var connection = database.connect()) {
            connection.createStatement().execute(MODE);
            var wrong = new ArrayList<String>();
            for (var values : COMMON) {
                if (values.column().matches("TIME|DATETIME|TIMESTAMP.*|DATE|YEAR")) {
                    roundTrip(connection, server, database.name(), values, wrong);
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    private static void roundTrip(
            Connection connection,
            DatabaseServer server,
            String database,
            Values values,
            List<String> wrong)
            throws SQLException {
        var run = connection.createStatement();
        run.execute("DROP TABLE IF EXISTS t");
        run.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v "
                        + values.column()
                        + ", tail INT) CHARACTER SET utf8mb4");
        var table = LayoutReader.read(connection, database, "t");
        var before = LogFixture.logEnd(server);
        run.execute("BEGIN");
        var id = 0;
        for (var value : values.values()) {
            run.execute("INSERT INTO t VALUES (" + id++ + ", " + value + ", 7)");
        }
        run.execute("INSERT INTO t VALUES (" + id + ", NULL, NULL)");
        run.execute("COMMIT");
        var inserted = LogFixture.select(connection, table);
        run.execute("UPDATE t SET tail = 8");
        var updated = LogFixture.select(connection, table);
        run.execute("DELETE FROM t");

        try (var log = LogFixture.open(server, before)) {
            log.admit(table);
            var inserts = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
            var updates = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
            var deletes = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
            check(
                    values,
                    inserted,
                    inserts.stream().map(change -> ((Change.Insert) change).after()).toList(),
                    wrong);
            check(
                    values,
                    inserted,
                    updates.stream().map(change -> ((Change.Update) change).before()).toList(),
                    wrong);
            check(
                    values,
                    updated,
                    updates.stream().map(change -> ((Change.Update) change).after()).toList(),
                    wrong);
            check(
                    values,
                    updated,
                    deletes.stream().map(change -> ((Change.Delete) change).before()).toList(),
                    wrong);
        }
    }

    private static void check(
            Values values, List<Row> selected, List<Row> logged, List<String> wrong) {
        if (!selected.equals(logged)) {
            for (var i = 0; i < Math.min(selected.size(), logged.size()); i++) {
                if (!selected.get(i).equals(logged.get(i))) {
                    wrong.add(
                            "%s: SELECT %s, log %s"
                                    .formatted(
                                            values.column(),
                                            show(selected.get(i)),
                                            show(logged.get(i))));
                }
            }
            if (selected.size() != logged.size()) {
                wrong.add(
                        "%s: %d rows by SELECT, %d by log"
                                .formatted(values.column(), selected.size(), logged.size()));
            }
        }
    }

    private static String show(Row row) {
        var hex = row.isPresent(1) ? HexFormat.of().formatHex(row.bytes(1)) : "";
        return row + " " + (hex.length() > 80 ? hex.substring(0, 80) : hex);
    }

    /// A column that both ends compute for themselves is in the log and not in the row.
    @ParameterizedTest
    @EnumSource(
            names = {"SEEKDB", "MYSQL_5_6"},
            mode = EnumSource.Mode.EXCLUDE)
    void generatedColumnsAreLeftOut(ServerKind kind) throws Exception {
        try (var database = TestServers.database(kind);
                var connection = database.server().connect(database.name())) {
            var run = connection.createStatement();
            run.execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, v INT AS (id + 1) VIRTUAL, a VARCHAR(10), s VARCHAR(20) AS (UPPER(a)) STORED, z INT)");
            if (kind == ServerKind.MYSQL_8_0) {
                run.execute("CREATE INDEX f ON t ((z * 2))"); // a hidden column, which this version
                // logs
            }
            var table = LayoutReader.read(connection, database.name(), "t");
            var before = LogFixture.logEnd(database.server());
            run.execute("INSERT INTO t (id, a, z) VALUES (1, 'x', 3), (2, NULL, NULL)");
            run.execute("UPDATE t SET a = 'y' WHERE id = 1");

            try (var log = LogFixture.open(database.server(), before)) {
                log.admit(table);
                var inserts = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
                var updates = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));

                assertThat(table.carried()).hasSize(3);
                assertThat(inserts)
                        .containsExactly(
                                new Change.Insert(Row.ofText("1", "x", "3")),
                                new Change.Insert(Row.ofText("2", null, null)));
                assertThat(updates)
                        .containsExactly(
                                new Change.Update(
                                        Row.ofText("1", "x", "3"), Row.ofText("1", "y", "3")));
            }
        }
    }
}
