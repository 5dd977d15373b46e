package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Writes through one lane over one connection. After a failure inside a transaction nothing but
/// [#rollback()] is taken: the server may have ended the transaction by itself, and what came next
/// would not be fenced.
final class MySqlWriter implements Writer {
    private static final int KNOWN_MAX = 1_000;

    /// Of a statement that defines objects, in characters.
    private static final int TOLD_MAX = 100;

    private final MySqlConnection connection;
    private final MySqlLaneMark mark;
    private final MySqlTarget target;
    private final MySqlBulk bulk;
    private final MySqlLedger ledger;
    private final Map<Table, MySqlStatements> known = new IdentityHashMap<>();
    private final int rowsMax;
    private final long bytesMax;
    private State state = State.IDLE;
    private Optional<Fence> fence = Optional.empty();
    private long committed; // behind the first one the lane's row names this connection
    private final Duration hold;
    private final Duration tableWait;
    private final Duration definitionTime;

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
        hold = settings.get(Settings.LOCK_HOLD_TIME);
        tableWait = settings.get(Settings.LOCK_TABLE_TIME);
        definitionTime = settings.get(Settings.DEFINITION_TIME);
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
            if (committed == 0) {
                // It will hold the lane's row, and no new owner finds the connection to end it.
                connection.update("begin", MySqlSession.endsIdleAfter(hold));
            }
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
        var packet = packet();
        rows(packet, Optional.empty(), table).insert(rows);
        packet.send();
    }

    @Override
    public long insertMissing(Table table, List<Row> rows) {
        var statements = statements(table);
        var ofOddMembers = rows(packet(), Optional.empty(), table);
        return inside(() -> {
            var inserted = 0L;
            var some = new ArrayList<Row>();
            var bytes = 0L;
            for (var row : rows) {
                if (statements.odd().in(row)) {
                    if (missing(table, statements, List.of(statements.odd().replaced(row))) == 1) {
                        ofOddMembers.setOdd(List.of(row));
                        inserted++;
                    }
                    continue;
                }
                var full =
                        some.size() >= RowWriter.KEYS_MAX || bytes + row.byteCount() > bytesMax / 2;
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
        var keys = statements.keys();
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
    public void apply(List<TableChanges> all) {
        inside(() -> {
            var packet = packet();
            for (var changes : all) {
                rows(packet, Optional.of(changes.source()), changes.target()).apply(changes);
            }
            packet.send();
            return null;
        });
    }

    private StatementPacket packet() {
        return new StatementPacket(target, rowsMax, bytesMax);
    }

    private RowWriter rows(StatementPacket packet, Optional<TableName> source, Table table) {
        return new RowWriter(packet, source, statements(table));
    }

    /// A job of unmerged changes comes back to its tables again and again.
    private MySqlStatements statements(Table table) {
        if (known.size() >= KNOWN_MAX && !known.containsKey(table)) {
            known.clear();
        }
        return known.computeIfAbsent(table, MySqlStatements::new);
    }

    /// The savepoint is asked for by name: a server that has ended the transaction by itself does
    /// not know it any more, and nothing may go on then.
    @Override
    public Optional<ProblemException> attempt(TableChanges piece) {
        inside(() -> connection.update("set a savepoint", "SAVEPOINT ferry_attempt"));
        try {
            apply(List.of(piece));
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

    @Override
    public long deleteSome(Table table, long rowsMax) {
        return inside(() ->
                target.run(
                        "delete rows of " + table.name(),
                        new RowSql().add(statements(table).deleteSome(rowsMax))));
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
        if (committed == 1) {
            connection.update("go on after the first commit", MySqlSession.mayBeIdle());
        }
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
        var deed = "run " + brief(statement);
        var quick = connection.version().isOceanBase() && isQuick(statement);
        connection.updateWithin(quick ? tableWait : definitionTime, deed, statement);
    }

    /// What takes long only where something else holds the table, which MySQL and MariaDB limit by
    /// themselves. OceanBase tries it on and on, whatever `ob_query_timeout` says: for ever behind
    /// the build of an index that a kill of the kernel left half done.
    private static boolean isQuick(String statement) {
        return statement.startsWith("DROP TABLE") || statement.startsWith("CREATE ");
    }

    private static String brief(String statement) {
        return statement.length() <= TOLD_MAX ? statement : statement.substring(0, TOLD_MAX) + "…";
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
