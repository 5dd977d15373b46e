package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Role;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.Relay;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A statement that commits by itself is fenced by no row: the server must not run it behind the
/// back of an owner who gave it up. And it may take long.
@Tag("servers")
final class LateStatementTest {
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4"})
    void aTruncateThatWaitsForALockNeverRunsOnceItsLaneIsOpenedAgain(ServerKind kind)
            throws SQLException {
        try (var end = End.of(kind);
                var relay = Relay.to(end.database().server())) {
            var table = end.create("t", "id INT PRIMARY KEY");
            var epoch = epoch(end);
            try (var reader = end.database().server().connect();
                    var statement = reader.createStatement();
                    var writer = writer(end, relay.port())) {
                insert(end, epoch, writer, table, Row.ofText("1"));
                reader.setAutoCommit(false);
                statement.executeQuery("SELECT * FROM " + MySqlSql.quote(table.name())).close();

                var truncate = "TRUNCATE TABLE " + MySqlSql.quote(table.name());
                var lost =
                        CompletableFuture.supplyAsync(() ->
                                catchThrowableOfType(
                                        ProblemException.class, () -> writer.execute(truncate)));
                awaitWaiting(end, truncate);
                relay.cut();
                assertThat(lost.join().code()).isEqualTo(ProblemCode.TARGET_UNREACHABLE);

                try (var books = end.bookkeeping()) {
                    books.lane(End.PROJECT, "lane", epoch);
                }
                reader.commit();
                end.database().execute("INSERT INTO t VALUES (2)"); // behind whoever waits

                assertThat(end.read(table)).hasSize(2);
            }
        }
    }

    /// For the test a wait for a lock stands for the build of a key, which may take hours.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4"})
    void aDefinitionMayTakeLongerThanAStatement(ServerKind kind) throws Exception {
        try (var shared = End.of(kind)) {
            var end = shared.with(shared.settings().with(Settings.STATEMENT_TIME, "1s"));
            var table = end.create("t", "id INT PRIMARY KEY, a INT");
            var epoch = epoch(end);
            try (var reader = end.database().server().connect();
                    var statement = reader.createStatement();
                    var writer = writer(end, end.database().server().port())) {
                insert(end, epoch, writer, table, Row.ofText("1", "1"));
                reader.setAutoCommit(false);
                statement.executeQuery("SELECT * FROM " + MySqlSql.quote(table.name())).close();

                var alter = "ALTER TABLE " + MySqlSql.quote(table.name()) + " ADD KEY a (a)";
                var built = CompletableFuture.runAsync(() -> writer.execute(alter));
                awaitWaiting(end, alter);
                Thread.sleep(2_500); // longer than statement.time
                assertThat(built).isNotDone();
                reader.commit();

                built.get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static long epoch(End end) {
        try (var books = end.bookkeeping()) {
            books.create();
            return books.takeOver(End.PROJECT, "identity", false).epoch();
        }
    }

    private static MySqlWriter writer(End end, int port) {
        return new MySqlWriter(
                MySqlConnection.open(
                        end.endpoint(port), Role.TARGET, MySqlSession.Use.WRITE, end.settings()),
                end.settings());
    }

    /// Leaves a row in the table, and the writer's connection recorded.
    private static void insert(End end, long epoch, MySqlWriter writer, Table table, Row row) {
        try (var books = end.bookkeeping()) {
            writer.begin(books.lane(End.PROJECT, "lane", epoch).fence(), "");
        }
        writer.insert(table, List.of(row));
        writer.commit();
    }

    /// The server waits for the lock, and does not look whether its client is still there.
    private static void awaitWaiting(End end, String statement) throws SQLException {
        var deadline = Instant.now().plusSeconds(20);
        while (end
                .database()
                .server()
                .query(
                        "SELECT info FROM information_schema.processlist WHERE state LIKE 'Waiting for%'")
                .stream()
                .noneMatch(info -> statement.equals(info))) {
            assertThat(Instant.now()).as("waiting for the lock").isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
