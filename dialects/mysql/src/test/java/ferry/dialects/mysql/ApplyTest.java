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
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How changes meet the rows that are there.
@Tag("servers")
final class ApplyTest {
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
