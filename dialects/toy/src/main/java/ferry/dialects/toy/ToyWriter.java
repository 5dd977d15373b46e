package ferry.dialects.toy;

import ferry.dialects.toy.ToyBooks.LaneRow;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/// Writes through one lane of a toy target. Foreign keys are neither checked nor followed: the
/// source did, and its log holds what came of it.
final class ToyWriter implements Writer {
    private final ToyConnection connection;
    private final ToyServer server;
    private final ToyBooks books;
    private Optional<Fence> fence = Optional.empty();
    private boolean recorded; // a lane's row names this connection

    ToyWriter(ToyConnection connection, ToyBooks books) {
        this.connection = connection;
        this.server = connection.server();
        this.books = books;
    }

    @Override
    public void begin(Fence newFence, String checkpoint) {
        call(
                "writer.begin",
                () -> {
                    var transaction = connection.begin();
                    var lanes = server.table(books.lanes());
                    var wanted =
                            new LaneRow(
                                    newFence.project(),
                                    newFence.lane(),
                                    newFence.epoch(),
                                    newFence.version() + 1,
                                    connection.id(),
                                    checkpoint);
                    transaction.lock(lanes, wanted.row());
                    var found = lanes.findRow(wanted.row());
                    var fits =
                            found.flatMap(lanes::row)
                                    .map(LaneRow::of)
                                    .filter(there ->
                                            there.epoch() == newFence.epoch()
                                                    && there.version() == newFence.version());
                    if (fits.isEmpty()) {
                        transaction.rollback();
                        throw ToyBookkeeping.fenced(
                                newFence.project(), newFence.lane(), newFence.epoch());
                    }
                    transaction.update(lanes, found.get(), wanted.row());
                    fence = Optional.of(newFence);
                });
    }

    @Override
    public void checkpoint(String checkpoint) {
        var current =
                fence.orElseThrow(() -> new IllegalStateException("no transaction was begun"));
        call(
                "writer.checkpoint",
                () -> {
                    var lanes = server.table(books.lanes());
                    var row =
                            new LaneRow(
                                    current.project(),
                                    current.lane(),
                                    current.epoch(),
                                    current.version() + 1,
                                    connection.id(),
                                    checkpoint);
                    transaction().update(lanes, lanes.findRow(row.row()).orElseThrow(), row.row());
                });
    }

    @Override
    public void insert(Table table, List<Row> rows) {
        call(
                "writer.insert",
                () -> {
                    var there = server.table(table.name());
                    for (var row : rows) {
                        transaction().insert(there, widened(table, there, row));
                    }
                });
    }

    @Override
    public long insertMissing(Table table, List<Row> rows) {
        return connection.call(
                "writer.insertMissing",
                ProblemCode.TARGET_UNREACHABLE,
                () -> {
                    var there = server.table(table.name());
                    var inserted = 0L;
                    for (var row : rows) {
                        var whole = widened(table, there, row);
                        transaction().lock(there, whole);
                        if (!meets(there, whole)) {
                            transaction().insert(there, whole);
                            inserted++;
                        }
                    }
                    return inserted;
                });
    }

    private static boolean meets(ToyTable table, Row row) {
        return table.uniqueKeys().stream()
                .anyMatch(key -> {
                    var normal = Toy.normal(table.definition(), key, row);
                    return Toy.complete(normal) && table.find(key, normal).isPresent();
                });
    }

    @Override
    public void apply(List<TableChanges> all) {
        all.forEach(this::apply);
    }

    private void apply(TableChanges changes) {
        try {
            call("writer.apply", () -> make(changes));
        } catch (ProblemException e) {
            throw e.concerning(changes.source());
        }
    }

    private void make(TableChanges changes) {
        var table = changes.target();
        var there = server.table(table.name());
        if (changes.mode() == Mode.WINDOW && there.definition().rowKey().isEmpty()) {
            throw new IllegalStateException(table.name() + " has no key: it has no window");
        }
        for (var change : changes.changes()) {
            switch (changes.mode()) {
                case WINDOW -> applyInWindow(table, there, change);
                case STRICT -> applyStrictly(table, there, change);
            }
        }
    }

    @Override
    public Optional<ProblemException> attempt(TableChanges piece) {
        var before = transaction().savepoint();
        try {
            apply(piece);
            return Optional.empty();
        } catch (ProblemException e) {
            if (!e.code().isOfRow()) {
                throw e;
            }
            call("writer.rollbackTo", () -> transaction().rollbackTo(before));
            return Optional.of(e);
        }
    }

    private void applyInWindow(Table layout, ToyTable table, Change change) {
        switch (change) {
            case Change.Insert(var after) -> replace(table, widened(layout, table, after));
            case Change.Update(var before, var after) -> {
                removeIfThere(table, widened(layout, table, before));
                replace(table, widened(layout, table, after));
            }
            case Change.Delete(var before) -> removeIfThere(table, widened(layout, table, before));
        }
    }

    /// Whatever has one of the row's unique keys makes room for it, as REPLACE does.
    private void replace(ToyTable table, Row row) {
        transaction().lock(table, row);
        for (var key : table.uniqueKeys()) {
            var normal = Toy.normal(table.definition(), key, row);
            if (Toy.complete(normal)) {
                table.find(key, normal).ifPresent(number -> transaction().delete(table, number));
            }
        }
        transaction().insert(table, row);
    }

    private void removeIfThere(ToyTable table, Row row) {
        var key = table.definition().rowKey().orElseThrow();
        transaction().lock(table, key, row);
        table.findRow(row).ifPresent(number -> transaction().delete(table, number));
    }

    private void applyStrictly(Table layout, ToyTable table, Change change) {
        switch (change) {
            case Change.Insert(var after) ->
                    transaction().insert(table, widened(layout, table, after));
            case Change.Update(var before, var after) ->
                    transaction()
                            .update(
                                    table,
                                    require(table, widened(layout, table, before)),
                                    widened(layout, table, after));
            case Change.Delete(var before) ->
                    transaction().delete(table, require(table, widened(layout, table, before)));
        }
    }

    private long require(ToyTable table, Row row) {
        var key = table.definition().rowKey();
        if (key.isPresent()) {
            transaction().lock(table, key.get(), row);
        } else {
            transaction().lock(table, row);
        }
        return table.findRow(row)
                .orElseThrow(() ->
                        Toy.problem(
                                ProblemCode.ROW_MISSING,
                                "a row of " + table.definition().name() + " is missing",
                                "no row has its key"));
    }

    @Override
    public long deleteSome(Table table, long rowsMax) {
        return connection.call(
                "writer.deleteSome",
                ProblemCode.TARGET_UNREACHABLE,
                () -> {
                    var there = server.table(table.name());
                    transaction().lockAll(there);
                    var numbers = there.copy().keySet().stream().limit(rowsMax).toList();
                    numbers.forEach(number -> transaction().delete(there, number));
                    return (long) numbers.size();
                });
    }

    @Override
    public void put(List<Entry> entries) {
        var project =
                fence.orElseThrow(() -> new IllegalStateException("no transaction was begun"))
                        .project();
        call(
                "writer.put",
                () -> {
                    var table = server.table(books.entries());
                    for (var entry : entries) {
                        var row = Row.ofText(project, entry.kind(), entry.name(), entry.value());
                        transaction().lock(table, row);
                        var found = table.findRow(row);
                        if (entry.value().isEmpty()) {
                            found.ifPresent(number -> transaction().delete(table, number));
                        } else if (found.isPresent()) {
                            transaction().update(table, found.get(), row);
                        } else {
                            transaction().insert(table, row);
                        }
                    }
                });
    }

    @Override
    public void commit() {
        call(
                "writer.commit",
                () -> {
                    transaction().commit();
                    connection.end();
                });
        recorded |= fence.isPresent();
        fence = Optional.empty();
    }

    @Override
    public void rollback() {
        fence = Optional.empty();
        if (connection.transaction().isPresent()) {
            call(
                    "writer.rollback",
                    () -> {
                        connection.transaction().ifPresent(ToyTransaction::rollback);
                        connection.end();
                    });
        }
    }

    /// Only a recorded connection may run it, or nobody could end it when the project is taken
    /// over.
    @Override
    public void execute(String statement) {
        if (!recorded || connection.transaction().isPresent()) {
            throw new IllegalStateException(
                    "connection "
                            + connection.id()
                            + (recorded ? " is in a transaction" : " is in no lane's row")
                            + ": it must not run "
                            + statement);
        }
        call("writer.execute", () -> server.execute(statement, false));
    }

    /// The row with a value for each column that the server's table has; what the layout does not
    /// know gets its default.
    private static Row widened(Table layout, ToyTable table, Row row) {
        var columns = table.definition().carried();
        var known = 0;
        var built = new Row.Builder(columns.size());
        for (var column : columns) {
            var index = layout.indexOf(column.name());
            if (index >= 0) {
                built.add(row, index);
                known++;
            } else {
                ToyTable.addDefault(built, column.defaultSql());
            }
        }
        if (known != layout.carried().size()) {
            throw Toy.problem(
                    ProblemCode.TARGET_STATEMENT,
                    table.definition().name() + " lacks a column",
                    "its definition has changed");
        }
        return built.build();
    }

    private ToyTransaction transaction() {
        return connection
                .transaction()
                .orElseThrow(() -> new IllegalStateException("no transaction was begun"));
    }

    private void call(String name, Runnable work) {
        connection.call(name, ProblemCode.TARGET_UNREACHABLE, work);
    }

    @Override
    public void close() {
        connection.close();
    }
}
