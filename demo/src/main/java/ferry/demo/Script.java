package ferry.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// SQL statements, in their order. In the text a statement ends with a semicolon at the end of a
/// line.
record Script(List<String> statements) {
    Script {
        statements = List.copyOf(statements);
    }

    static Script of(String text) {
        var statements =
                Arrays.stream(text.split(";[ \\t]*(?:\\R|\\z)"))
                        .map(String::strip)
                        .filter(statement -> !statement.isEmpty())
                        .toList();
        return new Script(statements);
    }

    /// A script that lies beside this class.
    static Script named(String name) {
        try (var stream = Script.class.getResourceAsStream(name)) {
            var bytes = Objects.requireNonNull(stream, name).readAllBytes();
            return of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
