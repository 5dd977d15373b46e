package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.Role;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.Relay;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Only one owner writes, and after every failure it is known what was written.
@Tag("servers")
final class FencingTest {
    private static final String LANE = "lane";

    /// An end that does not wait long for anybody.
    private static End impatient(ServerKind kind) throws SQLException {
        var end = End.of(kind);
        return end.with(
                end.settings()
                        .with(Settings.LOCK_TIME, "2s")
                        .with(Settings.TAKEOVER_TIME, "200ms"));
    }

    private static ProblemCode code(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call).code();
    }

    private static Bookkeeping.Owner owner(End end, boolean force) {
        try (var books = end.bookkeeping()) {
            books.create();
            return books.takeOver(End.PROJECT, "identity", force);
        }
    }

    private static Bookkeeping.LaneState lane(End end, long epoch) {
        try (var books = end.bookkeeping()) {
            return books.lane(End.PROJECT, LANE, epoch);
        }
    }

    /// A SIGSTOP, or a cut network, in the middle of bookkeeping: its connection is recorded
    /// nowhere, so nobody can end it.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void whoStandsStillInTheMiddleKeepsNobodyOut(ServerKind kind) throws SQLException {
        try (var made = End.of(kind)) {
            var end = made.with(made.settings().with(Settings.LOCK_HOLD_TIME, "1s"));
            var epoch = owner(end, false).epoch();
            var connection = end.connect(Role.TARGET, MySqlSession.Use.PLAIN);
            var ledger =
                    new MySqlLedger(
                            end.settings().get(Settings.BOOKKEEPING_DATABASE),
                            connection.version());
            try (var stopped = new MySqlBookkeeping(connection, end.settings())) {
                var problem =
                        catchThrowableOfType(
                                ProblemException.class,
                                () ->
                                        stopped.transaction(
                                                "stand still",
                                                () -> {
                                                    connection.rows(
                                                            "lock",
                                                            ledger.owner(End.PROJECT)
                                                                    + " FOR UPDATE");
                                                    return owner(end, true);
                                                }));

                assertThat(problem.code()).isEqualTo(ProblemCode.TARGET_UNREACHABLE);
            }
            assertThat(owner(end, false).epoch()).isEqualTo(epoch + 2);
        }
    }

    /// The same where a lane's new connection has written itself into the lane's row, and not
    /// committed that.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void whoStandsStillAtTheFirstFenceKeepsNobodyOut(ServerKind kind) throws SQLException {
        try (var made = End.of(kind)) {
            var end = made.with(made.settings().with(Settings.LOCK_HOLD_TIME, "1s"));
            var epoch = owner(end, false).epoch();
            var fence = lane(end, epoch).fence();
            try (var stopped = end.writer()) {
                stopped.begin(fence, "");

                assertThat(owner(end, true).epoch()).isEqualTo(epoch + 1);

                assertThat(code(stopped::commit)).isEqualTo(ProblemCode.TARGET_UNREACHABLE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void theSameFenceOpensOnce(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var fence = lane(end, owner(end, false).epoch()).fence();
            try (var one = end.writer();
                    var other = end.writer()) {
                one.begin(fence, "first");
                one.commit();

                assertThat(code(() -> other.begin(fence, "second"))).isEqualTo(ProblemCode.FENCED);

                other.rollback();
                other.begin(fence.next(), "third");
                other.checkpoint("fourth, with \\ and 'ü'");
                other.commit();
                var state = lane(end, fence.epoch());
                assertThat(state.fence()).isEqualTo(fence.next().next());
                assertThat(state.checkpoint()).isEqualTo("fourth, with \\ and 'ü'");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void aNewOwnerEndsTheOldOnesConnectionAndItsTransaction(ServerKind kind) throws SQLException {
        try (var end = impatient(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY");
            var first = owner(end, false);
            var fence = lane(end, first.epoch()).fence();
            try (var old = end.writer()) {
                old.begin(fence, "");
                old.commit();
                old.begin(fence.next(), "");
                old.insert(table, List.of(Row.ofText("1")));

                assertThat(code(() -> owner(end, false))).isEqualTo(ProblemCode.OTHER_OWNER);
                var second = owner(end, true);

                assertThat(second.epoch()).isGreaterThan(first.epoch());
                assertThat(code(old::commit)).isEqualTo(ProblemCode.TARGET_UNREACHABLE);
                assertThat(end.read(table)).isEmpty();
                assertThat(code(() -> lane(end, first.epoch()))).isEqualTo(ProblemCode.FENCED);
                assertThat(lane(end, second.epoch()).fence())
                        .isEqualTo(new Fence(End.PROJECT, LANE, second.epoch(), 1));
            }
            try (var late = end.writer()) {
                assertThat(code(() -> late.begin(fence.next(), ""))).isEqualTo(ProblemCode.FENCED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void anOwnerThatEndedIsFollowedWithoutForce(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var first = owner(end, false);
            try (var writer = end.writer()) {
                writer.begin(lane(end, first.epoch()).fence(), "");
                writer.commit();
            }

            assertThat(owner(end, false).epoch()).isGreaterThan(first.epoch());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void theLanesRowTellsHowALostCommitEnded(ServerKind kind) throws SQLException {
        try (var end = End.of(kind);
                var relay = Relay.to(end.database().server())) {
            var table = end.create("t", "id INT PRIMARY KEY");
            var epoch = owner(end, false).epoch();
            var fence = lane(end, epoch).fence();
            var brief = end.settings().with(Settings.STATEMENT_TIME, "1s");
            try (var writer =
                    new MySqlWriter(
                            MySqlConnection.open(
                                    end.endpoint(relay.port()),
                                    Role.TARGET,
                                    MySqlSession.Use.WRITE,
                                    brief),
                            brief)) {
                writer.begin(fence, "done");
                writer.insert(table, List.of(Row.ofText("1")));
                writer.checkpoint("done"); // behind rows that were on their way
                relay.cutAfter(Relay.Direction.TO_CLIENT, 0);

                assertThat(code(writer::commit)).isEqualTo(ProblemCode.TARGET_UNREACHABLE);

                writer.rollback();
                assertThatThrownBy(() -> writer.insert(table, List.of(Row.ofText("2"))))
                        .isInstanceOf(IllegalStateException.class);
            }
            var state = lane(end, epoch);
            assertThat(state.fence()).isEqualTo(fence.next());
            assertThat(state.checkpoint()).isEqualTo("done");
            assertThat(end.read(table)).containsExactly(Row.ofText("1"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void aLostTransactionIsEndedBeforeItsLaneIsRead(ServerKind kind) throws SQLException {
        try (var end = impatient(kind);
                var relay = Relay.to(end.database().server())) {
            var table = end.create("t", "id INT PRIMARY KEY");
            var epoch = owner(end, false).epoch();
            var fence = lane(end, epoch).fence();
            try (var writer =
                    new MySqlWriter(
                            MySqlConnection.open(
                                    end.endpoint(relay.port()),
                                    Role.TARGET,
                                    MySqlSession.Use.WRITE,
                                    end.settings()),
                            end.settings())) {
                writer.begin(fence, "");
                writer.commit();
                writer.begin(fence.next(), "never");
                writer.insert(table, List.of(Row.ofText("1")));
                // The server does not notice: the connection stays open at its side.
                relay.stall();

                var state = lane(end, epoch);

                assertThat(state.fence()).isEqualTo(fence.next());
                assertThat(state.checkpoint()).isEmpty();
                assertThat(end.read(table)).isEmpty();
                relay.goOn();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void nothingIsWrittenOutsideTheFence(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY");
            try (var writer = end.begun()) {
                assertThat(
                                code(() -> {
                                    writer.insert(table, List.of(Row.ofText("1"), Row.ofText("1")));
                                    writer.checkpoint("");
                                }))
                        .isEqualTo(ProblemCode.ROW_EXISTS);

                assertThatThrownBy(() -> writer.insert(table, List.of(Row.ofText("2"))))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> writer.execute("DROP TABLE t"))
                        .isInstanceOf(IllegalStateException.class);
                writer.rollback();
            }
            assertThat(end.read(table)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void factsAreWrittenWithTheTransaction(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var long1 = "ü'\\".repeat(100_000);
            try (var writer = end.begun()) {
                writer.put(
                        List.of(
                                new Entry("chunk", "b", "2"),
                                new Entry("chunk", "a", long1),
                                new Entry("other", "a", "x"),
                                new Entry("chunk", "gone", "y")));
                writer.put(List.of(new Entry("chunk", "gone", ""), new Entry("chunk", "b", "3")));
                writer.commit();
            }
            try (var writer = end.begun()) {
                writer.put(List.of(new Entry("chunk", "c", "never")));
                writer.rollback();
            }
            try (var books = end.bookkeeping()) {
                assertThat(books.entries(End.PROJECT, "chunk"))
                        .containsExactly(
                                new Entry("chunk", "a", long1), new Entry("chunk", "b", "3"));
                assertThat(code(() -> books.takeOver(End.PROJECT, "somebody else", true)))
                        .isEqualTo(ProblemCode.TARGET_FOREIGN);
                books.forget(End.PROJECT);
                assertThat(books.owner(End.PROJECT)).isEmpty();
                assertThat(books.entries(End.PROJECT, "chunk")).isEmpty();
                assertThat(books.exists()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void aRowLockOfAStrangerIsBusyAndNotLost(ServerKind kind) throws SQLException {
        try (var end = impatient(kind);
                var stranger = end.database().connect();
                var statement = stranger.createStatement()) {
            var table = end.create("t", "id INT PRIMARY KEY, v INT");
            end.insert(table, List.of(Row.ofText("1", "1")));
            stranger.setAutoCommit(false);
            statement.execute("UPDATE t SET v = 2 WHERE id = 1");
            try (var writer = end.begun()) {
                var before = System.nanoTime();

                assertThat(code(() -> writer.deleteSome(table, 10)))
                        .isEqualTo(ProblemCode.TARGET_BUSY);

                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .isLessThan(Duration.ofSeconds(15));
                writer.rollback();
            }
            stranger.rollback();
        }
    }
}
