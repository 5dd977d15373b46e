package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A source that dies and is replaced by its replica, and one that drops log that is still needed.
@Tag("servers")
@Timeout(300)
final class FailoverTest {
    private static final String NAME = "lineage";

    private DatabaseServer primary;
    private DatabaseServer target;
    private DatabaseServer replica;

    @TempDir private Path folder;

    @BeforeEach
    void start() throws SQLException {
        primary = TestServers.start(ServerKind.MYSQL_8_0);
        target = TestServers.start(ServerKind.MYSQL_8_0);
        primary.execute(
                "CREATE USER repl@'%' IDENTIFIED WITH mysql_native_password BY 'repl'",
                "GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
                "CREATE DATABASE " + NAME,
                "CREATE TABLE " + NAME + ".t (id INT PRIMARY KEY, n INT)",
                "CREATE TABLE " + NAME + ".quiet (id INT PRIMARY KEY)",
                "INSERT INTO " + NAME + ".quiet VALUES (1), (2)");
    }

    @AfterEach
    void stop() {
        primary.close();
        target.close();
        if (replica != null) {
            replica.close();
        }
    }

    private void startReplica() throws Exception {
        replica = TestServers.start(ServerKind.MYSQL_8_0);
        replica.execute(
                "RESET MASTER",
                "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=%d, MASTER_USER='repl', MASTER_PASSWORD='repl', MASTER_AUTO_POSITION=1"
                        .formatted(primary.port()),
                "START SLAVE");
        replicated();
    }

    private void replicated() throws Exception {
        var all = primary.query("SELECT @@global.gtid_executed").getFirst();
        assertThat(
                        replica.query(
                                "SELECT WAIT_FOR_EXECUTED_GTID_SET('%s', 60)"
                                        .formatted(all.replaceAll("\\s", ""))))
                .containsExactly("0");
    }

    private static void write(DatabaseServer server, int from, int to) throws SQLException {
        for (var id = from; id <= to; id++) {
            server.execute(
                    "INSERT INTO %s.t VALUES (%d, 1)".formatted(NAME, id),
                    "UPDATE %s.t SET n = n + 1 WHERE id = %d".formatted(NAME, id - 1));
        }
    }

    private String more = ""; // lines of the project file
    private String account = "root";

    private Path project(DatabaseServer source) throws IOException {
        var file = folder.resolve("project.yaml");
        Files.writeString(
                file,
                """
                name: %1$s
                source: { type: mysql, host: 127.0.0.1, port: %2$d, username: %5$s, password: "" }
                target: { type: mysql, host: 127.0.0.1, port: %3$d, username: root, password: "" }
                objects: { include: ["%1$s.*"] }
                %4$s
                """
                        .formatted(NAME, source.port(), target.port(), more, account));
        return file;
    }

    private FerryProcess ferry(DatabaseServer source, String... more) throws IOException {
        var words =
                new ArrayList<>(List.of("migrate", project(source).toString(), "--json", "--yes"));
        words.addAll(List.of("--home", folder.resolve("home").toString()));
        words.addAll(List.of(more));
        return new FerryProcess(words.toArray(String[]::new));
    }

    private String runs(int exitCode, DatabaseServer source, String... more) throws Exception {
        try (var ferry = ferry(source, more)) {
            assertThat(ferry.exitCode()).as(ferry.story()).isEqualTo(exitCode);
            return ferry.output();
        }
    }

    private void equals(DatabaseServer source) throws SQLException {
        for (var table : List.of("t", "quiet")) {
            var rows = "SELECT CONCAT_WS(',', id, %s) FROM %s.%s ORDER BY id";
            var all = rows.formatted(table.equals("t") ? "n" : "''", NAME, table);
            assertThat(target.query(all)).isEqualTo(source.query(all)).isNotEmpty();
        }
    }

    private static String executed(DatabaseServer server) throws SQLException {
        return server.query("SELECT @@global.gtid_executed").getFirst().replaceAll("\\s", "");
    }

    @Test
    void aReplicaThatIsPromotedTakesThePrimarysPlace() throws Exception {
        startReplica();
        write(primary, 1, 20);
        runs(0, primary, "--until", "verified");
        write(primary, 21, 40);
        try (var ferry = ferry(primary, "--until", executed(primary))) {
            assertThat(ferry.exitCode()).as(ferry.story()).isZero();
        }
        write(primary, 41, 60);
        replicated();
        primary.kill();
        replica.execute("STOP SLAVE", "RESET SLAVE ALL");
        write(replica, 61, 80);

        assertThat(runs(0, replica, "--until", "verified"))
                .contains("the source is another server now");

        equals(replica);
        write(replica, 81, 90);
        assertThat(runs(0, replica, "--until", "verified"))
                .doesNotContain("the source is another server now");
        equals(replica);
    }

    @Test
    void aReplicaThatLacksWhatWasCapturedIsRefused() throws Exception {
        startReplica();
        write(primary, 1, 10);
        replicated();
        replica.execute("STOP SLAVE", "RESET SLAVE ALL");
        write(primary, 11, 15);
        var lost = executed(primary);
        runs(0, primary, "--until", "verified");
        primary.kill();
        write(replica, 16, 20);

        var uuid = lost.substring(0, lost.indexOf(':'));
        assertThat(runs(4, replica, "--until", "verified"))
                .contains("FERRY-2011")
                .contains("it lacks transactions that were captured before")
                .contains(uuid + ":");
        assertThat(target.query("SELECT MAX(id) FROM " + NAME + ".t")).containsExactly("15");
    }

    @Test
    void transactionsThatAReplicaBeganAmongTheOthersAreRefused() throws Exception {
        startReplica();
        write(primary, 1, 5);
        replicated();
        replica.execute("INSERT INTO " + NAME + ".t VALUES (1000, 1)");
        var own = replica.query("SELECT @@server_uuid").getFirst() + ":1";
        write(primary, 6, 10);
        replicated();
        runs(0, primary, "--until", "verified");
        primary.kill();
        replica.execute("STOP SLAVE", "RESET SLAVE ALL");

        assertThat(runs(4, replica, "--until", "verified"))
                .contains("stand in its log before others that were")
                .contains(own);
    }

    @Test
    void behindAGapOnlyTheOperatorsWordLoadsAgain() throws Exception {
        write(primary, 1, 20);
        runs(0, primary, "--until", "verified");
        write(primary, 21, 40);
        primary.execute("DELETE FROM " + NAME + ".t WHERE id = 3", "FLUSH BINARY LOGS");
        var before = executed(primary);
        write(primary, 41, 50);
        var files = primary.query("SHOW BINARY LOGS");
        primary.execute("PURGE BINARY LOGS TO '" + files.getLast() + "'");

        assertThat(runs(4, primary, "--until", "verified"))
                .contains("FERRY-2010")
                .contains("these transactions were purged and not read before")
                .contains(before.substring(before.lastIndexOf('-')))
                .contains("--reload-after-gap");
        var kept = target.query("SELECT COUNT(*) FROM " + NAME + ".t");
        assertThat(kept).as("nothing happens by itself").containsExactly("20");
        assertThat(runs(2, primary, "--reload-after-gap", "--unaffected", NAME + ".none"))
                .contains("no such tables");
        target.execute("INSERT INTO " + NAME + ".quiet VALUES (17)"); // not loaded again: it stays
        primary.execute("INSERT INTO " + NAME + ".quiet VALUES (18)"); // behind the gap
        write(primary, 51, 52);

        assertThat(
                        runs(
                                1,
                                primary,
                                "--until",
                                "verified",
                                "--reload-after-gap",
                                "--unaffected",
                                NAME + ".quiet"))
                .contains("loaded again: " + NAME + ".t;");

        target.execute("DELETE FROM " + NAME + ".quiet WHERE id = 17");
        assertThat(runs(0, primary, "--until", "verified")).doesNotContain("loaded again");
        equals(primary);
        assertThat(target.query("SELECT COUNT(*) FROM " + NAME + ".quiet WHERE id = 18"))
                .as("a change behind the gap of a table that is not loaded again")
                .containsExactly("1");
        assertThat(runs(2, primary, "--reload-after-gap")).contains("there is no gap");
    }

    @Test
    void aReloadThatIsKilledIsEndedByTheNextRun() throws Exception {
        write(primary, 1, 20);
        runs(0, primary, "--until", "verified");
        write(primary, 21, 40);
        primary.execute("DELETE FROM " + NAME + ".t WHERE id = 3", "FLUSH BINARY LOGS");
        write(primary, 41, 50);
        primary.execute(
                "PURGE BINARY LOGS TO '" + primary.query("SHOW BINARY LOGS").getLast() + "'");

        for (var kills = 0; kills < 4; kills++) {
            try (var ferry = ferry(primary, "--reload-after-gap")) {
                Thread.sleep(1_500 + 400 * kills); // a kill at any moment
            }
            write(primary, 51 + 10 * kills, 60 + 10 * kills);
        }
        try (var ferry = ferry(primary, "--until", "verified", "--reload-after-gap")) {
            if (ferry.exitCode() != 0) {
                assertThat(ferry.output()).contains("there is no gap"); // a killed run passed it
                runs(0, primary, "--until", "verified");
            }
        }
        equals(primary);
    }

    @Test
    void rowsAreLoadedFromAReplicaWhileThePrimaryIsWrittenTo() throws Exception {
        primary.execute(
                "SET SESSION cte_max_recursion_depth = 100000",
                "CREATE TABLE " + NAME + ".keyless (id INT, n INT)",
                "INSERT INTO " + NAME + ".keyless VALUES (1, 1), (1, 1), (2, 2)");
        try (var connection = primary.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET SESSION cte_max_recursion_depth = 100000");
            statement.execute(
                    "INSERT INTO %s.t WITH RECURSIVE c(i) AS (SELECT 10001 UNION ALL SELECT i + 1 FROM c WHERE i < 40000) SELECT i, i FROM c"
                            .formatted(NAME));
        }
        startReplica();
        more =
                "settings: { load.source: '127.0.0.1:%d', load.chunk.rows: 500, load.workers: 2 }"
                        .formatted(replica.port());
        replica.execute(
                "STOP SLAVE SQL_THREAD"); // it falls behind: nothing may be read before it is there
        replica.execute("SET sql_log_bin = 0", "INSERT INTO " + NAME + ".t VALUES (99999, 1)");
        write(primary, 1, 20);
        try (var ferry = ferry(primary, "--until", "loaded")) {
            for (var id = 21; id <= 60; id++) {
                write(primary, id, id);
                primary.execute(
                        "UPDATE %s.t SET n = n + 1 WHERE id = %d"
                                .formatted(NAME, 10_000 + id * 400),
                        "DELETE FROM %s.t WHERE id = %d".formatted(NAME, 10_001 + id * 400),
                        "INSERT INTO %s.keyless VALUES (3, %d)".formatted(NAME, id));
                if (id == 30) {
                    replica.execute("START SLAVE SQL_THREAD");
                }
            }
            assertThat(ferry.exitCode()).as(ferry.story()).isZero();
        }
        assertThat(target.query("SELECT n FROM " + NAME + ".t WHERE id = 99999"))
                .as("a row that only the replica has")
                .containsExactly("1");
        target.execute("DELETE FROM " + NAME + ".t WHERE id = 99999");

        assertThat(runs(0, primary, "--until", "verified")).contains(NAME + ".keyless");
        equals(primary);
    }

    @Test
    void aServerThatIsNoReplicaIsRefused() throws Exception {
        startReplica();
        replica.execute("INSERT INTO " + NAME + ".t VALUES (1000, 1)");
        more = "settings: { load.source: '127.0.0.1:%d' }".formatted(replica.port());

        assertThat(runs(4, primary, "--until", "loaded"))
                .contains("it has transactions that the primary does not have")
                .contains(replica.query("SELECT @@server_uuid").getFirst() + ":1");
    }

    @Test
    void aReplicaWithFiltersIsRefused() throws Exception {
        startReplica();
        replica.execute(
                "STOP SLAVE SQL_THREAD",
                "CHANGE REPLICATION FILTER REPLICATE_IGNORE_TABLE = (%s.t)".formatted(NAME),
                "START SLAVE SQL_THREAD");
        more = "settings: { load.source: '127.0.0.1:%d' }".formatted(replica.port());

        assertThat(runs(4, primary, "--until", "loaded"))
                .contains("it does not replicate everything")
                .contains(NAME + ".t");
    }

    /// What a managed source gives: neither SUPER nor RELOAD, nor anything that 8.0 made of them.
    @Test
    void threePrivilegesSufficeWithGtids() throws Exception {
        primary.execute(
                "CREATE USER few@'%' IDENTIFIED WITH mysql_native_password BY ''",
                "GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO few@'%'");
        account = "few";
        write(primary, 1, 20);

        var first = runs(0, primary, "--until", "verified");
        assertThat(first)
                .contains("DB_ACCOUNT_PROCESS_PRIVILEGE")
                .contains("The account may not list prepared XA transactions");
        write(primary, 21, 40);
        runs(0, primary, "--until", executed(primary));
        runs(0, primary, "--until", "verified");
        equals(primary);
    }
}
