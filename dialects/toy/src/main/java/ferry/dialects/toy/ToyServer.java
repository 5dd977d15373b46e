package ferry.dialects.toy;

import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// An in-memory database server: tables, transactions with row locks, a log with group commit,
/// client connections. One thread at a time: connections take turns, who calls it otherwise must be
/// alone.
///
/// It is honest about what breaks migrations: a transaction stands in the log before it is visible,
/// and is visible before it stands in the set of executed transactions; commits overtake each
/// other, cascades are not logged, and a call of a client that is gone may still be executed.
public final class ToyServer {
    /// What a server's operator chose.
    ///
    /// @param orderedCommits transactions become visible in the order of the log
    ///   (`binlog_order_commits`)
    /// @param logsCascades the log holds the rows that a foreign key deleted
    public record Options(boolean orderedCommits, boolean logsCascades) {
        public static final Options DEFAULT = new Options(true, false);
    }

    /// A transaction between its two commit stages.
    private record InFlight(
            ToyTransaction transaction, ToyLog.Group group, Optional<String> preparedAs) {}

    /// A call whose client is gone.
    private record Late(ToyConnection connection, Runnable call) {}

    private final String uuid;
    private final Options options;
    private final LongSupplier micros;
    private final ToyLog log = new ToyLog();
    private final ToyLocks locks = new ToyLocks();
    private final ReentrantLock turn = new ReentrantLock();
    private final Map<TableName, ToyTable> tables = new TreeMap<>();
    private final Set<ToyTransaction> open = new LinkedHashSet<>();
    private final List<InFlight> inFlight = new ArrayList<>();
    private final Map<String, ToyTransaction> prepared = new LinkedHashMap<>();
    private final Map<Long, ToyConnection> connections = new LinkedHashMap<>();
    private final List<Late> late = new ArrayList<>();
    private GtidPosition executed = GtidPosition.NONE;
    private final List<TransactionId> unannounced =
            new ArrayList<>(); // visible, and not yet in `executed`
    private long nextTable = 1;
    private long nextConnection = 1;

    /// `micros` is the server's clock in microseconds since the epoch.
    public ToyServer(String uuid, Options options, LongSupplier micros) {
        this.uuid = uuid;
        this.options = options;
        this.micros = micros;
    }

    public String uuid() {
        return uuid;
    }

    /// Begins a transaction of an application.
    public ToyTransaction begin() {
        return begin(true);
    }

    ToyTransaction begin(boolean checksForeignKeys) {
        var transaction = new ToyTransaction(this, checksForeignKeys);
        open.add(transaction);
        return transaction;
    }

    /// Runs a statement that changes definitions; it commits by itself and stands in the log.
    public void execute(String sql) {
        execute(sql, true);
    }

    /// Without checks a table may be replaced although foreign keys refer to it.
    void execute(String sql, boolean checksForeignKeys) {
        var statement = ToyParser.parse(sql);
        if (options.orderedCommits) {
            commitAll(); // a definition changes in the commit stage too, behind all that stand
            // before it
        }
        announceAll(); // a table's metadata lock is held until then
        var changed = run(statement, checksForeignKeys);
        if (changed) {
            var group =
                    log.append(
                            micros.getAsLong(),
                            new ToyLog.Content.Statement(sql, database(statement)));
            executed = executed.plus(group.id(uuid, true));
        }
    }

    /// The committed rows of a table, in the order of its row key.
    public List<Row> rows(TableName name) {
        return committed(table(name));
    }

    public Optional<Table> definition(TableName name) {
        return Optional.ofNullable(tables.get(name)).map(ToyTable::definition);
    }

    public Set<TableName> tableNames() {
        return Set.copyOf(tables.keySet());
    }

    /// Transactions that are neither committed nor rolled back.
    int openTransactions() {
        return open.size();
    }

    /// Transactions that stand in the log and are not visible yet.
    public int inFlight() {
        return inFlight.size();
    }

    /// Lets one transaction in flight become visible: the oldest, or with unordered commits the one
    /// at `index`.
    public void commitStage(int index) {
        var chosen = inFlight.remove(options.orderedCommits ? 0 : index);
        unannounced.add(chosen.group.id(uuid, true));
        if (options.orderedCommits) {
            announceAll();
        }
        if (chosen.preparedAs.isPresent()) {
            prepared.put(chosen.preparedAs.get(), chosen.transaction);
        } else {
            chosen.transaction.end();
        }
    }

    public void commitAll() {
        while (!inFlight.isEmpty()) {
            commitStage(0);
        }
        announceAll();
    }

    /// Transactions that are visible and not yet in the set of executed ones: with unordered
    /// commits their locks are free before, and a later change of the same row may be in the set
    /// first.
    public int unannounced() {
        return unannounced.size();
    }

    /// Puts one of them into the set.
    public void announce(int index) {
        executed = executed.plus(unannounced.remove(index));
    }

    void announceAll() {
        while (!unannounced.isEmpty()) {
            announce(0);
        }
    }

    /// The names of XA transactions that are prepared and neither committed nor rolled back.
    public List<String> prepared() {
        return List.copyOf(prepared.keySet());
    }

    /// XA COMMIT: its rows stand further up in the log.
    public void commitPrepared(String xid) {
        var transaction = prepared.remove(xid);
        inFlight.add(
                new InFlight(
                        transaction,
                        log.append(micros.getAsLong(), new ToyLog.Content.CommitPrepared(xid)),
                        Optional.empty()));
    }

    public void rollbackPrepared(String xid) {
        prepared.remove(xid).rollback();
        var group = log.append(micros.getAsLong(), new ToyLog.Content.RollbackPrepared(xid));
        inFlight.add(new InFlight(begin(), group, Optional.empty()));
    }

    /// Begins a new log file; open commits end first.
    public void rotateLog() {
        commitAll();
        log.rotate();
    }

    /// Removes all log files but the newest ones.
    public void purgeLog(int filesToKeep) {
        log.purge(filesToKeep);
    }

    /// Tells readers of the log that events are missing.
    public void logIncident(String what) {
        commitAll();
        var group = log.append(micros.getAsLong(), new ToyLog.Content.Incident(what));
        executed = executed.plus(group.id(uuid, true));
    }

    /// The server crashes and comes back: connections and open transactions are gone, prepared ones
    /// stay. Without a synced log its last groups are gone as well, while the tables keep what was
    /// committed.
    public void restart(int lostGroups) {
        List.copyOf(connections.values()).forEach(this::disconnect);
        late.clear();
        commitAll();
        open.stream()
                .filter(transaction -> !prepared.containsValue(transaction))
                .toList()
                .forEach(ToyTransaction::rollback);
        log.loseTail(lostGroups);
        executed = GtidPosition.NONE;
        for (var number = 1L; number <= log.lastNumber(); number++) {
            executed = executed.plus(new GtidPosition.Gtid(uuid, number).id());
        }
    }

    /// Calls whose clients are gone and that are still to be executed.
    public int lateCalls() {
        return late.size();
    }

    /// Executes one of them, and then notices that its client is gone.
    public void executeLate(int index) {
        var call = late.remove(index);
        try {
            if (isAlive(call.connection.id())) {
                call.call.run();
            }
        } catch (ProblemException _) {
            // Nobody is there to be told.
        } finally {
            disconnect(call.connection);
        }
    }

    // What follows is for connections and transactions.

    GtidPosition executed() {
        return executed;
    }

    GtidPosition logged() {
        var all = executed;
        for (var commit : inFlight) {
            all = all.plus(commit.group.id(uuid, true));
        }
        for (var id : unannounced) {
            all = all.plus(id);
        }
        return all;
    }

    /// The server's clock.
    Instant time() {
        return Instant.ofEpochSecond(0, micros.getAsLong() * 1_000);
    }

    ToyLog log() {
        return log;
    }

    ToyLocks locks() {
        return locks;
    }

    boolean logsCascades() {
        return options.logsCascades;
    }

    boolean orderedCommits() {
        return options.orderedCommits;
    }

    Collection<ToyTable> tables() {
        return tables.values();
    }

    ToyTable table(TableName name) {
        var table = tables.get(name);
        if (table == null) {
            throw missing(name);
        }
        return table;
    }

    private static ProblemException missing(TableName name) {
        return Toy.problem(
                ProblemCode.TARGET_STATEMENT,
                "there is no table " + name,
                "it was dropped, or never there");
    }

    List<Row> committed(ToyTable table) {
        var touching = open.stream().filter(transaction -> transaction.touches(table)).toList();
        if (touching.isEmpty()) {
            return table.inOrder();
        }
        var rows = table.copy();
        touching.forEach(transaction -> transaction.hide(table, rows));
        return ToyTable.sorted(table.definition(), rows);
    }

    void flush(ToyTransaction transaction, Optional<ToyLog.Content> content) {
        content.ifPresentOrElse(
                rows ->
                        inFlight.add(
                                new InFlight(
                                        transaction,
                                        log.append(micros.getAsLong(), rows),
                                        Optional.empty())),
                transaction::end);
    }

    void prepare(ToyTransaction transaction, String xid, ToyLog.Content.Prepare content) {
        inFlight.add(
                new InFlight(
                        transaction, log.append(micros.getAsLong(), content), Optional.of(xid)));
    }

    /// Ends the second stage of a transaction, and of those that must end before it.
    void commitUpTo(ToyTransaction transaction) {
        while (transaction.isOpen()) {
            var index = 0;
            while (!options.orderedCommits && inFlight.get(index).transaction != transaction) {
                index++;
            }
            commitStage(index);
        }
        announceAll(); // COMMIT returns behind it
    }

    /// Commits a transaction of our own that changes nothing; its end in the log is then known to
    /// be visible, if commits keep their order.
    FilePosition marker() {
        var transaction = begin();
        flush(transaction, Optional.of(new ToyLog.Content.Rows(List.of())));
        var end = log.end(uuid);
        commitUpTo(transaction);
        return end;
    }

    void ended(ToyTransaction transaction) {
        open.remove(transaction);
        locks.release(transaction);
    }

    ToyConnection connect(Line line) {
        return alone(() -> {
            var connection = new ToyConnection(this, nextConnection++, line);
            connections.put(connection.id(), connection);
            return connection;
        });
    }

    /// Does what a connection asks for while no other one does anything.
    <T> T alone(Supplier<T> work) {
        turn.lock();
        try {
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    void alone(Runnable work) {
        alone(() -> {
            work.run();
            return null;
        });
    }

    boolean isAlive(long connection) {
        return connections.containsKey(connection);
    }

    void disconnect(ToyConnection connection) {
        connections.remove(connection.id());
        connection.transaction().ifPresent(ToyTransaction::rollback);
    }

    void kill(long connection) {
        var found = connections.get(connection);
        if (found != null) {
            disconnect(found);
        }
    }

    void later(ToyConnection connection, Runnable call) {
        late.add(new Late(connection, call));
    }

    private boolean run(ToyStatement statement, boolean checksForeignKeys) {
        switch (statement) {
            case ToyStatement.Create create -> {
                if (tables.containsKey(create.table().name())) {
                    if (create.ifNotExists()) {
                        return false;
                    }
                    throw refused(statement, "there is a table of this name");
                }
                tables.put(create.table().name(), new ToyTable(nextTable++, create.table()));
            }
            case ToyStatement.Drop(var name, var ifExists) -> {
                if (ifExists && !tables.containsKey(name)) {
                    return false;
                }
                if (checksForeignKeys) {
                    refuseIfParent(statement, name);
                }
                requireUnused(name);
                tables.remove(name);
            }
            case ToyStatement.Truncate(var name) -> {
                if (checksForeignKeys) {
                    refuseIfParent(statement, name);
                }
                var definition = requireUnused(name).definition();
                tables.put(name, new ToyTable(nextTable++, definition));
            }
            case ToyStatement.Rename rename -> rename(rename);
            case ToyStatement.Alter alter -> {
                var table = requireUnused(alter.table());
                var after = table.altered(nextTable++, alter.apply(table.definition()));
                if (alter instanceof ToyStatement.AddForeignKey) {
                    requireParents(statement, after);
                }
                tables.put(alter.table(), after);
            }
        }
        return true;
    }

    private void rename(ToyStatement.Rename rename) {
        var result = new TreeMap<>(tables);
        for (var pair : rename.pairs()) {
            requireUnused(pair.from(), result);
            refuseIfParent(rename, pair.from());
            if (result.containsKey(pair.to())) {
                throw refused(rename, "there is a table " + pair.to());
            }
            result.put(pair.to(), result.remove(pair.from()));
        }
        tables.clear();
        tables.putAll(result);
        tables.forEach((name, table) -> table.rename(name));
    }

    private void requireParents(ToyStatement statement, ToyTable child) {
        for (var key : child.definition().foreignKeys()) {
            var parent = table(key.parent());
            var there =
                    parent.rows().values().stream()
                            .map(row ->
                                    row.project(ToyTransaction.places(parent, key.parentColumns())))
                            .toList();
            var orphan =
                    child.rows().values().stream()
                            .map(row -> row.project(ToyTransaction.places(child, key.columns())))
                            .anyMatch(wanted -> Toy.complete(wanted) && !there.contains(wanted));
            if (orphan) {
                throw refused(statement, "a row has no parent");
            }
        }
    }

    private void refuseIfParent(ToyStatement statement, TableName name) {
        for (var table : tables.values()) {
            if (!table.definition().name().equals(name)
                    && table.definition().foreignKeys().stream()
                            .anyMatch(key -> key.parent().equals(name))) {
                throw refused(statement, "foreign keys refer to the table");
            }
        }
    }

    private ToyTable requireUnused(TableName name) {
        return requireUnused(name, tables);
    }

    /// A definition changes only while no open transaction uses the table.
    private ToyTable requireUnused(TableName name, Map<TableName, ToyTable> among) {
        var table = among.get(name);
        if (table == null) {
            throw missing(name);
        }
        if (open.stream().anyMatch(transaction -> transaction.touches(table))) {
            throw Toy.busy("the lock on " + name + " was not granted");
        }
        return table;
    }

    private static String database(ToyStatement statement) {
        return switch (statement) {
            case ToyStatement.Create create -> create.table().name().database();
            case ToyStatement.Drop drop -> drop.table().database();
            case ToyStatement.Truncate truncate -> truncate.table().database();
            case ToyStatement.Rename rename -> rename.pairs().getFirst().from().database();
            case ToyStatement.Alter alter -> alter.table().database();
        };
    }

    private static ProblemException refused(ToyStatement statement, String why) {
        return Toy.problem(
                ProblemCode.TARGET_STATEMENT, "the statement was refused: " + statement.sql(), why);
    }
}
