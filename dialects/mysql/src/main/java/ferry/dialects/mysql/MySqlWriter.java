package ferry.dialects.mysql;

import ferry.dialects.mysql.MySqlUpdates.Counted;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Writes through one lane over one connection. After a failure inside a transaction nothing but
/// [#rollback()] is taken: the server may have ended the transaction by itself, and what came next
/// would not be fenced.
final class MySqlWriter implements Writer {
    /// Keys of one DELETE; more make the server's range optimizer give up.
    private static final int KEYS_MAX = 200;

    private final MySqlConnection connection;
    private final MySqlLaneMark mark;
    private final MySqlTarget target;
    private final MySqlBulk bulk;
    private final MySqlLedger ledger;
    private final int rowsMax;
    private final long bytesMax;
    private State state = State.IDLE;
    private Optional<Fence> fence = Optional.empty();
    private long committed;

    private enum State {
        IDLE,
        OPEN,
        BROKEN
    }

    MySqlWriter(MySqlConnection connection, Settings settings) {
        this.connection = connection;
        mark = MySqlLaneMark.of(connection);
        target = new MySqlTarget(connection);
        bulk = new MySqlBulk(connection, target, settings);
        ledger = new MySqlLedger(settings.get(Settings.BOOKKEEPING_DATABASE), connection.version());
        rowsMax = settings.number(Settings.LOAD_BATCH_ROWS);
        bytesMax = Math.min(settings.get(Settings.LOAD_BATCH_BYTES), target.packetBytes());
        connection.update("begin anew", "ROLLBACK");
    }

    @Override
    public void begin(Fence newFence, String checkpoint) {
        if (state != State.IDLE) {
            throw new IllegalStateException(
                    "begin while the transaction of " + fence + " is " + state);
        }
        fence = Optional.of(newFence);
        state = State.OPEN;
        inside(() -> {
            var raised =
                    target.run(
                            "raise the version of lane " + newFence.lane(),
                            ledger.raise(newFence, checkpoint, mark));
            if (raised != 1) {
                throw ProblemException.of(
                        ProblemCode.FENCED,
                        "Lane "
                                + newFence.lane()
                                + " of project "
                                + newFence.project()
                                + " is no longer ours",
                        "its row has not epoch "
                                + newFence.epoch()
                                + " and version "
                                + newFence.version()
                                + ": another owner took it over",
                        "Nothing here; the other owner goes on with the project");
            }
            return null;
        });
    }

    @Override
    public void checkpoint(String checkpoint) {
        inside(() -> target.run("store a checkpoint", ledger.checkpoint(openFence(), checkpoint)));
    }

    @Override
    public void insert(Table table, List<Row> rows) {
        unbroken(() -> {
            if (bulk.takes(table)) {
                bulk.add(table, rows, some -> insertBySql(table, some));
            } else {
                bulk.end();
                insertBySql(table, rows);
            }
            return null;
        });
    }

    private void insertBySql(Table table, List<Row> rows) {
        put("INSERT", new MySqlStatements(table), table, rows);
    }

    @Override
    public long insertMissing(Table table, List<Row> rows) {
        var statements = new MySqlStatements(table);
        return inside(() -> {
            var inserted = 0L;
            var some = new ArrayList<Row>();
            var bytes = 0L;
            for (var row : rows) {
                if (statements.odd().in(row)) {
                    if (missing(table, statements, List.of(statements.odd().replaced(row))) == 1) {
                        setOdd(table, statements, List.of(row));
                        inserted++;
                    }
                    continue;
                }
                var full = some.size() >= KEYS_MAX || bytes + row.byteCount() > bytesMax / 2;
                if (!some.isEmpty() && (full || !statements.sameShape(some.getFirst(), row))) {
                    inserted += missing(table, statements, some);
                    some.clear();
                    bytes = 0;
                }
                some.add(row);
                bytes += row.byteCount();
            }
            return some.isEmpty() ? inserted : inserted + missing(table, statements, some);
        });
    }

    /// An update that changes nothing leaves a row as it is, where INSERT IGNORE would also let
    /// values pass that do not fit. What a server counts then depends on its client; so the keys
    /// are counted.
    private long missing(Table table, MySqlStatements statements, List<Row> rows) {
        var deed = "insert missing rows into " + table.name();
        var keys = MySqlKeys.of(table);
        var count =
                "SELECT COUNT(*) FROM "
                        + MySqlSql.quote(table.name())
                        + " WHERE "
                        + keys.anyOf(rows.stream().map(statements::key).toList());
        var before = count(deed, count);
        if (before == rows.size()) {
            return 0;
        }
        var sql = statements.insert(new RowSql(), "INSERT", rows.getFirst());
        for (var i = 0; i < rows.size(); i++) {
            statements.values(i == 0 ? sql : sql.add(", "), rows.get(i));
        }
        var column = MySqlSql.quote(keys.columns().getFirst().name());
        target.run(deed, sql.add(" ON DUPLICATE KEY UPDATE ").add(column).add(" = ").add(column));
        return count(deed, count) - before;
    }

    private long count(String deed, String query) {
        return Long.parseLong(connection.text(deed, query).orElseThrow());
    }

    @Override
    public void apply(Table table, Mode mode, List<Change> changes) {
        var statements = new MySqlStatements(table);
        // A table without a key is loaded at one exact position, so there is nothing that its
        // changes could meet twice.
        var steps =
                RowStep.of(
                        changes,
                        mode == Mode.WINDOW && statements.hasKey() ? Mode.WINDOW : Mode.STRICT,
                        statements);
        inside(() -> {
            for (var from = 0; from < steps.size(); ) {
                var to = from + 1;
                while (to < steps.size()
                        && steps.get(to).getClass() == steps.get(from).getClass()) {
                    to++;
                }
                run(table, statements, steps.subList(from, to));
                from = to;
            }
            return null;
        });
    }

    /// The savepoint is asked for by name: a server that has ended the transaction by itself does
    /// not know it any more, and nothing may go on then.
    @Override
    public Optional<ProblemException> attempt(Table table, Mode mode, List<Change> changes) {
        inside(() -> connection.update("set a savepoint", "SAVEPOINT ferry_attempt"));
        try {
            apply(table, mode, changes);
        } catch (ProblemException e) {
            if (!e.code().isOfRow()) {
                throw e;
            }
            connection.update("go back to a savepoint", "ROLLBACK TO SAVEPOINT ferry_attempt");
            state = State.OPEN;
            return Optional.of(e);
        }
        inside(() -> connection.update("release a savepoint", "RELEASE SAVEPOINT ferry_attempt"));
        return Optional.empty();
    }

    /// Steps of one kind, in their order.
    private void run(Table table, MySqlStatements statements, List<RowStep> steps) {
        switch (steps.getFirst()) {
            case RowStep.Insert _ ->
                    put(
                            "INSERT",
                            statements,
                            table,
                            steps.stream().map(step -> ((RowStep.Insert) step).row()).toList());
            case RowStep.Replace _ ->
                    put(
                            "REPLACE",
                            statements,
                            table,
                            steps.stream().map(step -> ((RowStep.Replace) step).row()).toList());
            case RowStep.Remove _ ->
                    remove(
                            table,
                            statements,
                            steps.stream().map(step -> ((RowStep.Remove) step).key()).toList(),
                            false);
            case RowStep.Delete _ when statements.hasKey() ->
                    remove(
                            table,
                            statements,
                            steps.stream()
                                    .map(step -> statements.key(((RowStep.Delete) step).row()))
                                    .toList(),
                            true);
            case RowStep.Delete _ ->
                    each(
                            "delete a row of " + table.name(),
                            steps.stream()
                                    .map(step -> statements.delete(((RowStep.Delete) step).row()))
                                    .toList());
            case RowStep.Update _ ->
                    update(
                            table,
                            statements,
                            steps.stream().map(step -> (RowStep.Update) step).toList());
        }
    }

    private void update(Table table, MySqlStatements statements, List<RowStep.Update> steps) {
        if (!statements.hasKey()) {
            updateOneByOne(table, statements, steps);
            return;
        }
        var together = new MySqlUpdates(table, statements, bytesMax);
        for (var step : steps) {
            var odd = statements.odd().in(step.after());
            if (!odd && together.take(step)) {
                continue;
            }
            counted(deed(table), together.statements());
            if (odd) {
                updateOdd(table, statements, step);
            } else if (!together.take(step)) {
                each(deed(table), List.of(statements.update(step.before(), step.after())));
            }
        }
        counted(deed(table), together.statements());
    }

    private void updateOneByOne(
            Table table, MySqlStatements statements, List<RowStep.Update> steps) {
        var some = new ArrayList<RowSql>();
        for (var step : steps) {
            if (statements.odd().in(step.after())) {
                each(deed(table), some);
                some.clear();
                updateOdd(table, statements, step);
            } else {
                some.add(statements.update(step.before(), step.after()));
            }
        }
        each(deed(table), some);
    }

    private static String deed(Table table) {
        return "update rows of " + table.name();
    }

    private void updateOdd(Table table, MySqlStatements statements, RowStep.Update step) {
        var after = step.after();
        each(
                deed(table),
                List.of(statements.update(step.before(), statements.odd().replaced(after))));
        setOdd(table, statements, List.of(after));
    }

    /// Rows that stand there with a member in the place of each odd one.
    private void setOdd(Table table, MySqlStatements statements, List<Row> rows) {
        var deed = "set refused members of " + table.name();
        var affected =
                target.runLoosely(
                        deed,
                        rows.stream()
                                .map(row -> statements.update(statements.odd().replaced(row), row))
                                .toList());
        if (affected.stream().anyMatch(count -> count != 1)) {
            throw missing(deed, "it found " + affected + " rows where one each must be");
        }
    }

    private Void put(String verb, MySqlStatements statements, Table table, List<Row> rows) {
        var odd = rows.stream().filter(statements.odd()::in).toList();
        if (odd.isEmpty()) {
            return putStrictly(verb, statements, table, rows);
        }
        if (verb.equals("REPLACE") && rows.size() > 1) {
            // A later row of the list may displace an odd one.
            rows.forEach(row -> put(verb, statements, table, List.of(row)));
            return null;
        }
        putStrictly(
                verb, statements, table, rows.stream().map(statements.odd()::replaced).toList());
        for (var from = 0; from < odd.size(); from += rowsMax) {
            setOdd(table, statements, odd.subList(from, Math.min(odd.size(), from + rowsMax)));
        }
        return null;
    }

    /// Multi-row statements within the limits of batch and packet.
    private Void putStrictly(String verb, MySqlStatements statements, Table table, List<Row> rows) {
        var deed = (verb.equals("INSERT") ? "insert rows into " : "put rows into ") + table.name();
        var sql = new RowSql();
        var count = 0;
        for (var i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            if (count >= rowsMax || count > 0 && !statements.sameShape(rows.get(i - 1), row)) {
                stored(deed, verb, sql, count);
                count = 0;
            }
            var before = sql.length();
            if (count > 0) {
                statements.values(sql.add(", "), row);
            }
            if (count > 0 && sql.length() > bytesMax) {
                sql.truncate(before);
                stored(deed, verb, sql, count);
                count = 0;
            }
            if (count == 0) {
                sql.clear();
                statements.values(statements.insert(sql, verb, row), row);
            }
            count++;
        }
        if (count > 0) {
            stored(deed, verb, sql, count);
        }
        return null;
    }

    private void stored(String deed, String verb, RowSql sql, int count) {
        var affected = target.run(deed, sql);
        // REPLACE counts a row that it displaced too.
        if (affected != count && verb.equals("INSERT")) {
            throw ProblemException.of(
                    ProblemCode.VALUE_REFUSED,
                    "Could not " + deed,
                    "the server stored " + affected + " of " + count + " rows without a word",
                    "Look for triggers or a plugin in the target that drops rows");
        }
    }

    private void remove(Table table, MySqlStatements statements, List<Row> keys, boolean strict) {
        var deed = "delete rows of " + table.name();
        for (var from = 0; from < keys.size(); from += KEYS_MAX) {
            var some = keys.subList(from, Math.min(keys.size(), from + KEYS_MAX));
            var affected = target.run(deed, new RowSql().add(statements.delete(some)));
            if (strict && affected != some.size()) {
                throw missing(deed, "%d of %d rows were there".formatted(affected, some.size()));
            }
        }
    }

    /// Statements of which each must find exactly one row.
    private void each(String deed, List<RowSql> statements) {
        counted(deed, statements.stream().map(sql -> new Counted(sql, 1)).toList());
    }

    /// Statements that must find as many rows as they say; many of them share one way to the server
    /// and back.
    private void counted(String deed, List<Counted> statements) {
        var some = new ArrayList<Counted>();
        var length = 0L;
        for (var statement : statements) {
            if (!some.isEmpty()
                    && (some.size() >= rowsMax || length + statement.sql().length() > bytesMax)) {
                together(deed, some);
                some.clear();
                length = 0;
            }
            some.add(statement);
            length += statement.sql().length() + 1;
        }
        together(deed, some);
    }

    private void together(String deed, List<Counted> statements) {
        var affected = target.runAll(deed, statements.stream().map(Counted::sql).toList());
        for (var i = 0; i < affected.size(); i++) {
            if (affected.get(i) != statements.get(i).rows()) {
                throw missing(
                        deed,
                        "it found %d rows where %d must be"
                                .formatted(affected.get(i), statements.get(i).rows()));
            }
        }
    }

    private static ProblemException missing(String deed, String why) {
        return ProblemException.of(
                ProblemCode.ROW_MISSING,
                "Could not " + deed,
                why,
                "Look who else writes to the target; verify the table and correct it, or load it again");
    }

    @Override
    public long deleteSome(Table table, long rowsMax) {
        return inside(() ->
                target.run(
                        "delete rows of " + table.name(),
                        new RowSql().add(new MySqlStatements(table).deleteSome(rowsMax))));
    }

    @Override
    public void put(List<Entry> entries) {
        inside(() -> {
            for (var statement : ledger.facts(openFence().project(), entries, bytesMax)) {
                target.run("store bookkeeping facts", statement);
            }
            return null;
        });
    }

    @Override
    public void commit() {
        inside(() -> connection.update("commit", "COMMIT"));
        state = State.IDLE;
        committed++;
    }

    @Override
    public void rollback() {
        var wasOpen = state != State.IDLE;
        state = State.IDLE;
        if (wasOpen) {
            bulk.abandon();
            try {
                connection.update("roll back", "ROLLBACK");
            } catch (ProblemException lost) {
                // The server rolls a lost connection's transaction back. A connection that cannot
                // roll back is of no more use.
                connection.abort();
            }
        }
    }

    @Override
    public void execute(String statement) {
        if (state != State.IDLE || committed == 0) {
            throw new IllegalStateException(
                    "a statement that commits by itself needs a recorded connection without open transaction, but it is "
                            + state
                            + " after "
                            + committed
                            + " commits");
        }
        connection.update("run a statement that defines objects", statement);
    }

    private Fence openFence() {
        return fence.orElseThrow();
    }

    /// Runs a piece of the open transaction, behind all rows that were sent before.
    private <T> T inside(Supplier<T> piece) {
        return unbroken(() -> {
            bulk.end();
            return piece.get();
        });
    }

    /// Any failure leaves the transaction broken.
    private <T> T unbroken(Supplier<T> piece) {
        if (state != State.OPEN) {
            throw new IllegalStateException("no transaction is open: " + state);
        }
        state = State.BROKEN;
        var result = piece.get();
        state = State.OPEN;
        return result;
    }

    @Override
    public void close() {
        connection.close();
    }
}
