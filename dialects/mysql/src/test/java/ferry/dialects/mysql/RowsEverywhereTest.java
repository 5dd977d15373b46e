package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.mysql.RowsOfServersTest.Values;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A row read by the snapshot, the same row from the log, and the row that a target then holds are
/// one row, for every type and its edge values, whatever the session that wrote it had set; before
/// and behind an update of another column.
@Tag("servers")
final class RowsEverywhereTest {
    private static final int COLUMNS_OF_A_TABLE = 25;

    /// What an application may have set when it wrote: time zone and sql_mode.
    private static final List<String> SESSIONS =
            List.of(
                    "SET time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'",
                    "SET time_zone = '-08:00', sql_mode = 'ANSI,PAD_CHAR_TO_FULL_LENGTH,ALLOW_INVALID_DATES'",
                    "SET time_zone = '+05:45', sql_mode = 'NO_UNSIGNED_SUBTRACTION,HIGH_NOT_PRECEDENCE'");

    @ParameterizedTest
    @EnumSource(names = "SEEKDB", mode = EnumSource.Mode.EXCLUDE)
    void aRowIsOneRowInSnapshotLogAndTargets(ServerKind kind) throws SQLException {
        try (var source = End.of(kind);
                var mySql = End.of(ServerKind.MYSQL_8_0);
                var oceanBase = End.of(ServerKind.SEEKDB)) {
            check(source, values(kind), List.of(mySql, oceanBase));
        }
    }

    /// Without what the types' page names as lost: in MySQL 5.7 the JSON double -0 prints so that
    /// newer servers print it otherwise; and MariaDB makes a time in the first second of 1970,
    /// which MySQL refuses, of one that is out of range.
    private static List<Values> values(ServerKind kind) {
        return RowsOfServersTest.values(kind).stream()
                .map(type ->
                        new Values(
                                type.column(),
                                type.values().stream()
                                        .map(value ->
                                                kind == ServerKind.MYSQL_5_7
                                                        ? value.replace("-0.0, ", "")
                                                        : value)
                                        .map(value ->
                                                kind.family() == ServerKind.Family.MARIADB
                                                        ? value.replace(
                                                                        "2038-01-19 03:14:07.99",
                                                                        "2038-01-18 00:00:00.99")
                                                                .replace(
                                                                        "1970-01-01 00:00:01.01",
                                                                        "1970-01-02 00:00:00.01")
                                                        : value)
                                        .toList()))
                .toList();
    }

    /// What a server's own defaults say must not matter to any of our sessions, at either end.
    @Test
    void theDefaultsOfServersDoNotMatter() throws SQLException {
        var odd =
                ServerOptions.lean()
                        .withFlags(
                                "--default-time-zone=+05:45",
                                "--sql-mode=ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,TRADITIONAL",
                                "--character-set-server=gbk",
                                "--collation-server=gbk_bin",
                                "--explicit-defaults-for-timestamp=OFF",
                                "--div-precision-increment=0");
        try (var server = TestServers.start(ServerKind.MYSQL_8_0, odd);
                var source = End.on(server);
                var target = End.on(server)) {
            check(source, RowsOfServersTest.values(ServerKind.MYSQL_8_0), List.of(target));
        }
    }

    private static void check(End source, List<Values> all, List<End> targets) throws SQLException {
        for (var from = 0; from < all.size(); from += COLUMNS_OF_A_TABLE) {
            var some = all.subList(from, Math.min(all.size(), from + COLUMNS_OF_A_TABLE));
            new Voyage(source, "t" + from, some).run(targets);
        }
    }

    /// One table with a column of each of some types.
    private static final class Voyage {
        private final End source;
        private final String name;
        private final List<Values> types;
        private Table table;
        private List<Row> before;
        private List<Row> behind;

        Voyage(End source, String name, List<Values> types) {
            this.source = source;
            this.name = name;
            this.types = types;
        }

        void run(List<End> targets) throws SQLException {
            create();
            var start = LogFixture.logEnd(source.database().server());
            try (var log = LogFixture.open(source.database().server(), start)) {
                log.admit(table);
                insert();
                before = source.read(table);
                assertSame(afters(log), before, table, "log of inserts");

                source.database().execute("SET sql_mode = ''", "UPDATE `" + name + "` SET n = 8");
                behind = source.read(table);
                var updates = LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit));
                assertSame(
                        updates.stream().map(change -> ((Change.Update) change).before()).toList(),
                        before,
                        table,
                        "log of updates, before");
                assertSame(
                        updates.stream().map(change -> ((Change.Update) change).after()).toList(),
                        behind,
                        table,
                        "log of updates, after");
            }
            for (var target : targets) {
                arrive(target);
            }
        }

        /// The last column changes by itself when another one is updated.
        private void create() throws SQLException {
            var columns =
                    IntStream.range(0, types.size())
                            .mapToObj(i ->
                                    "c%02d %s%s"
                                            .formatted(
                                                    i,
                                                    types.get(i).column(),
                                                    types.get(i).column().contains("NULL")
                                                            ? ""
                                                            : " NULL"))
                            .collect(Collectors.joining(", "));
            source.database()
                    .execute(
                            "SET sql_mode = ''",
                            "CREATE TABLE `%s` (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, %s, n INT, touched TIMESTAMP NULL DEFAULT '2001-02-03 04:05:06' ON UPDATE CURRENT_TIMESTAMP) CHARACTER SET utf8mb4"
                                    .formatted(name, columns));
            table = source.table(name);
        }

        private void insert() throws SQLException {
            var statements = new ArrayList<String>();
            var count = types.stream().mapToInt(type -> type.values().size()).max().orElseThrow();
            statements.add("SET autocommit = 0");
            var id = 0;
            for (var session : SESSIONS) {
                statements.add(session);
                for (var i = 0; i < count; i++) {
                    var number = i;
                    statements.add(
                            "INSERT INTO %s VALUES (%d, %s, 7, NULL)"
                                    .formatted(
                                            name,
                                            id++,
                                            types.stream()
                                                    .map(type ->
                                                            type.values()
                                                                    .get(
                                                                            number
                                                                                    % type.values()
                                                                                            .size()))
                                                    .collect(Collectors.joining(", "))));
                }
            }
            statements.add("INSERT INTO %s (id) VALUES (%d)".formatted(name, id));
            statements.add("COMMIT");
            source.database().execute(statements.toArray(String[]::new));
        }

        private static List<Row> afters(LogReader log) {
            return LogFixture.changes(LogFixture.readUntil(log, LogFixture::isCommit)).stream()
                    .map(change -> ((Change.Insert) change).after())
                    .toList();
        }

        private void arrive(End target) throws SQLException {
            var there = created(target);
            var translation = MySqlTranslation.of(table, there);
            var expected = before.stream().map(translation::translate).toList();

            target.insert(there, expected);

            assertSame(target.read(there), expected, there, target.kind() + " after the load");

            var changed = behind.stream().map(translation::translate).toList();
            target.apply(
                    there,
                    Writer.Mode.STRICT,
                    IntStream.range(0, changed.size())
                            .<Change>mapToObj(
                                    i -> new Change.Update(expected.get(i), changed.get(i)))
                            .toList());

            assertSame(target.read(there), changed, there, target.kind() + " after the update");
            assertThat(
                            table.carried().stream()
                                    .filter(column -> !sameChecksum(target, there, column.name()))
                                    // Its line breaks inside base64 differ: rows are compared.
                                    .filter(column ->
                                            source.kind() != ServerKind.MYSQL_5_7
                                                    || !(column.type() instanceof DataType.Json))
                                    .map(Column::nativeType))
                    .as("columns whose checksums differ at " + target.kind())
                    .isEmpty();
        }

        private boolean sameChecksum(End target, Table there, String column) {
            try (var one = source.snapshot();
                    var other = target.snapshot()) {
                var here = only(table, column);
                var over = only(there, column);
                return other.checksum(over, here, KeyRange.ALL)
                        .equals(one.checksum(here, over, KeyRange.ALL));
            }
        }

        /// The table with its key and this column alone.
        private static Table only(Table table, String column) {
            return Table.of(
                    table.name(),
                    table.columns().stream()
                            .filter(one -> one.name().equals("id") || one.name().equals(column))
                            .toList(),
                    table.keys());
        }

        private Table created(End target) {
            var wanted = new TableName(target.database().name(), name);
            try (var catalog =
                            new MySqlCatalog(
                                    target.connect(Role.TARGET, MySqlSession.Use.PLAIN),
                                    target.settings());
                    var writer = target.begun()) {
                writer.commit();
                var plan = catalog.plan(table, wanted);
                plan.create().forEach(writer::execute);
                return catalog.table(plan.table().name()).orElseThrow();
            }
        }

        private void assertSame(List<Row> rows, List<Row> expected, Table layout, String where) {
            var differences = new ArrayList<String>();
            assertThat(rows).as(where).hasSameSizeAs(expected);
            for (var column : layout.carried()) {
                var index = layout.indexOf(column.name());
                for (var i = 0; i < rows.size(); i++) {
                    if (!rows.get(i).sameValue(index, expected.get(i), index)) {
                        differences.add(
                                "%s, %s, row %d: %s, not %s"
                                        .formatted(
                                                where,
                                                column.nativeType(),
                                                i,
                                                rows.get(i).shown(index),
                                                expected.get(i).shown(index)));
                    }
                }
            }
            assertThat(differences).isEmpty();
        }
    }
}
