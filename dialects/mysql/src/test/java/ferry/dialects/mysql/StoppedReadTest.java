package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A read keeps its table's definition locked, and with a schema change that waits for it everybody
/// who comes behind that one; so it may not outlive a Ferry that stands still.
@Tag("servers")
final class StoppedReadTest {
    /// Much more than lies between two processes on their way.
    private static final String LARGE = "REPEAT('x', 4000000)";

    private static final int LARGE_ROWS = 16;

    private static End end(ServerKind kind) throws SQLException {
        var end = End.of(kind);
        return end.with(end.settings().with(Settings.READ_HOLD_TIME, "1s"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4"})
    void aReadWhoseRestNobodyTakesKeepsNoTable(ServerKind kind) throws Exception {
        try (var end = end(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, v LONGTEXT");
            for (var id = 0; id < LARGE_ROWS; id++) {
                end.database().execute("INSERT INTO t VALUES (" + id + ", " + LARGE + ")");
            }
            endsForSchemaChange(
                    end, table, (snapshot, batches) -> snapshot.read(table, KeyRange.ALL, batches));
        }
    }

    /// All of it is taken, and a transaction is open still.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4"})
    void anOpenSnapshotThatNobodyUsesKeepsNoTable(ServerKind kind) throws Exception {
        try (var end = end(kind)) {
            var table = end.create("t", "v INT");
            end.database().execute("INSERT INTO t VALUES (1), (2)");
            endsForSchemaChange(
                    end, table, (snapshot, batches) -> snapshot.readExactly(table, batches));
        }
    }

    private interface Read {
        void read(Snapshot snapshot, Consumer<List<Row>> batches);
    }

    private static void endsForSchemaChange(End end, Table table, Read read) throws Exception {
        try (var snapshot = end.snapshot()) {
            var stands = new CountDownLatch(1);
            var goesOn = new CountDownLatch(1);
            var problem =
                    CompletableFuture.supplyAsync(
                            () ->
                                    problem(() ->
                                            read.read(snapshot, _ -> standStill(stands, goesOn))),
                            Thread::startVirtualThread);
            stands.await();
            try {
                change(end, table).get(30, TimeUnit.SECONDS);
            } finally {
                goesOn.countDown();
            }
            assertThat(problem.get(30, TimeUnit.SECONDS)).isEqualTo(ProblemCode.SOURCE_UNREACHABLE);
        }
    }

    private static ProblemCode problem(Runnable read) {
        try {
            read.run();
        } catch (ProblemException e) {
            return e.code();
        }
        throw new AssertionError("what is read behind the table's change is not what was begun");
    }

    private static void standStill(CountDownLatch stands, CountDownLatch goesOn) {
        stands.countDown();
        try {
            goesOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Void> change(End end, Table table) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        end.database()
                                .execute(
                                        "ALTER TABLE "
                                                + MySqlSql.quote(table.name())
                                                + " ADD w INT");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
    }
}
