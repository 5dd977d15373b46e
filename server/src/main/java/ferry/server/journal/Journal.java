package ferry.server.journal;

import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.lifecycle.Event;
import ferry.server.lifecycle.ProjectEvent;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepEvent;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A project's events in an embedded database, in their order, never changed. An event is on disk
/// when [#append] returns, so that it survives a killed process and a power loss. Used by one
/// thread at a time.
public final class Journal implements AutoCloseable {
    /// What each version of the schema added. A line is never changed, only followed by another.
    private static final List<String> MIGRATIONS =
            List.of(
                    """
                    CREATE TABLE IF NOT EXISTS event (
                        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
                        kind VARCHAR(16) NOT NULL,
                        step VARCHAR(64),
                        name VARCHAR(1000) NOT NULL,
                        detail VARCHAR(10000) NOT NULL
                    )
                    """);

    private static final int DETAIL_MAX = 10_000;

    private final Connection connection;
    private final Redaction redaction;
    private State state = State.NEW;

    private Journal(Connection connection, Redaction redaction) {
        this.connection = connection;
        this.redaction = redaction;
    }

    /// Opens the journal of a home that this process owns; makes or migrates its tables where
    /// needed.
    public static Journal open(HomeLock lock, Redaction redaction) {
        var path = lock.home().journal().toString();
        if (path.contains(";")) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "the home folder " + lock.home().folder() + " cannot be used",
                    "its path holds a semicolon",
                    "choose another folder with --home");
        }
        try {
            // Without WRITE_DELAY=0 a killed process loses commits.
            var url =
                    "jdbc:h2:file:"
                            + path
                            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
            var journal = new Journal(DriverManager.getConnection(url, "ferry", ""), redaction);
            journal.migrate();
            journal.fold();
            return journal;
        } catch (SQLException e) {
            throw failed("the journal " + path + " cannot be opened", e);
        }
    }

    /// Where the project stands after all events so far.
    public State state() {
        return state;
    }

    /// Stores an event and moves the state on; throws IllegalStateException if it may not happen
    /// now.
    public State append(Event event, String detail) {
        var next = state.next(event);
        switch (event) {
            case Event.Planned(var steps) ->
                    insert(
                            "PLANNED",
                            null,
                            steps.stream().map(Enum::name).collect(Collectors.joining(",")),
                            detail);
            case Event.OfProject(var happened) -> insert("PROJECT", null, happened.name(), detail);
            case Event.OfStep(var step, var happened) ->
                    insert("STEP", step.name(), happened.name(), detail);
        }
        state = next;
        return next;
    }

    /// Stores what somebody did that is no event of the life.
    public void note(String detail) {
        insert("NOTE", null, "NOTE", detail);
    }

    /// The last lines of the history, oldest first.
    public List<HistoryLine> last(int lines) {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT number, at, kind, step, name, detail
                        FROM event
                        ORDER BY number DESC
                        LIMIT ?
                        """)) {
            select.setInt(1, lines);
            try (var rows = select.executeQuery()) {
                var history = new ArrayList<HistoryLine>();
                while (rows.next()) {
                    history.add(line(rows));
                }
                Collections.reverse(history);
                return List.copyOf(history);
            }
        } catch (SQLException e) {
            throw failed("the journal cannot be read", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("the journal cannot be closed", e);
        }
    }

    private void insert(String kind, String step, String name, String detail) {
        var clean = redaction.apply(detail);
        try (var insert =
                        connection.prepareStatement(
                                "INSERT INTO event (at, kind, step, name, detail) VALUES (?, ?, ?, ?, ?)");
                var statement = connection.createStatement()) {
            insert.setObject(1, OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC));
            insert.setString(2, kind);
            insert.setString(3, step);
            insert.setString(4, name);
            insert.setString(
                    5, clean.length() > DETAIL_MAX ? clean.substring(0, DETAIL_MAX) : clean);
            insert.executeUpdate();
            statement.execute(
                    "CHECKPOINT SYNC"); // a commit alone survives a kill, not a power loss
        } catch (SQLException e) {
            throw failed("the journal cannot be written", e);
        }
    }

    private void migrate() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INT NOT NULL)");
            var version = 0;
            try (var rows =
                    statement.executeQuery(
                            "SELECT COALESCE(MAX(version), 0) FROM schema_version")) {
                rows.next();
                version = rows.getInt(1);
            }
            if (version > MIGRATIONS.size()) {
                throw ProblemException.of(
                        ProblemCode.CONFIGURATION,
                        "the journal was written by a newer Ferry",
                        "its schema has version "
                                + version
                                + ", this Ferry knows "
                                + MIGRATIONS.size(),
                        "use the newer Ferry, or another --home");
            }
            for (var next = version + 1; next <= MIGRATIONS.size(); next++) {
                // DDL commits by itself, so a kill before the next line runs it again: each one is
                // harmless to repeat.
                statement.execute(MIGRATIONS.get(next - 1));
                statement.execute("INSERT INTO schema_version VALUES (" + next + ")");
            }
        }
    }

    private void fold() throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT number, at, kind, step, name, detail FROM event ORDER BY number")) {
            while (rows.next()) {
                var event = line(rows).event();
                if (event.isPresent()) {
                    state = state.next(event.get());
                }
            }
        }
    }

    private static HistoryLine line(ResultSet row) throws SQLException {
        var name = row.getString("name");
        Optional<Event> event =
                switch (row.getString("kind")) {
                    case "PLANNED" ->
                            Optional.of(
                                    new Event.Planned(
                                            Arrays.stream(name.split(","))
                                                    .map(Step::valueOf)
                                                    .toList()));
                    case "PROJECT" -> Optional.of(new Event.OfProject(ProjectEvent.valueOf(name)));
                    case "STEP" ->
                            Optional.of(
                                    new Event.OfStep(
                                            Step.valueOf(row.getString("step")),
                                            StepEvent.valueOf(name)));
                    case "NOTE" -> Optional.empty();
                    default ->
                            throw new IllegalStateException(
                                    "the journal holds the unknown kind " + row.getString("kind"));
                };
        return new HistoryLine(
                row.getLong("number"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                event,
                row.getString("detail"));
    }

    private static ProblemException failed(String what, SQLException cause) {
        return new ProblemException(
                new Problem(
                        ProblemCode.DISK_FULL,
                        what,
                        cause.getMessage(),
                        "free or repair the disk that holds Ferry's home; if the file is damaged, move it away: the target knows where the project stands"),
                cause);
    }
}
