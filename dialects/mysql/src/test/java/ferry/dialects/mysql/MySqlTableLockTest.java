package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Role;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A lock at the source stops its writers, so nobody may wait for a Ferry that stands still.
@Tag("servers")
final class MySqlTableLockTest {
    private static final int HOLD_SECONDS = 1;

    private static End end(ServerKind kind) throws SQLException {
        var end = End.of(kind);
        return end.with(end.settings().with(Settings.LOCK_HOLD_TIME, HOLD_SECONDS + "s"));
    }

    private static CompletableFuture<Void> write(End end) {
        return CompletableFuture.runAsync(() -> {
            try {
                end.database().execute("INSERT INTO t VALUES (0)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /// As after a SIGSTOP or a cut between the lock and the snapshot. What wakes up must not take
    /// its snapshot for an exact one.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6"})
    void aLockDoesNotOutliveOneWhoStandsStill(ServerKind kind) throws Exception {
        try (var end = end(kind)) {
            var table = end.create("t", "v INT").name();
            try (var stopped =
                            MySqlTableLock.take(
                                    end.connect(Role.SOURCE, MySqlSession.Use.PLAIN),
                                    table,
                                    end.settings());
                    var later = end.connect(Role.SOURCE, MySqlSession.Use.PLAIN)) {
                write(end).get(30, TimeUnit.SECONDS);
                // Another owner would have waited behind that writer.
                MySqlTableLock.take(later, table, end.settings()).close();

                var problem =
                        catchThrowableOfType(
                                ProblemException.class, stopped::releaseIfTransactional);
                assertThat(problem.code()).isEqualTo(ProblemCode.SOURCE_UNREACHABLE);
            }
        }
    }

    @Test
    void aTableWithoutSnapshotsIsLockedUntilItIsRead() throws Exception {
        try (var end = myIsam();
                var snapshot = end.snapshot()) {
            var writers = new ArrayList<CompletableFuture<Void>>();
            var rows = new ArrayList<Row>();

            snapshot.readExactly(
                    end.table("t"),
                    batch -> {
                        rows.addAll(batch);
                        var writer = write(end);
                        assertThatThrownBy(() -> writer.get(3 * HOLD_SECONDS, TimeUnit.SECONDS))
                                .isInstanceOf(TimeoutException.class);
                        writers.add(writer);
                    });

            assertThat(rows).containsExactlyInAnyOrder(Row.ofText("1"), Row.ofText("2"));
            for (var writer : writers) {
                writer.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aReadWhoseLockWasLostIsNotExact() throws Exception {
        try (var end = myIsam();
                var locks = end.connect(Role.SOURCE, MySqlSession.Use.PLAIN);
                var snapshot =
                        new MySqlSnapshot(
                                end.connect(Role.SOURCE, MySqlSession.Use.ROWS),
                                table -> MySqlTableLock.take(locks, table, end.settings()),
                                new LogFiles(),
                                end.settings())) {
            var id = locks.text("ask for its id", "SELECT CONNECTION_ID()").orElseThrow();
            var table = end.table("t");

            var problem =
                    catchThrowableOfType(
                            ProblemException.class,
                            () -> snapshot.readExactly(table, _ -> kill(end, id)));

            assertThat(problem.code()).isEqualTo(ProblemCode.SOURCE_UNREACHABLE);
        }
    }

    private static End myIsam() throws SQLException {
        var end = end(ServerKind.MYSQL_8_0);
        end.database().execute("CREATE TABLE t (v INT) ENGINE = MyISAM");
        end.database().execute("INSERT INTO t VALUES (1), (2)");
        return end;
    }

    private static void kill(End end, String connection) {
        try {
            end.database().execute("KILL " + connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
