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
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Projects that begin and stop at places of a real server's log, under kill -9.
@Tag("servers")
final class PlacesTest {
    private static final long SEED =
            Long.getLong("ferry.crash.seed", System.currentTimeMillis() % 1_000_000);

    private static DatabaseServer source;
    private static DatabaseServer target;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        source = TestServers.start(ServerKind.MYSQL_8_0);
        target = TestServers.start(ServerKind.MYSQL_8_0);
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    /// Where the source stands, in all the words that an operator has for it.
    private record Here(String gtids, String file, String time) {
        static Here now() throws SQLException {
            return new Here(
                    source.query("SELECT @@global.gtid_executed").getFirst().replaceAll("\\s", ""),
                    logEnd(source),
                    source.query("SELECT UTC_TIMESTAMP(6)").getFirst() + " UTC");
        }
    }

    private static String logEnd(DatabaseServer server) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement();
                var status = statement.executeQuery("SHOW MASTER STATUS")) {
            status.next();
            return status.getString(1) + ":" + status.getString(2);
        }
    }

    /// The size of a file that is no longer written, which its last event ends behind.
    private static String closedEnd(String file) throws SQLException {
        try (var connection = source.connect();
                var statement = connection.createStatement();
                var files = statement.executeQuery("SHOW BINARY LOGS")) {
            while (files.next()) {
                if (files.getString(1).equals(file)) {
                    return file + ":" + files.getString(2);
                }
            }
        }
        throw new AssertionError("there is no file " + file);
    }

    private static void write(String name, int from, int to) throws SQLException {
        for (var id = from; id <= to; id++) {
            source.execute(
                    "INSERT INTO %1$s.t VALUES (%2$d, 'row %2$d', %2$d)".formatted(name, id),
                    "UPDATE %1$s.t SET n = n + 1000 WHERE id = %2$d".formatted(name, id - 3));
        }
    }

    private static void makeTable(DatabaseServer server, String name) throws SQLException {
        server.execute(
                "CREATE DATABASE IF NOT EXISTS " + name,
                "CREATE TABLE " + name + ".t (id INT PRIMARY KEY, v VARCHAR(20), n INT)");
    }

    /// The target is as the source was when its last row was this one: the last three rows have not
    /// been updated yet.
    private static void isAt(String name, int last) throws SQLException {
        assertThat(
                        target.query(
                                """
                                SELECT CONCAT_WS(' ', MAX(id), COUNT(*), SUM(n = id), SUM(n = id + 1000), SUM(v = CONCAT('row ', id)))
                                FROM %s.t\
                                """
                                        .formatted(name)))
                .containsExactly("%1$d %1$d 3 %2$d %1$d".formatted(last, last - 3));
    }

    private Path project(String name, String more) throws IOException {
        var file = folder.resolve(name + ".yaml");
        Files.writeString(
                file,
                """
                name: %1$s
                source: { type: mysql, host: 127.0.0.1, port: %2$d, username: root, password: "" }
                target: { type: mysql, host: 127.0.0.1, port: %3$d, username: root, password: "" }
                objects: { include: ["%1$s.*"] }
                %4$s
                """
                        .formatted(name, source.port(), target.port(), more));
        return file;
    }

    private FerryProcess ferry(Path project, String... more) {
        var words = new ArrayList<>(List.of("migrate", project.toString(), "--json", "--yes"));
        words.addAll(List.of("--home", folder.resolve("home").toString()));
        words.addAll(List.of(more));
        return new FerryProcess(words.toArray(String[]::new));
    }

    private String runs(int exitCode, Path project, String... more) throws InterruptedException {
        try (var ferry = ferry(project, more)) {
            assertThat(ferry.exitCode()).as(ferry.story()).isEqualTo(exitCode);
            return ferry.output();
        }
    }

    @Test
    void aRunStopsExactlyWhereItIsTold() throws Exception {
        System.out.println("repeat with -Dferry.crash.seed=" + SEED);
        var random = new Random(SEED);
        var name = "stops";
        makeTable(source, name);
        write(name, 1, 20);
        var project = project(name, "");
        runs(0, project, "--until", "loaded");
        write(name, 21, 60);
        var first = Here.now();
        write(name, 61, 80);
        var second = Here.now();
        source.execute("FLUSH BINARY LOGS");
        write(name, 81, 99);
        var third = Here.now();
        write(name, 100, 110);

        for (var kills = 0; kills < 3; kills++) {
            try (var ferry = ferry(project, "--until", first.gtids())) {
                Thread.sleep(1_000 + random.nextInt(2_500)); // a kill at any moment
            }
        }
        assertThat(runs(0, project, "--until", first.gtids())).contains("nothing behind it");
        isAt(name, 60);
        runs(0, project, "--until", second.file());
        isAt(name, 80);
        runs(0, project, "--until", closedEnd(second.file().split(":")[0]));
        isAt(name, 80);
        assertThat(runs(2, project, "--until", first.file())).contains("FERRY-1014");
        runs(0, project, "--until", third.time());
        isAt(name, 99);
        assertThat(runs(2, project, "--until", second.time())).contains("FERRY-1014");
        assertThat(runs(2, project, "--until", "11111111-71ca-11e1-9e33-c80aa9429562:1-5"))
                .contains("knows no transaction of 11111111-71ca-11e1-9e33-c80aa9429562");
        isAt(name, 99);
        runs(0, project, "--until", "verified");
        isAt(name, 110);
    }

    /// The rows of the target were copied somewhere behind the start.
    private void begins(String name, int from, int copied, int to, String start) throws Exception {
        makeTable(target, name);
        for (var id = 1; id <= copied; id++) {
            target.execute(
                    "INSERT INTO %1$s.t VALUES (%2$d, 'row %2$d', %3$d)"
                            .formatted(name, id, id > copied - 3 ? id : id + 1000));
        }
        var project = project(name, "steps: [incremental]\nstart: \"" + start + "\"");
        var end = Here.now();
        assertThat(runs(0, project, "--until", end.gtids()))
                .contains("written by key with the whole row");
        isAt(name, to);
        assertThat(from).isLessThan(copied);
    }

    @Test
    void aProjectBeginsAtAGtidSet() throws Exception {
        makeTable(source, "from_gtids");
        write("from_gtids", 1, 20);
        var start = Here.now();
        write("from_gtids", 21, 50);
        begins("from_gtids", 20, 35, 50, start.gtids());
    }

    @Test
    void aProjectBeginsAtAFileAndAnOffset() throws Exception {
        makeTable(source, "from_file");
        write("from_file", 1, 20);
        var start = Here.now();
        write("from_file", 21, 50);
        var wrong = start.file().substring(0, start.file().lastIndexOf(':') + 1);
        var offset = Integer.parseInt(start.file().substring(wrong.length()));
        makeTable(target, "from_file");
        var torn = "steps: [incremental]\nstart: \"" + wrong + (offset + 90) + "\"";
        assertThat(runs(2, project("from_file", torn))).contains("no transaction begins or ends");
        target.execute("DROP TABLE from_file.t");

        begins("from_file", 20, 35, 50, start.file());

        var other =
                project("from_file", "steps: [incremental]\nstart: \"" + Here.now().file() + "\"");
        assertThat(runs(2, other)).contains("FERRY-1014").contains("--reset-start");
        var end = Here.now();
        var reset = runs(0, other, "--until", end.gtids(), "--reset-start");
        assertThat(reset).contains("--reset-start: the project begins anew");
        isAt("from_file", 50);
    }

    @Test
    void aProjectBeginsAtATime() throws Exception {
        source.execute("FLUSH BINARY LOGS");
        makeTable(source, "from_time");
        write("from_time", 1, 20);
        var start = Here.now();
        // A file tells the second in which it was begun: here the one of the start.
        write("from_time", 21, 24);
        source.execute("FLUSH BINARY LOGS");
        write("from_time", 25, 50);
        begins("from_time", 20, 35, 50, start.time());
    }

    @Test
    void aTableThatWasAnotherAtTheStartIsRefused() throws Exception {
        makeTable(source, "altered");
        makeTable(target, "altered");
        var start = Here.now();
        source.execute("ALTER TABLE altered.t ADD COLUMN more INT");
        target.execute("ALTER TABLE altered.t ADD COLUMN more INT");
        var project = project("altered", "steps: [incremental]\nstart: \"" + start.gtids() + "\"");
        assertThat(runs(2, project)).contains("its definition was another one then");
    }

    @Test
    void aTimeThatWasPurgedIsRefusedWithTheEarliestOne() throws Exception {
        try (var forgetful = TestServers.start(ServerKind.MYSQL_8_0)) {
            makeTable(forgetful, "purged");
            makeTable(target, "purged");
            var time = forgetful.query("SELECT UTC_TIMESTAMP(6)").getFirst() + " UTC";
            forgetful.execute("DO SLEEP(1.1)", "FLUSH BINARY LOGS", "FLUSH BINARY LOGS");
            var last = logEnd(forgetful).split(":")[0];
            forgetful.execute("PURGE BINARY LOGS TO '" + last + "'");
            var text = Files.readString(project("purged", "steps: [incremental]\nstart: " + time));
            var file = folder.resolve("purged.yaml");
            Files.writeString(
                    file, text.replace("port: " + source.port(), "port: " + forgetful.port()));

            assertThat(runs(2, file)).contains("FERRY-1014").contains(last + ", begun at");

            forgetful.execute("RESET MASTER"); // its first file has the number 1 again
            var first = logEnd(forgetful).split(":")[0];
            assertThat(first).endsWith("000001");
            assertThat(runs(2, file)).contains("FERRY-1014").contains(first + ", begun at");
        }
    }
}
