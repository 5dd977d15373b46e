package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.config.Settings;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How changes meet the rows that are there.
@Tag("servers")
final class ApplyTest {
    private static ProblemException problem(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call);
    }

    private static Change insert(String... values) {
        return new Change.Insert(Row.ofText(values));
    }

    private static Change update(Row before, String... after) {
        return new Change.Update(before, Row.ofText(after));
    }

    private static Change delete(String... values) {
        return new Change.Delete(Row.ofText(values));
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void insideAWindowAChangePutsItsWholeAfterImage(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "a INT, b VARCHAR(20), v INT, PRIMARY KEY (a, b)");
            end.insert(
                    table,
                    List.of(
                            Row.ofText("1", "x", "1"),
                            Row.ofText("2", "x", "1"),
                            Row.ofText("3", "x", "1")));

            end.apply(
                    table,
                    Mode.WINDOW,
                    List.of(
                            insert("1", "x", "10"),
                            insert("4", "x", "40"),
                            update(Row.ofText("9", "x", "1"), "9", "x", "90"),
                            delete("8", "x", "1"),
                            delete("2", "x", "other"),
                            insert("2", "x", "20"),
                            insert("2", "x", "21"),
                            update(Row.ofText("3", "x", "1"), "3", "y", "30")));

            assertThat(end.read(table))
                    .containsExactlyInAnyOrder(
                            Row.ofText("1", "x", "10"),
                            Row.ofText("2", "x", "21"),
                            Row.ofText("3", "y", "30"),
                            Row.ofText("4", "x", "40"),
                            Row.ofText("9", "x", "90"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void afterItEveryChangeMeetsExactlyTheRowThatItMust(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, v VARCHAR(20) UNIQUE");
            var rows = new ArrayList<Change>();
            for (var i = 0; i < 1000; i++) {
                rows.add(insert(String.valueOf(i), "v" + i));
            }
            end.apply(table, Mode.STRICT, rows);
            var updates = new ArrayList<Change>();
            for (var i = 0; i < 500; i++) {
                updates.add(
                        update(
                                Row.ofText(String.valueOf(i), "v" + i),
                                String.valueOf(i + 2000),
                                "w" + i));
            }
            for (var i = 500; i < 1000; i++) {
                updates.add(delete(String.valueOf(i), "v" + i));
            }
            updates.add(update(Row.ofText("2000", "w0"), "2000", "w0"));
            end.apply(table, Mode.STRICT, updates);

            assertThat(end.read(table)).hasSize(500).contains(Row.ofText("2499", "w499"));
            var refused = new ArrayList<ProblemCode>();
            for (var change :
                    List.of(
                            insert("2000", "new"),
                            insert("1", "w1"),
                            update(Row.ofText("7", "w1"), "7", "new"),
                            update(Row.ofText("2001", "w1"), "2001", "w2"),
                            delete("7", "x"))) {
                refused.add(problem(() -> end.apply(table, Mode.STRICT, List.of(change))).code());
            }
            assertThat(refused)
                    .containsExactly(
                            ProblemCode.ROW_EXISTS,
                            ProblemCode.ROW_EXISTS,
                            ProblemCode.ROW_MISSING,
                            ProblemCode.ROW_EXISTS,
                            ProblemCode.ROW_MISSING);
            assertThat(end.read(table)).hasSize(500);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void onlyMissingRowsAreInsertedAndNoValueIsBent(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table =
                    end.create(
                            "t",
                            "id INT PRIMARY KEY, u INT UNIQUE, v VARCHAR(5),"
                                    + " at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP");
            var old = "2001-02-03 04:05:06";
            end.insert(
                    table,
                    List.of(Row.ofText("1", "10", "one", old), Row.ofText("2", "20", "two", old)));
            var rows = new ArrayList<Row>();
            for (var i = 1; i <= 1000; i++) {
                rows.add(Row.ofText("" + i, i == 500 ? "20" : "" + i * 10, "new", old));
            }

            long inserted;
            try (var writer = end.begun()) {
                inserted = writer.insertMissing(table, rows);
                writer.commit();
            }
            assertThat(inserted).isEqualTo(997); // 1 and 2 by their key, 500 by its unique value
            assertThat(end.read(table))
                    .hasSize(999)
                    .contains(Row.ofText("1", "10", "one", old), Row.ofText("2", "20", "two", old));
            try (var writer = end.begun()) {
                var refused =
                        problem(() ->
                                writer.insertMissing(
                                        table, List.of(Row.ofText("2000", "1", "too long", old))));
                assertThat(refused.code()).isEqualTo(ProblemCode.VALUE_REFUSED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void aChangeThatIsAttemptedInVainIsTakenBackAlone(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, v VARCHAR(5)");
            end.insert(table, List.of(Row.ofText("1", "one"), Row.ofText("2", "two")));
            var codes = new ArrayList<ProblemCode>();
            try (var writer = end.begun()) {
                for (var changes :
                        List.of(
                                List.of(insert("3", "three"), insert("1", "again")),
                                List.of(update(Row.ofText("1", "one"), "1", "too long")),
                                List.of(update(Row.ofText("9", "nine"), "9", "ten")),
                                List.of(delete("2", "two"), delete("8", "x")))) {
                    writer.attempt(new TableChanges(table.name(), table, Mode.STRICT, changes))
                            .ifPresent(problem -> codes.add(problem.code()));
                }
                var fits = List.of(insert("4", "four"));
                assertThat(writer.attempt(new TableChanges(table.name(), table, Mode.STRICT, fits)))
                        .isEmpty();
                writer.commit();
            }

            assertThat(codes)
                    .containsExactly(
                            ProblemCode.ROW_EXISTS,
                            ProblemCode.VALUE_REFUSED,
                            ProblemCode.ROW_MISSING,
                            ProblemCode.ROW_MISSING);
            assertThat(end.read(table))
                    .containsExactlyInAnyOrder(
                            Row.ofText("1", "one"),
                            Row.ofText("2", "two"),
                            Row.ofText("4", "four"));
        }
    }

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
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void aColumnThatTheServerWouldSetByItselfKeepsTheSourcesValue(ServerKind kind)
            throws SQLException {
        try (var end = End.of(kind)) {
            var table =
                    end.create(
                            "t",
                            "id INT PRIMARY KEY AUTO_INCREMENT, v INT,"
                                    + " at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP");
            var old = "2001-02-03 04:05:06";
            end.insert(table, List.of(Row.ofText("0", "1", old)));

            end.apply(
                    table, Mode.STRICT, List.of(update(Row.ofText("0", "1", old), "0", "2", old)));

            assertThat(end.read(table)).containsExactly(Row.ofText("0", "2", old));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void oneOfTwoEqualRowsWithoutKeyIsChanged(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table =
                    end.create(
                            "t",
                            "a INT, b VARCHAR(20) COLLATE utf8mb4_general_ci, f FLOAT"
                                    .replace("COLLATE", "CHARACTER SET utf8mb4 COLLATE"));
            end.insert(
                    table,
                    List.of(
                            Row.ofText("1", "a", "0.10000000149011612"),
                                    Row.ofText("1", "A", "0.10000000149011612"),
                            Row.ofText("1", "a", "0.10000000149011612"),
                                    Row.ofText(null, null, null)));

            end.apply(
                    table,
                    Mode.STRICT,
                    List.of(
                            delete("1", "A", "0.10000000149011612"),
                            update(Row.ofText("1", "a", "0.10000000149011612"), "2", "a", null),
                            delete(null, null, null)));

            assertThat(end.read(table))
                    .containsExactlyInAnyOrder(
                            Row.ofText("1", "a", "0.10000000149011612"),
                            Row.ofText("2", "a", null));
            assertThat(
                            problem(() ->
                                            end.apply(
                                                    table,
                                                    Mode.WINDOW,
                                                    List.of(
                                                            delete(
                                                                    "1",
                                                                    "A",
                                                                    "0.10000000149011612"))))
                                    .code())
                    .isEqualTo(ProblemCode.ROW_MISSING);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MYSQL_5_6", "MARIADB_11_4", "SEEKDB"})
    void aValueIsStoredAsItIsOrRefused(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table =
                    end.create(
                            "t",
                            "id INT PRIMARY KEY, d DECIMAL(5,2), v VARCHAR(3) CHARACTER SET utf8mb4, t TINYINT,"
                                    + " e ENUM('a'), n INT NOT NULL, dt DATETIME");
            var good = new String[] {"1", "1.25", "abc", "1", "a", "1", "2024-01-01 00:00:00"};
            end.insert(table, List.of(Row.ofText(good)));
            var secret = "Geheim";
            var wrong =
                    new String[][] {
                        {"1", "1.255"},
                        {"1", "99999"},
                        {"2", secret},
                        {"2", "ab  "},
                        {"3", "128"},
                        {"4", "b"},
                        {"5", null},
                        {"6", "2024-01-01 25:00:00"}
                    };
            for (var one : wrong) {
                var values = good.clone();
                values[0] = "2";
                values[Integer.parseInt(one[0])] = one[1];

                var problem = problem(() -> end.insert(table, List.of(Row.ofText(values))));

                assertThat(problem).as(String.join(" ", one[0], one[1])).isNotNull();
                assertThat(problem.code()).as(one[1]).isEqualTo(ProblemCode.VALUE_REFUSED);
                assertThat(problem.getMessage()).doesNotContain(secret);
                assertThat(problem).hasNoCause();
            }
            assertThat(problem(() -> end.insert(table, List.of(Row.ofText(good)))).getMessage())
                    .contains("PRIMARY")
                    .doesNotContain("'1'");
            assertThat(end.read(table)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_5_7", "SEEKDB"})
    void aRowUpToThePacketIsWrittenAndALargerOneRefused(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table =
                    end.create(
                            "t",
                            "id INT PRIMARY KEY, b LONGBLOB, t LONGTEXT CHARACTER SET utf8mb4");
            var packet =
                    Integer.parseInt(
                            end.database().query("SELECT @@max_allowed_packet").getFirst());
            var large = new byte[packet - 4096];
            java.util.Arrays.fill(large, (byte) 0xfe);
            var rows =
                    List.of(
                            Row.of("1".getBytes(), large, null),
                            Row.of(
                                    "2".getBytes(),
                                    new byte[] {1},
                                    "ü".repeat(100_000).getBytes("UTF-8")));

            end.insert(table, rows);
            assertThat(end.read(table)).isEqualTo(rows);
            end.apply(
                    table,
                    Mode.STRICT,
                    List.of(
                            new Change.Update(rows.get(1), Row.of("2".getBytes(), large, null)),
                            new Change.Delete(rows.get(0))));
            assertThat(end.read(table)).containsExactly(Row.of("2".getBytes(), large, null));

            var tooLarge = Row.of("3".getBytes(), new byte[packet], null);
            assertThat(problem(() -> end.insert(table, List.of(tooLarge))).code())
                    .isEqualTo(ProblemCode.ROW_TOO_LARGE);
        } catch (java.io.UnsupportedEncodingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "SEEKDB"})
    void batchesKeepTheirLimits(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var table = end.create("t", "id INT PRIMARY KEY, v VARCHAR(1000)");
            var small =
                    end.with(
                            end.settings()
                                    .with(Settings.LOAD_BATCH_ROWS, "7")
                                    .with(Settings.LOAD_BATCH_BYTES, "4KiB"));
            var rows = new ArrayList<Row>();
            for (var i = 0; i < 500; i++) {
                rows.add(Row.ofText(String.valueOf(i), "x".repeat(i)));
            }

            small.insert(table, rows);

            assertThat(small.read(table)).isEqualTo(rows);
            try (var writer = small.begun()) {
                writer.deleteSome(table, 1_000);
                writer.commit();
            }
            assertThat(small.read(table)).isEmpty();
        }
    }
}
