package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestDatabase;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a server says is committed was visible when it said so, and can be compared with its log.
@Tag("servers")
final class MySqlPlacesTest {
    /// Long enough to look between the writing of the log and the commit in the engine.
    private static final String SLOW = "SET GLOBAL binlog_group_commit_sync_delay = 400000";

    private static final String FAST = "SET GLOBAL binlog_group_commit_sync_delay = 0";

    private static final Map<ServerKind, DatabaseServer> WITHOUT_GTIDS =
            new EnumMap<>(ServerKind.class);

    @AfterAll
    static void close() {
        WITHOUT_GTIDS.values().forEach(DatabaseServer::close);
        WITHOUT_GTIDS.clear();
    }

    private static End withoutGtids(ServerKind kind) throws SQLException {
        var server =
                WITHOUT_GTIDS.computeIfAbsent(
                        kind, _ -> TestServers.start(kind, ServerOptions.lean().withoutGtid()));
        return new End(kind, TestServers.database(server, "places"), Settings.defaults());
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_6", "MYSQL_5_7", "MYSQL_8_0"})
    void withoutGtidsAPlaceInsideAFileIsCommitted(ServerKind kind) throws SQLException {
        try (var end = withoutGtids(kind);
                var snapshot = end.snapshot()) {
            var table = end.create("t", "id INT PRIMARY KEY");
            end.database().execute("INSERT INTO t VALUES (1)");
            var written = snapshot.logEnd();

            var committed = (MySqlPosition) snapshot.committed();
            var span = snapshot.read(table, KeyRange.ALL, _ -> {});

            assertThat(committed.covers(written)).isTrue();
            assertThat(committed.place().orElseThrow().file())
                    .as("no file was begun for it")
                    .isEqualTo(((MySqlPosition) written).place().orElseThrow().file());
            assertThat(snapshot.logEnd().covers(committed)).isTrue();
            assertThat(span.readAt().covers(committed)).isTrue();
            assertThat(span.readBy().covers(span.readAt())).isTrue();
        }
    }

    /// The log's end moves when a transaction is written to it, and the row is seen later.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_7", "MYSQL_8_0"})
    void withoutGtidsWhatIsWrittenButNotYetVisibleIsNotCommitted(ServerKind kind)
            throws SQLException {
        try (var end = withoutGtids(kind);
                var snapshot = end.snapshot()) {
            end.create("t", "id INT PRIMARY KEY");

            assertEverythingCommittedIsVisible(end, snapshot, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_7", "MYSQL_8_0"})
    void whereCommitsKeepNoOrderANewFileIsBegun(ServerKind kind) throws SQLException {
        try (var end = withoutGtids(kind);
                var snapshot = end.snapshot()) {
            end.create("t", "id INT PRIMARY KEY");
            end.database().execute("SET GLOBAL binlog_order_commits = OFF");
            try {
                var before = place(snapshot.logEnd());

                assertEverythingCommittedIsVisible(end, snapshot, 2);

                assertThat(place(snapshot.logEnd()).file()).isNotEqualTo(before.file());
            } finally {
                end.database().execute("SET GLOBAL binlog_order_commits = ON");
            }
        }
    }

    private static void assertEverythingCommittedIsVisible(End end, MySqlSnapshot snapshot, int id)
            throws SQLException {
        var before = snapshot.logEnd();
        end.database().execute(SLOW);
        try {
            var insert =
                    CompletableFuture.runAsync(
                            () -> execute(end.database(), "INSERT INTO t VALUES (" + id + ")"));
            await(() -> !before.covers(snapshot.logEnd()));
            var written = snapshot.logEnd();
            assertThat(end.database().query("SELECT id FROM t"))
                    .as("the row is in the log and not visible")
                    .isEmpty();

            var committed = snapshot.committed();

            assertThat(committed.covers(written)).isTrue();
            assertThat(end.database().query("SELECT id FROM t"))
                    .containsExactly(String.valueOf(id));
            insert.join();
        } finally {
            end.database().execute(FAST);
        }
    }

    private static void execute(TestDatabase database, String statement) {
        try {
            database.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(Supplier<Boolean> condition) {
        var deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.get()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /// A statement without a default database passes no filter, so a marker would not be logged.
    @Test
    void whereAFilterWouldHideTheMarkerANewFileIsBegun() throws SQLException {
        var options = ServerOptions.lean().withoutGtid().withFlags("--binlog-ignore-db=nothing");
        try (var server = TestServers.start(ServerKind.MYSQL_5_7, options);
                var database = TestServers.database(server, "places");
                var snapshot =
                        new End(ServerKind.MYSQL_5_7, database, Settings.defaults()).snapshot()) {
            var written = snapshot.logEnd();

            var committed = snapshot.committed();

            assertThat(committed.covers(written)).isTrue();
            assertThat(place(committed).file()).isNotEqualTo(place(written).file());
        }
    }

    private static LogPlace place(Position position) {
        return ((MySqlPosition) position).place().orElseThrow();
    }

    /// Each poll and each chunk asks; connections come and go.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_6", "MYSQL_5_7", "MYSQL_8_0"})
    void noFileIsBegunBeforeTheLogHasGrownAndTheTimeIsOver(ServerKind kind) throws SQLException {
        var time = new AtomicLong();
        var files = new LogFiles(time::get);
        try (var end = withoutGtids(kind);
                var snapshot = end.snapshot(files);
                var other = end.snapshot(files)) {
            end.create("t", "id INT PRIMARY KEY");
            end.database().execute("SET GLOBAL binlog_order_commits = OFF");
            try {
                var begun = snapshot.committed();
                assertThat(begun.covers(snapshot.logEnd()))
                        .as("nothing was written since the file began")
                        .isTrue();
                time.addAndGet(Duration.ofDays(1).toNanos());
                assertThat(snapshot.committed()).isEqualTo(begun);
                assertThat(other.committed()).isEqualTo(begun);
                assertThat(snapshot.logEnd()).isEqualTo(begun);

                end.database().execute("INSERT INTO t VALUES (1)");
                var written = snapshot.logEnd();
                var next = other.committed();
                assertThat(next.covers(written)).isTrue();
                assertThat(snapshot.committed()).isEqualTo(next);

                end.database().execute("INSERT INTO t VALUES (2)");
                var later = snapshot.logEnd();
                time.addAndGet(Duration.ofMillis(1999).toNanos());
                assertThat(snapshot.committed()).as("too early").isEqualTo(next);
                assertThat(later.covers(next)).isTrue();

                end.database().execute("FLUSH BINARY LOGS");
                assertThat(snapshot.committed().covers(later))
                        .as("a file that somebody else began serves as well")
                        .isTrue();

                time.addAndGet(Duration.ofMillis(1).toNanos());
                assertThat(other.committed().covers(snapshot.logEnd())).isTrue();
            } finally {
                end.database().execute("SET GLOBAL binlog_order_commits = ON");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_6", "MYSQL_5_7", "MYSQL_8_0"})
    void withoutGtidsTheAccountNeedsReload(ServerKind kind) throws SQLException {
        try (var end = withoutGtids(kind)) {
            var server = end.database().server();
            var user =
                    kind == ServerKind.MYSQL_8_0
                            ? "CREATE USER poor@'%' IDENTIFIED WITH mysql_native_password"
                            : "CREATE USER poor@'%'";
            server.execute(
                    user,
                    "GRANT PROCESS, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO poor@'%'");
            if (kind == ServerKind.MYSQL_8_0) {
                server.execute("GRANT XA_RECOVER_ADMIN ON *.* TO poor@'%'");
            }
            var account =
                    new Endpoint(
                            "mysql",
                            List.of(new Endpoint.Host(server.host(), server.port())),
                            "poor",
                            new Secret(""),
                            Map.of());
            try (var snapshot = new MySqlDialect().snapshot(account, Role.SOURCE, end.settings())) {
                var problem = catchThrowableOfType(ProblemException.class, snapshot::committed);
                assertThat(problem.code()).isEqualTo(ProblemCode.SOURCE_REFUSED);
                assertThat(problem.problem().what()).contains("RELOAD");

                assertThat(failed(account, end.settings()))
                        .containsExactly("GRANT RELOAD ON *.* TO 'poor'@'%';");
                server.execute("GRANT RELOAD ON *.* TO poor@'%'");
                assertThat(failed(account, end.settings())).isEmpty();
            }
            try (var snapshot = new MySqlDialect().snapshot(account, Role.SOURCE, end.settings())) {
                assertThat(snapshot.committed().covers(snapshot.logEnd())).isFalse();
            }
        }
    }

    private static List<String> failed(Endpoint account, Settings settings) {
        var request = new PrecheckRequest(List.of(), true, true, false, Map.of());
        return new MySqlDialect()
                .precheck(account, Role.SOURCE, request, settings).stream()
                        .filter(finding -> finding.outcome() == Finding.Outcome.FAILED)
                        .map(Finding::remedy)
                        .toList();
    }

    /// With several domains, as a source has that itself replicates from several others.
    @ParameterizedTest
    @EnumSource(names = {"MARIADB_10_11", "MARIADB_11_4"})
    void aPlaceOfMariaDbHoldsTheGtidsBeforeIt(ServerKind kind) throws SQLException {
        try (var end = End.of(kind);
                var snapshot = end.snapshot()) {
            var table = end.create("t", "id INT PRIMARY KEY");
            end.database().execute("SET gtid_domain_id = 7", "INSERT INTO t VALUES (1)");
            var told = LogFixture.committed(end.database().server());

            var committed = (MySqlPosition) snapshot.committed();
            var span = snapshot.read(table, KeyRange.ALL, _ -> {});
            end.database().execute("INSERT INTO t VALUES (2)");

            assertThat(committed.gtids()).isEqualTo(told.gtids());
            assertThat(committed.place()).isEqualTo(((MySqlPosition) span.readAt()).place());
            assertThat(span.readAt()).isEqualTo(committed).isEqualTo(span.readBy());
            assertThat(committed.covers(told)).isTrue();
            assertThat(told.covers(committed)).isTrue();
            assertThat(committed.covers(snapshot.logEnd())).isFalse();
            assertThat(snapshot.committed().covers(committed)).isTrue();
            assertThat(committed.covers(snapshot.committed())).isFalse();
        }
    }

    @Test
    void aLogWithoutAnyGtidIsFollowedFromItsBeginning() throws SQLException {
        try (var server = TestServers.start(ServerKind.MARIADB_10_11)) {
            server.execute("RESET MASTER");
            try (var snapshot =
                    new MySqlDialect()
                            .snapshot(
                                    LogFixture.endpoint(server),
                                    Role.SOURCE,
                                    Settings.defaults())) {
                var start = MySqlPosition.parse(snapshot.committed().text());
                try (var log = LogFixture.open(server, start)) {
                    server.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
                    var end = snapshot.committed();

                    LogFixture.readUntil(
                            log,
                            event ->
                                    event instanceof LogEvent.Progress progress
                                            && progress.position().covers(end));
                }
            }
        }
    }
}
