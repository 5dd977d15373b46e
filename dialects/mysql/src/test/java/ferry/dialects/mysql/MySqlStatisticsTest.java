package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.Role;
import ferry.engine.model.TableName;
import ferry.testkit.servers.ServerKind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each statement is tried as an account that has rights on the database and nothing else.
@Tag("servers")
class MySqlStatisticsTest {
    private static final long ROWS = 500;

    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {"MYSQL_5_6", "MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void statisticsThatNobodyElseGathersAreThere(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var user = end.database().name() + "_u";
            var server = end.database().server();
            server.execute("CREATE USER '" + user + "'@'%' IDENTIFIED BY 'x'");
            try (var account = account(end, user)) {
                server.execute(
                        "GRANT ALL ON `%s`.* TO '%s'@'%%'".formatted(end.database().name(), user));
                var ways = statements(end, "t").size();
                assertThat(ways).isEqualTo(kind == ServerKind.SEEKDB ? 2 : 1);
                for (var way = 0; way < ways; way++) {
                    var name = "a 'table' `no.` " + way;
                    fill(end, name);
                    assertThat(knownRows(end, name)).isLessThan(ROWS / 5);

                    var statement = statements(end, name).get(way);
                    for (var time = 0; time < 2; time++) {
                        try (var call = account.createStatement()) {
                            call.execute(statement);
                        }
                    }

                    assertThat(knownRows(end, name)).isBetween(ROWS * 4 / 5, ROWS * 6 / 5);
                }
            } finally {
                server.execute("DROP USER '" + user + "'@'%'");
            }
        }
    }

    private static Connection account(End end, String user) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:%d/?user=%s&password=x&allowPublicKeyRetrieval=true"
                        .formatted(end.database().server().port(), user));
    }

    private static List<String> statements(End end, String table) {
        try (var catalog =
                new MySqlCatalog(
                        end.connect(Role.TARGET, MySqlSession.Use.PLAIN), end.settings())) {
            return catalog.statistics(new TableName(end.database().name(), table), ROWS);
        }
    }

    private static void fill(End end, String table) throws SQLException {
        var option =
                end.kind() == ServerKind.SEEKDB ? "" : " STATS_PERSISTENT=1 STATS_AUTO_RECALC=0";
        var quoted = MySqlSql.quote(table);
        end.database().execute("CREATE TABLE " + quoted + " (id INT PRIMARY KEY, v INT)" + option);
        end.database()
                .execute(
                        "INSERT INTO "
                                + quoted
                                + IntStream.range(0, (int) ROWS)
                                        .mapToObj(id -> "(" + id + ", 1)")
                                        .collect(Collectors.joining(", ", " VALUES ", "")));
    }

    /// What the server's statistics say; InnoDB counts in TABLE_ROWS what changed since.
    private static long knownRows(End end, String table) throws SQLException {
        var query =
                end.kind() == ServerKind.SEEKDB
                        ? "SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                        : "SELECT n_rows FROM mysql.innodb_table_stats WHERE database_name = ? AND table_name = ?";
        try (var connection = end.database().server().connect();
                var statement = connection.prepareStatement(query)) {
            statement.setString(1, end.database().name());
            statement.setString(2, table);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }
}
