package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What stands in the way, and what an operator does about it, at the command line: rows that stay,
/// a table that is set aside and loaded again, changes that are recorded and settled, a transaction
/// that is left out.
@Tag("servers")
final class FailuresTest {
    @TempDir private Path folder;
    private Pair pair;
    private DatabaseServer source;
    private DatabaseServer target;
    private String database;

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MYSQL", "OCEANBASE"})
    void rowsOfTheTargetStay(Pair pair) throws Exception {
        at(pair, "rows_that_stay");
        try {
            target.execute(
                    "CREATE DATABASE " + database,
                    "CREATE TABLE %s.item (id INT PRIMARY KEY, v VARCHAR(20))".formatted(database),
                    "INSERT INTO %s.item VALUES (2, 'theirs'), (9, 'theirs')".formatted(database));
            assertThat(ferry("", "migrate", "--until", "loaded").exit).isEqualTo(3);

            var loaded = ferry("load.existing: ignore", "migrate", "--until", "verified");
            assertThat(loaded.exit).as(loaded.text).isEqualTo(1);
            assertThat(loaded.text).contains("1 of 3 rows of the source were not loaded");
            assertThat(items(target)).containsExactly("1 one", "2 theirs", "3 three", "9 theirs");

            source.execute(
                    "UPDATE %s.item SET v = 'new' WHERE id = 2".formatted(database),
                    "INSERT INTO %s.item VALUES (9, 'nine')".formatted(database),
                    "DELETE FROM %s.item WHERE id = 3".formatted(database));
            var followed = ferry("load.existing: ignore", "migrate", "--until", "verified");
            assertThat(followed.exit).as(followed.text).isZero();
            assertThat(items(target)).isEqualTo(items(source));
        } finally {
            drop();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MYSQL", "OCEANBASE"})
    void aTableIsSetAsideAndLoadedAgain(Pair pair) throws Exception {
        at(pair, "set_aside");
        try {
            migrated("table.errors: aside");
            target.execute("DELETE FROM %s.item WHERE id = 2".formatted(database));
            source.execute(
                    "UPDATE %s.item SET v = 'new' WHERE id = 2".formatted(database),
                    "UPDATE %s.other SET v = 'new' WHERE id = 2".formatted(database));

            var aside = ferry("table.errors: aside", "migrate", "--until", "verified");
            assertThat(aside.exit).as(aside.text).isEqualTo(1);
            assertThat(aside.text).contains(database + ".item is set aside", "FERRY-3020");
            assertThat(rows(target, "other")).isEqualTo(rows(source, "other"));
            assertThat(certificate())
                    .contains("NOT EQUAL", "not compared: set aside", "FERRY-3020");
            assertThat(ferry("", "status").text).contains(database + ".item is set aside");

            source.execute("INSERT INTO %s.item VALUES (4, 'four')".formatted(database));
            var ordered = ferry("", "reload", database + ".item", "--reason", "mended by hand");
            assertThat(ordered.text).contains("is loaded again");
            assertThat(ferry("", "status").text).contains("mended by hand");
            var again = ferry("table.errors: aside", "migrate", "--until", "verified");
            assertThat(again.exit).as(again.text).isZero();
            assertThat(items(target)).isEqualTo(items(source));
        } finally {
            drop();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MYSQL", "OCEANBASE"})
    void changesAreRecordedAndSettled(Pair pair) throws Exception {
        at(pair, "recorded");
        var record = "apply.row.errors: record";
        try {
            migrated(record);
            target.execute(
                    "DELETE FROM %s.item WHERE id = 2".formatted(database),
                    "INSERT INTO %s.item VALUES (4, 'theirs')".formatted(database),
                    "ALTER TABLE %s.other MODIFY v VARCHAR(5)".formatted(database));
            source.execute(
                    "UPDATE %s.item SET v = 'new' WHERE id = 2".formatted(database),
                    "INSERT INTO %s.item VALUES (4, 'four'), (5, 'five')".formatted(database),
                    "UPDATE %s.other SET v = 'longer' WHERE id = 2".formatted(database),
                    "UPDATE %s.other SET v = 'short' WHERE id = 3".formatted(database));

            var recorded = ferry(record, "migrate", "--until", "verified");
            assertThat(recorded.exit).as(recorded.text).isEqualTo(1);
            assertThat(certificate()).contains("2 of them are recorded", "1 of them are recorded");
            var listed = ferry(record, "errors");
            assertThat(listed.text)
                    .contains("update of " + database + ".item, id '2'", "FERRY-3020")
                    .contains("insert of " + database + ".item, id '4'", "FERRY-3021")
                    .contains("update of " + database + ".other, id '2'", "FERRY-3023")
                    .contains("3 rows whose changes were left out");
            assertThat(Files.readString(home().resolve("ferry.log"))).doesNotContain("longer");

            var partly = ferry(record, "errors", "retry");
            assertThat(partly.exit).as(partly.text).isEqualTo(1);
            assertThat(items(target)).isEqualTo(items(source));
            var left = ferry(record, "errors").text;
            assertThat(left).contains("1 rows whose changes");
            var id = Pattern.compile("t\\d+-[0-9a-f]{16}").matcher(left);
            assertThat(id.find()).isTrue();
            var dropped = ferry(record, "errors", "drop", id.group(), "--reason", "not needed");
            assertThat(dropped.text).contains("is forgotten");
            assertThat(ferry(record, "errors").text).contains("no row change was left out");
            assertThat(ferry("", "status").text).contains("not needed");

            target.execute("ALTER TABLE %s.other MODIFY v VARCHAR(20)".formatted(database));
            source.execute("UPDATE %s.other SET v = 'last' WHERE id = 2".formatted(database));
            var equal = ferry(record, "migrate", "--until", "verified");
            assertThat(equal.exit).as(equal.text).isZero();
        } finally {
            drop();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MYSQL", "FROM_MARIADB_10_11"})
    void aTransactionIsLeftOut(Pair pair) throws Exception {
        at(pair, "left_out");
        try {
            migrated("");
            target.execute("DELETE FROM %s.item WHERE id = 2".formatted(database));
            try (var connection = source.connect(database);
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("DELETE FROM item WHERE id = 2");
                statement.execute("UPDATE other SET v = 'with it' WHERE id = 1");
                connection.commit();
            }
            source.execute("UPDATE %s.other SET v = 'behind' WHERE id = 3".formatted(database));

            var stopped = ferry("", "migrate", "--until", "verified");
            assertThat(stopped.exit).as(stopped.text).isEqualTo(4);
            var id = Pattern.compile("in\\s+transaction ([^ ]*[0-9])").matcher(stopped.text);
            assertThat(id.find()).as(stopped.text).isTrue();
            var gtid = id.group(1);
            assertThat(ferry("", "skip", gtid, "--reason", "the row is gone").text)
                    .contains("is left out when it comes");

            var passed = ferry("", "migrate", "--until", "verified");
            assertThat(passed.exit).as(passed.text).isEqualTo(1);
            assertThat(passed.text).contains("transaction " + gtid + " was left out: 1 changes of");
            assertThat(rows(target, "other")).containsExactly("1 one", "2 two", "3 behind");
            var late = ferry("", "skip", gtid, "--reason", "again");
            assertThat(late.exit).isEqualTo(2);
            assertThat(late.text).contains("it was applied already");
            assertThat(ferry("", "status").text).contains("the row is gone", "was left out");
        } finally {
            drop();
        }
    }

    private void at(Pair servers, String name) throws SQLException {
        pair = servers;
        source = Servers.source(pair);
        target = Servers.target(pair);
        database = "failures_" + name + "_" + pair.name().toLowerCase(Locale.ROOT);
        source.execute(
                "CREATE DATABASE " + database,
                "CREATE TABLE %s.item (id INT PRIMARY KEY, v VARCHAR(20))".formatted(database),
                "CREATE TABLE %s.other (id INT PRIMARY KEY, v VARCHAR(20))".formatted(database));
        for (var table : List.of("item", "other")) {
            source.execute(
                    "INSERT INTO %s.%s VALUES (1, 'one'), (2, 'two'), (3, 'three')"
                            .formatted(database, table));
        }
    }

    private void drop() throws SQLException {
        source.execute("DROP DATABASE " + database);
        target.execute("DROP DATABASE IF EXISTS " + database);
    }

    private void migrated(String setting) throws IOException, InterruptedException {
        var first = ferry(setting, "migrate", "--until", "verified");
        assertThat(first.exit).as(first.text).isZero();
    }

    private record Ended(int exit, String text) {}

    private Ended ferry(String setting, String command, String... more)
            throws IOException, InterruptedException {
        var file = folder.resolve("project.yaml");
        Files.writeString(
                file,
                """
                name: %1$s
                source: { type: %2$s, host: 127.0.0.1, port: %3$d, username: %7$s, password: "" }
                target: { type: %4$s, host: 127.0.0.1, port: %5$d, username: root, password: "" }
                objects: { include: ["%1$s.*"] }
                settings: { load.workers: 1, target.retry.time: 30s%6$s }
                """
                        .formatted(
                                database,
                                pair.sourceType(),
                                source.port(),
                                pair.targetType(),
                                target.port(),
                                setting.isEmpty() ? "" : ", " + setting,
                                pair.sourceUser()));
        var words = new ArrayList<>(List.of(command, file.toString()));
        words.addAll(List.of(more));
        if (command.equals("migrate")) {
            words.add("--yes");
        }
        words.addAll(List.of("--home", folder.resolve("home").toString()));
        try (var process = new FerryProcess(words.toArray(String[]::new))) {
            var exit = process.exitCode();
            return new Ended(exit, process.output());
        }
    }

    private Path home() {
        return folder.resolve("home").resolve(database);
    }

    private String certificate() throws IOException {
        return Files.readString(home().resolve("certificate.txt"));
    }

    private List<String> items(DatabaseServer server) throws SQLException {
        return rows(server, "item");
    }

    private List<String> rows(DatabaseServer server, String table) throws SQLException {
        return server.query(
                "SELECT CONCAT(id, ' ', v) FROM %s.%s ORDER BY id".formatted(database, table));
    }
}
