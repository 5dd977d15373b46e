package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Snapshot.ReadSpan;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Between which positions a read was made.
@Tag("servers")
final class ExactReadTest {
    private static final String WAITING =
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'LOCK TABLES%'";

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4"})
    void aReadLiesBetweenItsPositions(ServerKind kind) throws SQLException {
        try (var end = End.of(kind);
                var snapshot = end.snapshot()) {
            var table = end.create("t", "id INT PRIMARY KEY");
            end.database().execute("INSERT INTO t VALUES (1)");
            var before = snapshot.committed();
            end.database().execute("INSERT INTO t VALUES (2)");

            var rows = new ArrayList<Row>();
            var span = snapshot.read(table, KeyRange.ALL, rows::addAll);
            end.database().execute("INSERT INTO t VALUES (3)");

            assertThat(rows).hasSize(2);
            assertThat(span.readAt().covers(before)).isTrue();
            assertThat(before.covers(span.readAt())).isFalse();
            // What is exact counts by GTIDs, and a log's end has none.
            var exact = span.readBy().equals(span.readAt());
            var later = exact ? snapshot.committed() : snapshot.logEnd();
            assertThat(later.covers(span.readBy())).isTrue();
            assertThat(span.readBy().covers(later)).isFalse();
            assertThat(MySqlPosition.parse(span.readAt().text())).isEqualTo(span.readAt());
            assertThat(MySqlPosition.parse(span.readBy().text())).isEqualTo(span.readBy());
        }
    }

    @Test
    void aServerWithoutLogIsReadAllTheSame() throws SQLException {
        try (var end = End.of(ServerKind.SEEKDB);
                var snapshot = end.snapshot()) {
            var table = end.create("t", "v INT");
            end.database().execute("INSERT INTO t VALUES (1), (1)");
            var rows = new ArrayList<Row>();

            assertThat(snapshot.readExactly(table, rows::addAll))
                    .isEqualTo(new ReadSpan(new NoPosition(), new NoPosition()));

            assertThat(rows).containsExactly(Row.ofText("1"), Row.ofText("1"));
        }
    }

    /// The writer holds a row that is in the log's order behind what is read, until the lock was
    /// refused once.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6"})
    void aTableWithoutKeyIsReadBetweenTransactions(ServerKind kind) throws Exception {
        try (var end = End.of(kind);
                var snapshot = end.snapshot();
                var writer = end.database().connect();
                var statement = writer.createStatement()) {
            var table = end.create("t", "v INT");
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (1)");
            var rows = new ArrayList<Row>();
            var spans =
                    CompletableFuture.supplyAsync(() -> snapshot.readExactly(table, rows::addAll));
            await(end, WAITING, "1");
            await(end, WAITING, "0");
            statement.execute("INSERT INTO t VALUES (2)");
            writer.commit();

            var span = spans.get();

            assertThat(rows).containsExactlyInAnyOrder(Row.ofText("1"), Row.ofText("2"));
            assertThat(span.readAt()).isEqualTo(span.readBy());
            assertThat(snapshot.logEnd().covers(span.readAt())).isTrue();
            // The lock is gone.
            statement.execute("INSERT INTO t VALUES (3)");
            writer.commit();
        }
    }

    /// A read that fails inside a snapshot must not leave it open: the next read would see the past
    /// and tell a position of the present.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4"})
    void aFailedReadLeavesNoSnapshotBehind(ServerKind kind) throws SQLException {
        try (var end = End.of(kind);
                var snapshot = end.snapshot()) {
            var changed = end.create("changed", "v INT, w INT");
            var other = end.create("other", "id INT PRIMARY KEY");
            end.database().execute("INSERT INTO changed VALUES (1, 1)");
            end.database().execute("ALTER TABLE changed DROP w");
            assertThat(
                            catchThrowableOfType(
                                            ProblemException.class,
                                            () -> snapshot.readExactly(changed, _ -> {}))
                                    .code())
                    .isEqualTo(ProblemCode.SOURCE_STATEMENT);
            end.database().execute("INSERT INTO other VALUES (1)");

            var rows = new ArrayList<Row>();
            var refused =
                    catchThrowableOfType(
                            ProblemException.class,
                            () -> snapshot.read(other, KeyRange.ALL, rows::addAll));

            if (refused == null) {
                assertThat(rows).hasSize(1);
            } else {
                assertThat(refused.code()).isEqualTo(ProblemCode.SOURCE_UNREACHABLE);
            }
        }
    }

    private static void await(End end, String query, String expected)
            throws SQLException, InterruptedException {
        var deadline = System.nanoTime() + 20_000_000_000L;
        while (!end.database().query(query).getFirst().equals(expected)) {
            assertThat(System.nanoTime()).as(query).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    @Test
    void aTableThatIsNeverQuietIsAProblem() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0);
                var snapshot =
                        end.with(end.settings().with(Settings.CAPTURE_RETRY_TIME, "1s"))
                                .snapshot();
                var writer = end.database().connect();
                var statement = writer.createStatement()) {
            var table = end.create("t", "v INT");
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (1)");

            var problem =
                    catchThrowableOfType(
                            ProblemException.class, () -> snapshot.readExactly(table, rows -> {}));

            assertThat(problem.code()).isEqualTo(ProblemCode.SOURCE_UNREACHABLE);
            assertThat(problem.problem().what()).contains("t");
            writer.rollback();
        }
    }

    @Test
    void aReaderThatStopsInTheMiddleDoesNotReadTheRest() throws SQLException {
        try (var end = End.of(ServerKind.MYSQL_8_0);
                var snapshot = end.snapshot()) {
            var table = end.create("t", "id INT PRIMARY KEY");
            var rows = new ArrayList<Row>();
            for (var i = 0; i < 5000; i++) {
                rows.add(Row.ofText(String.valueOf(i)));
            }
            end.insert(table, rows);
            var batches = new ArrayList<List<Row>>();

            assertThat(
                            catchThrowableOfType(
                                    IllegalStateException.class,
                                    () ->
                                            snapshot.read(
                                                    table,
                                                    KeyRange.ALL,
                                                    batch -> {
                                                        batches.add(batch);
                                                        throw new IllegalStateException("stop");
                                                    })))
                    .isNotNull();

            assertThat(batches).hasSize(1);
            assertThat(batches.getFirst()).hasSize(1000);
            assertThat(catchThrowableOfType(ProblemException.class, () -> end.read(table)))
                    .isNull();
            assertThat(
                            catchThrowableOfType(
                                            ProblemException.class, () -> snapshot.isEmpty(table))
                                    .code()
                                    .retryable())
                    .isTrue();
        }
    }
}
