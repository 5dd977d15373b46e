package ferry.bench;

import ferry.server.journal.Json;
import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keeps what a bench has measured as `bench/results/DATE-NAME.json`: every run, the machine, and
/// every setting of the servers.
record ResultFile(Path folder) {
    /// Keeps a contest's runs.
    Path write(Contest contest, Rounds rounds, List<String> closing)
            throws IOException, SQLException {
        var found = new LinkedHashMap<String, Object>();
        found.put("rows", contest.amount().rows());
        found.put("bytes", contest.amount().bytes());
        found.put("runs", rounds.runs().entrySet().stream().map(ResultFile::contestant).toList());
        return write(contest, found, closing);
    }

    /// Keeps a survey's rounds.
    Path write(Survey survey, List<Map<String, Double>> rounds, List<String> closing)
            throws IOException, SQLException {
        return write(survey, Map.of("rounds", rounds), closing);
    }

    private Path write(Trial trial, Map<String, Object> found, List<String> closing)
            throws IOException, SQLException {
        var day = LocalDate.now(ZoneOffset.UTC);
        var result = new LinkedHashMap<String, Object>();
        result.put("bench", trial.name());
        result.put("date", day.toString());
        result.put("work", trial.work());
        result.put("closing", closing);
        result.put("machine", Machine.facts());
        result.putAll(found);
        var servers = new TreeMap<String, Object>();
        for (var server : trial.servers().entrySet()) {
            servers.put(server.getKey(), Settings.of(server.getValue()));
        }
        result.put("servers", servers);
        Files.createDirectories(folder);
        var file = folder.resolve(day + "-" + trial.name() + ".json");
        return Files.writeString(file, Json.line(result) + "\n");
    }

    private static Map<String, Object> contestant(Map.Entry<Contestant, List<Measure>> runs) {
        return Map.of(
                "name", runs.getKey().name(),
                "part", runs.getKey().part(),
                "seconds", runs.getValue().stream().map(Measure::seconds).toList(),
                "cpu", runs.getValue().stream().map(Measure::cpu).toList());
    }

    /// A server's version and settings.
    private static final class Settings {
        static Map<String, String> of(DatabaseServer server) throws SQLException {
            var settings = new TreeMap<String, String>();
            try (var connection = server.connect();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SHOW GLOBAL VARIABLES")) {
                while (rows.next()) {
                    settings.put(rows.getString(1), String.valueOf(rows.getString(2)));
                }
            }
            // Where it lay and what it is called differs from run to run and says nothing.
            settings.values().removeIf(value -> value.startsWith("/"));
            return settings;
        }
    }
}
