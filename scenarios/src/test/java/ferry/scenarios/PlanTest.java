package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.DatabaseServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// `ferry plan` at the command line: what would move, and that nothing does.
@Tag("servers")
final class PlanTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MYSQL", "OCEANBASE"})
    void aPlanTellsWhatWouldHappenAndDoesNothing(Pair pair) throws Exception {
        var source = Servers.source(pair);
        var target = Servers.target(pair);
        var db = "plan_" + pair.name().toLowerCase(Locale.ROOT);
        try {
            source.execute("CREATE DATABASE " + db);
            try (var connection = source.connect(db);
                    var statement = connection.createStatement()) {
                statement.execute(
                        "CREATE TABLE orders (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL, UNIQUE KEY code (code))");
                statement.execute("CREATE TABLE same (id INT PRIMARY KEY, v VARCHAR(20))");
                statement.execute("CREATE TABLE short (id INT PRIMARY KEY, v VARCHAR(20))");
                statement.execute("CREATE TABLE held (id INT PRIMARY KEY)");
                statement.execute("CREATE TABLE orders_log (id INT PRIMARY KEY)");
                statement.execute("INSERT INTO orders VALUES (1, 'a')");
            }
            target.execute(
                    "CREATE DATABASE " + db,
                    "CREATE TABLE %s.same (id INT PRIMARY KEY, v VARCHAR(20))".formatted(db),
                    "CREATE TABLE %s.short (id INT PRIMARY KEY, v VARCHAR(10), w INT)"
                            .formatted(db),
                    "CREATE TABLE %s.held (id INT PRIMARY KEY)".formatted(db),
                    "INSERT INTO %s.held VALUES (1)".formatted(db));

            var stopped = ferry(pair, db, "plan");
            assertThat(stopped.exit).as(stopped.text).isEqualTo(3);
            assertThat(stopped.text)
                    .contains("4 of ", "are selected")
                    .containsPattern(db + ".orders → " + db + ".bought +is made")
                    .contains("(include %1$s.*, rename %1$s.orders -> %1$s.bought)".formatted(db))
                    .containsSubsequence(".bought", "is made", "rows where id > 0", ".same")
                    .containsPattern(db + ".same +is there: same")
                    .contains("column v is varchar(10) here, varchar(20) is wanted")
                    .contains("column w is not of the source")
                    .contains("is refused: it holds rows already")
                    .contains(db + ".orders_log  (exclude " + db + ".*_log)")
                    .contains("1 to be made, 2 used as they are, 0 on their way, 1 refused");

            target.execute("TRUNCATE TABLE %s.held".formatted(db));
            assertThat(ferry(pair, db, "plan").exit).isZero();
            var statements = ferry(pair, db, "plan", "--sql").text;
            assertThat(statements).contains("CREATE TABLE", "bought", "ADD UNIQUE");
            assertThat(ferry(pair, db, "plan", "--json").text)
                    .contains("\"possible\":true", "\"deed\":\"CREATE\"", "\"fit\":\"NARROWER\"");

            assertThat(target.query("SHOW TABLES FROM " + db))
                    .containsExactly("held", "same", "short");
            assertThat(target.query("SHOW DATABASES")).doesNotContain("ferry_" + db);

            var home = folder.resolve("home").toString();
            var moved = ferry(pair, db, "migrate", "--yes", "--until", "loaded", "--home", home);
            assertThat(moved.exit).as(moved.text).isZero();
            source.execute(
                    "DROP TABLE %s.same".formatted(db),
                    "CREATE TABLE %s.late (id INT PRIMARY KEY)".formatted(db));
            var after = ferry(pair, db, "plan");
            assertThat(after.exit).as(after.text).isZero();
            assertThat(after.text)
                    .containsPattern(db + ".same +is on its way already  .the source has no such")
                    .containsPattern(db + ".late +stays out")
                    .contains("0 to be made, 0 used as they are, 4 on their way, 0 refused");
        } finally {
            drop(source, db);
            drop(target, db);
            drop(target, "ferry_" + db);
        }
    }

    private static void drop(DatabaseServer server, String db) throws SQLException {
        server.execute("DROP DATABASE IF EXISTS " + db);
    }

    private record Told(int exit, String text) {}

    private Told ferry(Pair pair, String db, String... words) throws Exception {
        var file = folder.resolve(db + ".yaml");
        Files.writeString(
                file,
                """
                name: %1$s
                source: { type: %2$s, host: 127.0.0.1, port: %3$d, username: %4$s, password: "" }
                target: { type: %5$s, host: 127.0.0.1, port: %6$d, username: root, password: "" }
                objects:
                  include: ["%1$s.*"]
                  exclude: ["%1$s.*_log"]
                  rename: { "%1$s.orders": "%1$s.bought" }
                  where: { "%1$s.orders": "id > 0", "%1$s.held": "id < 100" }
                settings: { bookkeeping.database: ferry_%1$s }
                """
                        .formatted(
                                db,
                                pair.sourceType(),
                                Servers.source(pair).port(),
                                pair.sourceUser(),
                                pair.targetType(),
                                Servers.target(pair).port()));
        var all = new ArrayList<>(List.of(words));
        all.add(1, file.toString());
        try (var process = new FerryProcess(all.toArray(String[]::new))) {
            return new Told(process.exitCode(), process.output());
        }
    }
}
