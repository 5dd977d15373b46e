package ferry.dialects.mysql;

import static ferry.dialects.mysql.Changes.delete;
import static ferry.dialects.mysql.Changes.insert;
import static ferry.dialects.mysql.Changes.problem;
import static ferry.dialects.mysql.Changes.update;
import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Changes that go to the server together: each meets its own row, none hides another's refusal.
@Tag("servers")
final class StatementPacketTest {
    /// Only the last statement's warnings can be read: one in the middle must not pass unseen.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void aValueThatIsBentInTheMiddleOfAPacketIsRefused(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, v VARCHAR(3), d DECIMAL(5,2)");
            end.insert(table, List.of(Row.ofText("1", "a", "1.00"), Row.ofText("2", "b", "2.00")));
            var first = update(Row.ofText("1", "a", "1.00"), "1", "A", "1.00");
            var last = delete("2", "b", "2.00");
            for (var bent : List.of(insert("3", "abc  ", "1.00"), insert("3", "abc", "1.005"))) {
                var refused =
                        problem(() -> end.apply(table, Mode.STRICT, List.of(first, bent, last)));
                assertThat(refused).isNotNull();
                assertThat(refused.code()).isEqualTo(ProblemCode.VALUE_REFUSED);
            }
            assertThat(end.read(table))
                    .containsExactly(Row.ofText("1", "a", "1.00"), Row.ofText("2", "b", "2.00"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void whatIsAttemptedInVainInTheMiddleOfAPacketIsTakenBackAlone(ServerKind kind)
            throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, v VARCHAR(3)");
            end.insert(table, List.of(Row.ofText("1", "a"), Row.ofText("2", "b")));
            var bent =
                    List.of(
                            update(Row.ofText("1", "a"), "1", "A"),
                            insert("3", "abc  "),
                            delete("2", "b"));
            try (var writer = end.begun()) {
                writer.apply(
                        List.of(TableChanges.of(table, Mode.STRICT, List.of(insert("4", "d")))));
                assertThat(writer.attempt(TableChanges.of(table, Mode.STRICT, bent)))
                        .hasValueSatisfying(problem ->
                                assertThat(problem.code()).isEqualTo(ProblemCode.VALUE_REFUSED));
                writer.commit();
            }

            assertThat(end.read(table))
                    .containsExactly(
                            Row.ofText("1", "a"), Row.ofText("2", "b"), Row.ofText("4", "d"));
        }
    }

    /// The server has ended a deadlock's transaction, and with it the savepoint of the attempt.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4"})
    void aTransactionThatTheServerEndedIsNoRowsFault(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, v VARCHAR(3)");
            end.insert(table, List.of(Row.ofText("1", "a"), Row.ofText("2", "b")));
            var impatient = end.with(end.settings().with(Settings.LOCK_TIME, "1s"));
            try (var writer = impatient.begun();
                    var other = end.database().server().connect(end.database().name());
                    var statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("UPDATE t SET v = 'x' WHERE id = 2");
                var problem =
                        problem(() ->
                                writer.attempt(
                                        TableChanges.of(
                                                table,
                                                Mode.STRICT,
                                                List.of(
                                                        delete("9", "missing"),
                                                        update(Row.ofText("2", "b"), "2", "c")))));
                assertThat(problem.code()).isEqualTo(ProblemCode.TARGET_BUSY);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4"})
    void anOddMemberIsSetBehindWhatIsHeldOfOtherTables(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var odd = end.create("odd", "id INT PRIMARY KEY, e ENUM('a', 'b')");
            var plain = end.create("plain", "id INT PRIMARY KEY, v VARCHAR(3)");
            try (var writer = end.begun()) {
                writer.apply(
                        List.of(
                                TableChanges.of(odd, Mode.STRICT, List.of(insert("1", "b"))),
                                TableChanges.of(plain, Mode.STRICT, List.of(insert("1", "x"))),
                                TableChanges.of(
                                        odd,
                                        Mode.STRICT,
                                        List.of(
                                                update(Row.ofText("1", "b"), "1", ""),
                                                insert("2", ""))),
                                TableChanges.of(
                                        plain,
                                        Mode.STRICT,
                                        List.of(update(Row.ofText("1", "x"), "1", "y")))));
                writer.commit();
            }

            assertThat(end.read(odd)).containsExactly(Row.ofText("1", ""), Row.ofText("2", ""));
            assertThat(end.read(plain)).containsExactly(Row.ofText("1", "y"));
        }
    }

    /// Some numbers say nothing about a value, such as that of a statement that is unsafe to log.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_7"})
    void whatAServerWarnsOfWithoutBendingAValueIsWritten(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "a INT, v VARCHAR(3)");
            end.insert(table, List.of(Row.ofText("1", "a"), Row.ofText("1", "a")));
            end.database()
                    .execute(
                            "CREATE TRIGGER warn BEFORE INSERT ON t FOR EACH ROW"
                                    + " SIGNAL SQLSTATE '01000' SET MYSQL_ERRNO = 1592");

            end.apply(
                    table,
                    Mode.STRICT,
                    List.of(
                            delete("1", "a"),
                            insert("2", "b"),
                            update(Row.ofText("1", "a"), "1", "c"),
                            insert("3", "d")));

            assertThat(end.read(table))
                    .containsExactlyInAnyOrder(
                            Row.ofText("1", "c"), Row.ofText("2", "b"), Row.ofText("3", "d"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void manyRowsOfAKeyOfSeveralColumnsAreChangedEachByItsOwn(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "a INT, b VARCHAR(5), c INT, v INT, PRIMARY KEY (a, b, c)");
            var rows = new ArrayList<Row>();
            var changes = new ArrayList<Change>();
            var left = new ArrayList<Row>();
            for (var i = 0; i < 600; i++) {
                // Some keys have many neighbours, some few, and some none.
                var prefix = i < 300 ? i % 2 : i;
                var key = new String[] {"" + prefix, "x" + prefix % 3, "" + i};
                var row = Row.ofText(key[0], key[1], key[2], "0");
                rows.add(row);
                if (i % 5 == 0) {
                    changes.add(delete(key[0], key[1], key[2], "0"));
                } else {
                    changes.add(update(row, key[0], key[1], key[2], "" + (i + 1)));
                    left.add(Row.ofText(key[0], key[1], key[2], "" + (i + 1)));
                }
            }
            end.insert(table, rows);
            changes.sort(Comparator.comparing(change -> change.getClass().getName()));

            end.apply(table, Mode.STRICT, changes);

            assertThat(end.read(table)).containsExactlyInAnyOrderElementsOf(left);
        }
    }

    /// One statement for several rows would give a value to a row before another one has left it.
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void aUniqueValueWandersInTheOrderOfTheChanges(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, u INT UNIQUE, v INT");
            var one = Row.ofText("1", "10", "0");
            var two = Row.ofText("2", "20", "0");
            var three = Row.ofText("3", "30", "0");
            end.insert(table, List.of(one, two, three));

            end.apply(
                    table,
                    Mode.STRICT,
                    List.of(
                            update(three, "3", "40", "0"),
                            update(two, "2", "30", "0"),
                            update(one, "1", "20", "0")));

            assertThat(end.read(table))
                    .containsExactly(
                            Row.ofText("1", "20", "0"),
                            Row.ofText("2", "30", "0"),
                            Row.ofText("3", "40", "0"));
        }
    }
}
