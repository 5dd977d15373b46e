package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Role;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows that go by LOAD DATA LOCAL, and those that must not; with the same rows by INSERT beside
/// them.
@Tag("servers")
final class LoadDataTest {
    private static End by(End end, boolean loadData) {
        return end.with(end.settings().with(Settings.LOAD_DATA_LOCAL, Boolean.toString(loadData)));
    }

    private static long loads(End end) throws SQLException {
        try (var connection = end.database().server().connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Com_load'")) {
            rows.next();
            return rows.getLong(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MYSQL_8_0, true",
        "MYSQL_8_0, false",
        "MYSQL_5_7, true",
        "MYSQL_5_7, false",
        "MARIADB_11_4, true",
        "MARIADB_11_4, false",
        "MYSQL_5_6, true"
    })
    void nullForATimestampThatMustHaveAValueIsRefused(ServerKind kind, boolean loadData)
            throws SQLException {
        try (var base = End.of(kind)) {
            var end = by(base, loadData);
            var table =
                    end.create(
                            "t", "id INT PRIMARY KEY, ts TIMESTAMP NOT NULL DEFAULT '2001-01-01'");

            var problem =
                    catchThrowableOfType(
                            ProblemException.class,
                            () -> end.insert(table, List.of(Row.ofText("1", null))));

            assertThat(problem.code()).isEqualTo(ProblemCode.VALUE_REFUSED);
            assertThat(end.read(table)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"MYSQL_8_0, true", "MYSQL_8_0, false", "MARIADB_11_4, true"})
    void aRowUpToThePacketIsLoadedBehindOthers(ServerKind kind, boolean loadData)
            throws SQLException {
        var small = ServerOptions.lean().withFlags("--max-allowed-packet=4M");
        try (var server = TestServers.start(kind, small);
                var base = End.on(server)) {
            var end = by(base, loadData);
            var table = end.create("t", "id INT PRIMARY KEY, v LONGTEXT CHARACTER SET utf8mb4");
            var rows = new ArrayList<Row>();
            for (var id = 1; id <= 60; id++) {
                rows.add(Row.ofText("" + id, "a".repeat(1000)));
            }
            rows.add(Row.ofText("61", "b".repeat((4 << 20) - 20_000)));
            rows.add(Row.ofText("62", "tab\tand\nline\\".repeat(250_000)));

            end.insert(table, rows);

            assertThat(end.read(table)).isEqualTo(rows);
        }
    }

    @Test
    void aServerThatStandsStillIsGivenUp() throws Exception {
        try (var server = TestServers.start(ServerKind.MYSQL_8_0);
                var end = End.on(server);
                var connection = end.connect(Role.TARGET, MySqlSession.Use.WRITE)) {
            var table = end.create("t", "id INT PRIMARY KEY, v VARCHAR(2000)");
            connection.driver().setNetworkTimeout(Runnable::run, 2_000);
            var load = LoadData.open(connection, table, Row.ofText("0", "x"));
            server.pause();
            var refused = new CompletableFuture<SQLException>();
            var worker =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    for (var id = 0; id < 1_000_000; id++) {
                                        load.add(Row.ofText("" + id, "x".repeat(1000)));
                                    }
                                } catch (SQLException e) {
                                    refused.complete(e);
                                }
                            });
            try {
                assertThat(refused.get(60, TimeUnit.SECONDS).getSQLState()).startsWith("08");
                worker.join();
            } finally {
                server.resume();
            }
        }
    }

    /// With innodb_autoinc_lock_mode=1 a LOAD DATA locks the counter until it ends, and workers
    /// that load one table would wait for each other.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_7", "MARIADB_11_4"})
    void twoWorkersLoadATableWithACounter(ServerKind kind) throws SQLException {
        try (var base = End.of(kind)) {
            var end = base.with(base.settings().with(Settings.LOCK_TIME, "2s"));
            var table = end.create("t", "id INT PRIMARY KEY AUTO_INCREMENT");
            try (var one = end.begun()) {
                one.insert(table, List.of(Row.ofText("1")));
                try (var books = end.bookkeeping();
                        var two = end.writer()) {
                    var owner = books.takeOver("other", "identity", true);
                    two.begin(books.lane("other", "lane", owner.epoch()).fence(), "");
                    two.insert(table, List.of(Row.ofText("1000")));
                    two.commit();
                }
                one.commit();
            }
            assertThat(end.read(table)).hasSize(2);
        }
    }

    /// MySQL forgets behind a SET clause, which JSON needs, that a counter's value was given.
    @ParameterizedTest
    @CsvSource({"INT, 0", "DOUBLE, 0.0", "DOUBLE, -0.0"})
    void aCounterKeepsItsZeroBesideJson(String type, String zero) throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0)) {
            var table = end.create("t", "id " + type + " PRIMARY KEY AUTO_INCREMENT, j JSON");
            var five = type.equals("INT") ? "5" : "5.0";
            var rows = List.of(Row.ofText(zero, "[1]"), Row.ofText(five, "[2]"));

            end.insert(table, rows);

            assertThat(end.read(table)).isEqualTo(rows);
        }
    }

    @Test
    void rowsThatCannotComeThisWayComeBetweenTheOthers() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0)) {
            var table = end.create("t", "id INT PRIMARY KEY, e ENUM('a', 'b'), j JSON");
            var rows = new ArrayList<Row>();
            for (var id = 0; id < 30; id++) {
                rows.add(
                        Row.ofText(
                                "" + id,
                                id % 3 == 0 ? "" : "b",
                                id % 5 == 0 ? "[0.11299265277390755]" : "{\"a\": \"\\t\"}"));
            }

            end.insert(table, rows);

            assertThat(end.read(table)).isEqualTo(rows);
        }
    }

    @Test
    void aRefusalOrARollbackLeavesNothingAndTheConnectionGoesOn() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0)) {
            var table = end.create("t", "id INT PRIMARY KEY, n TINYINT");
            var good = Row.ofText("1", "1");
            try (var books = end.bookkeeping();
                    var writer = end.begun()) {
                var before = loads(end);
                writer.insert(table, List.of(good, Row.ofText("2", "999")));
                var refused =
                        catchThrowableOfType(
                                ProblemException.class, () -> writer.checkpoint("never"));
                assertThat(refused.code()).isEqualTo(ProblemCode.VALUE_REFUSED);
                writer.rollback();
                assertThat(loads(end)).isGreaterThan(before);

                begin(writer, books);
                writer.insert(table, List.of(good));
                writer.rollback(); // with rows on their way

                begin(writer, books);
                writer.insert(table, List.of(Row.ofText("3", "3")));
                writer.commit();
            }
            assertThat(end.read(table)).containsExactly(Row.ofText("3", "3"));
        }
    }

    private static void begin(MySqlWriter writer, MySqlBookkeeping books) {
        var owner = books.takeOver(End.PROJECT, "identity", true);
        writer.begin(books.lane(End.PROJECT, "lane", owner.epoch()).fence(), "");
    }

    @Test
    void rowsComeByInsertWhenTheServerPermitsItNoMore() throws SQLException {
        try (var server = TestServers.start(ServerKind.MYSQL_8_0);
                var end = End.on(server)) {
            var table = end.create("t", "id INT PRIMARY KEY");
            try (var writer = end.begun()) {
                server.execute("SET GLOBAL local_infile = 0");
                writer.insert(table, ids(0, 2_000));
                writer.commit();
            }
            assertThat(end.read(table)).hasSize(2_000);
        }
    }

    private static List<Row> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> Row.ofText("" + id)).toList();
    }

    /// Every byte, in the character set that could read it as a part of something longer.
    @ParameterizedTest
    @CsvSource({"gbk", "sjis", "big5", "utf8mb4", "latin1", "binary"})
    void everyByteArrives(String charset) throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0)) {
            var type =
                    charset.equals("binary")
                            ? "VARBINARY(300)"
                            : "VARCHAR(300) CHARACTER SET " + charset;
            var table = end.create("t", "id INT PRIMARY KEY, v " + type);
            var rows = new ArrayList<Row>();
            for (var one = 0; one < 128; one++) {
                rows.add(row(rows.size(), new byte[] {(byte) one, 'N', (byte) one}));
            }
            rows.add(row(rows.size(), bytes(charset)));

            end.insert(table, rows);

            assertThat(end.read(table)).isEqualTo(rows);
        }
    }

    /// Characters whose second byte is a backslash, where there are such.
    private static byte[] bytes(String charset) {
        return switch (charset) {
            case "gbk" -> new byte[] {(byte) 0x81, 0x5c, (byte) 0xd5, 0x5c};
            case "sjis" -> new byte[] {(byte) 0x83, 0x5c, (byte) 0x95, 0x5c};
            case "big5" -> new byte[] {(byte) 0xa5, 0x5c, (byte) 0xb3, 0x5c};
            case "utf8mb4" -> "ü😀\\".getBytes(StandardCharsets.UTF_8);
            case "latin1" -> new byte[] {(byte) 0xe4, (byte) 0x80, '\\'};
            default -> {
                var all = new byte[256];
                for (var i = 0; i < all.length; i++) {
                    all[i] = (byte) i;
                }
                yield all;
            }
        };
    }

    private static Row row(int id, byte[] value) {
        return Row.of(("" + id).getBytes(StandardCharsets.US_ASCII), value);
    }
}
