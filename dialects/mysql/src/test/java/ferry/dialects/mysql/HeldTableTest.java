package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A table that somebody holds is not waited for without a limit when it is to go: the server's
/// words come back, and it is tried again.
@Tag("servers")
final class HeldTableTest {
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void aTableIsDroppedInVainForALimitedTimeWhileItIsHeld(ServerKind kind) throws SQLException {
        try (var shared = End.of(kind);
                var holder = shared.database().server().connect()) {
            var end = shared.with(shared.settings().with(Settings.LOCK_TABLE_TIME, "1s"));
            var table = end.create("t", "id INT PRIMARY KEY, v INT");
            var drop = "DROP TABLE IF EXISTS " + MySqlSql.quote(table.name());
            hold(holder, table);
            var building = buildIfThatHolds(end, table);
            try (var catalog = end.catalog()) {
                assertThat(catalog.unfinishedKeys(table.name()))
                        .as("keys that are shown and are not there yet")
                        .isEqualTo(kind == ServerKind.SEEKDB ? Set.of("kv") : Set.of());
            }
            try (var writer = recorded(end)) {
                var refused =
                        catchThrowableOfType(ProblemException.class, () -> writer.execute(drop));

                assertThat(refused.code()).isEqualTo(ProblemCode.TARGET_BUSY);
                assertThat(refused.problem().what()).contains("DROP TABLE IF EXISTS");
            }
            holder.rollback();
            endOf(building);
            dropPatiently(end, drop);
            assertThat(end.database().query("SHOW TABLES")).isEmpty();
        }
    }

    /// Somebody's open transaction on the table.
    private static void hold(Connection holder, Table table) throws SQLException {
        holder.setAutoCommit(false);
        try (var insert = holder.createStatement()) {
            insert.execute("INSERT INTO " + MySqlSql.quote(table.name()) + " VALUES (1, 1)");
        }
    }

    /// OceanBase drops a table under an open transaction, but not while an index of it is built;
    /// and the build waits for the transaction.
    private static CompletableFuture<Void> buildIfThatHolds(End end, Table table)
            throws SQLException {
        if (end.kind() != ServerKind.SEEKDB) {
            return CompletableFuture.completedFuture(null);
        }
        var building =
                CompletableFuture.runAsync(() -> {
                    try {
                        end.database().execute("ALTER TABLE t ADD UNIQUE KEY kv (v)");
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                });
        var waits = // for the end of transactions
                "SELECT COUNT(*) FROM oceanbase.__all_ddl_task_status WHERE status = 2";
        var deadline = Instant.now().plusSeconds(20);
        while (end.database().query(waits).equals(List.of("0"))) {
            assertThat(Instant.now()).as("waiting for the build").isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
        return building;
    }

    /// Taking over ends what an earlier connection still does.
    private static MySqlWriter recorded(End end) {
        try (var books = end.bookkeeping()) {
            books.create();
            var epoch = books.takeOver(End.PROJECT, "identity", true).epoch();
            var writer = end.writer();
            writer.begin(books.lane(End.PROJECT, "lane", epoch).fence(), "");
            writer.commit();
            return writer;
        }
    }

    private static void dropPatiently(End end, String drop) {
        var deadline = Instant.now().plusSeconds(60);
        while (true) {
            try (var writer = recorded(end)) {
                writer.execute(drop);
                return;
            } catch (ProblemException e) {
                assertThat(e.code()).isEqualTo(ProblemCode.TARGET_BUSY);
                assertThat(Instant.now()).as("waiting for the drop").isBefore(deadline);
            }
        }
    }

    /// It was built, or found its table gone.
    private static void endOf(CompletableFuture<Void> building) {
        building.handle((done, failed) -> done).join();
    }
}
