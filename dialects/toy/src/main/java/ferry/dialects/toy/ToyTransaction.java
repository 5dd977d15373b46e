package ferry.dialects.toy;

import ferry.engine.model.Change;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One transaction on a [ToyServer]: it changes rows in place, holds their locks and knows how to
/// take everything back. Others see its rows when it has ended.
///
/// It commits in two stages, as a server with group commit: [#flush] writes the log, and only later
/// the server's commit stage makes it visible.
public final class ToyTransaction {
    private record Undo(ToyTable table, long number, Optional<Row> before) {}

    record Savepoint(int undo, int logged) {}

    private final ToyServer server;
    private final boolean checksForeignKeys;
    private final List<Undo> undo = new ArrayList<>();
    private final List<ToyLog.RowEvent> logged = new ArrayList<>();
    private final Set<ToyTable> touched = new HashSet<>();
    private boolean open = true;

    /// Without checks of foreign keys nothing cascades either.
    ToyTransaction(ToyServer server, boolean checksForeignKeys) {
        this.server = server;
        this.checksForeignKeys = checksForeignKeys;
    }

    public void insert(TableName name, Row row) {
        insert(server.table(name), row);
    }

    /// Changes the row with the row key of `before` (the row that equals it, without a key).
    public void update(TableName name, Row before, Row after) {
        var table = server.table(name);
        update(table, require(table, before), after);
    }

    /// Deletes the row with the row key of `row` (the row that equals it, without a key).
    public void delete(TableName name, Row row) {
        var table = server.table(name);
        delete(table, require(table, row));
    }

    /// First stage of a commit: the transaction is in the log, in its final place, but nobody sees
    /// its rows.
    public void flush() {
        requireOpen();
        server.flush(
                this,
                logged.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ToyLog.Content.Rows(List.copyOf(logged))));
    }

    /// Both stages.
    public void commit() {
        flush();
        server.commitUpTo(this);
    }

    /// XA PREPARE: the rows are in the log from now on, and in no place that counts; see
    /// [ToyServer#commitPrepared].
    public void prepare(String xid) {
        requireOpen();
        server.prepare(this, xid, new ToyLog.Content.Prepare(xid, List.copyOf(logged)));
    }

    public void rollback() {
        if (open) {
            undo.reversed().forEach(step -> revert(step, Optional.empty()));
            end();
        }
    }

    /// Where it stands now; its locks stay until it ends.
    Savepoint savepoint() {
        requireOpen();
        return new Savepoint(undo.size(), logged.size());
    }

    /// Takes back what it did since.
    void rollbackTo(Savepoint savepoint) {
        requireOpen();
        var later = undo.subList(savepoint.undo, undo.size());
        later.reversed().forEach(step -> revert(step, Optional.empty()));
        later.clear();
        logged.subList(savepoint.logged, logged.size()).clear();
    }

    /// True when a statement changed something.
    public boolean changes() {
        return !logged.isEmpty();
    }

    void insert(ToyTable table, Row row) {
        touch(table);
        Toy.check(table.definition(), row);
        lock(table, row);
        lockParents(table, row, true);
        var number = table.newRow();
        table.put(number, row);
        undo.add(new Undo(table, number, Optional.empty()));
        log(table, new Change.Insert(row));
    }

    void update(ToyTable table, long number, Row after) {
        touch(table);
        Toy.check(table.definition(), after);
        var before = table.row(number).orElseThrow();
        lock(table, before);
        lock(table, after);
        lockParents(table, before, false);
        lockParents(table, after, true);
        for (var child : children(table)) {
            if (!parentKey(child, table, before).equals(parentKey(child, table, after))
                    && !rowsOf(child, parentKey(child, table, before)).isEmpty()) {
                throw Toy.problem(
                        ProblemCode.TARGET_STATEMENT,
                        "a row of " + table.definition().name() + " is referred to",
                        "foreign key " + child.key.name());
            }
        }
        table.put(number, after);
        undo.add(new Undo(table, number, Optional.of(before)));
        log(table, new Change.Update(before, after));
    }

    void delete(ToyTable table, long number) {
        delete(table, number, true);
    }

    private void delete(ToyTable table, long number, boolean inLog) {
        touch(table);
        var before = table.row(number).orElseThrow();
        lock(table, before);
        lockParents(table, before, false);
        for (var child : children(table)) {
            for (var row : rowsOf(child, parentKey(child, table, before))) {
                if (!child.key.cascades()) {
                    throw Toy.problem(
                            ProblemCode.TARGET_STATEMENT,
                            "a row of " + table.definition().name() + " is referred to",
                            "foreign key " + child.key.name());
                }
                // The engine below does this, and the log never hears of it.
                delete(child.table, row, server.logsCascades());
            }
        }
        table.remove(number);
        undo.add(new Undo(table, number, Optional.of(before)));
        if (inLog) {
            log(table, new Change.Delete(before));
        }
    }

    /// Locks the row's place in every unique key, whether or not it is there; a table without a row
    /// key is locked as a whole.
    void lock(ToyTable table, Row row) {
        if (table.definition().rowKey().isEmpty()) {
            server.locks().exclusive(this, ToyLocks.Place.whole(table.id));
        }
        for (var key : table.uniqueKeys()) {
            lock(table, key, row);
        }
    }

    void lock(ToyTable table, Key key, Row row) {
        var normal = Toy.normal(table.definition(), key, row);
        if (Toy.complete(normal)) {
            server.locks().exclusive(this, new ToyLocks.Place(table.id, key.name(), normal));
        }
    }

    /// Locks the whole table against other writers: what a delete without a condition does.
    void lockAll(ToyTable table) {
        touch(table);
        for (var row : table.rows().values()) {
            lock(table, row);
        }
    }

    /// Takes its uncommitted changes of a table back in a copy of that table's rows.
    void hide(ToyTable table, TreeMap<Long, Row> rows) {
        undo.reversed().stream()
                .filter(step -> step.table == table)
                .forEach(step -> revert(step, Optional.of(rows)));
    }

    boolean touches(ToyTable table) {
        return touched.contains(table);
    }

    boolean isOpen() {
        return open;
    }

    void end() {
        open = false;
        server.ended(this);
    }

    private void touch(ToyTable table) {
        requireOpen();
        touched.add(table);
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("the transaction has ended");
        }
    }

    private long require(ToyTable table, Row row) {
        requireOpen();
        lock(table, row);
        return table.findRow(row)
                .orElseThrow(() ->
                        Toy.problem(
                                ProblemCode.ROW_MISSING,
                                "a row of " + table.definition().name() + " is missing",
                                "it was changed before"));
    }

    private void log(ToyTable table, Change change) {
        logged.add(
                new ToyLog.RowEvent(
                        table.definition().name(), table.definition().carried().size(), change));
    }

    private void revert(Undo step, Optional<TreeMap<Long, Row>> copy) {
        if (copy.isPresent()) {
            step.before.ifPresentOrElse(
                    row -> copy.get().put(step.number, row), () -> copy.get().remove(step.number));
        } else {
            step.before.ifPresentOrElse(
                    row -> step.table.put(step.number, row), () -> step.table.remove(step.number));
        }
    }

    /// A foreign key that refers to some table, and the table that has it.
    private record Child(ToyTable table, ForeignKey key) {}

    private List<Child> children(ToyTable parent) {
        if (!checksForeignKeys) {
            return List.of();
        }
        var children = new ArrayList<Child>();
        for (var table : server.tables()) {
            for (var key : table.definition().foreignKeys()) {
                if (key.parent().equals(parent.definition().name())) {
                    children.add(new Child(table, key));
                }
            }
        }
        return children;
    }

    private static Row parentKey(Child child, ToyTable parent, Row row) {
        return row.project(places(parent, child.key.parentColumns()));
    }

    private static List<Long> rowsOf(Child child, Row parentKey) {
        var places = places(child.table, child.key.columns());
        return child.table.rows().entrySet().stream()
                .filter(entry -> entry.getValue().project(places).equals(parentKey))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    /// A row's parents stay as they are until the row's transaction has ended, whether the row
    /// comes or goes.
    private void lockParents(ToyTable table, Row row, boolean mustExist) {
        for (var foreign :
                checksForeignKeys ? table.definition().foreignKeys() : List.<ForeignKey>of()) {
            var wanted = row.project(places(table, foreign.columns()));
            if (!Toy.complete(wanted)) {
                continue;
            }
            var parent = server.table(foreign.parent());
            var key =
                    parent.uniqueKeys().stream()
                            .filter(own ->
                                    own.parts().stream()
                                            .map(Key.Part::column)
                                            .toList()
                                            .equals(foreign.parentColumns()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            foreign + " refers to no unique key"));
            touched.add(parent);
            server.locks().shared(this, new ToyLocks.Place(parent.id, key.name(), wanted));
            if (mustExist && parent.find(key, wanted).isEmpty()) {
                throw Toy.problem(
                        ProblemCode.TARGET_STATEMENT,
                        "a row of " + table.definition().name() + " has no parent",
                        "foreign key " + foreign.name());
            }
        }
    }

    static int[] places(ToyTable table, List<String> columns) {
        return columns.stream().mapToInt(table.definition()::indexOf).toArray();
    }

    @Override
    public String toString() {
        return "transaction "
                + logged.stream().map(event -> event.table() + " " + event.change()).toList();
    }
}
