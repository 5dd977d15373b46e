package ferry.dialects.toy;

import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.filter.RowFilter;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TextDecoder;
import ferry.engine.problem.ProblemCode;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Reads committed rows.
final class ToySnapshot implements Snapshot {
    private static final int BATCH_ROWS =
            3; // small, so that something can happen between two batches

    private final ToyConnection connection;
    private final Role role;
    private final ToyServer server;
    private final boolean globalIds;

    ToySnapshot(ToyConnection connection, Role role, boolean globalIds) {
        this.connection = connection;
        this.role = role;
        this.server = connection.server();
        this.globalIds = globalIds;
    }

    /// With global ids the set of visible transactions. Otherwise a marker transaction of ours,
    /// behind which nothing is hidden if commits keep the order of the log; or the start of a new
    /// file, before which every commit has ended.
    @Override
    public Position committed() {
        return call("snapshot.committed", this::committedNow);
    }

    private Position committedNow() {
        if (globalIds) {
            return server.executed();
        }
        if (server.orderedCommits()) {
            return server.marker();
        }
        server.rotateLog();
        return server.log().fileStart(server.uuid());
    }

    @Override
    public Position logEnd() {
        return call(
                "snapshot.logEnd",
                () -> globalIds ? server.logged() : server.log().end(server.uuid()));
    }

    @Override
    public Optional<String> serverIdentity() {
        return Optional.of(server.uuid());
    }

    @Override
    public Instant time() {
        return call("snapshot.time", server::time);
    }

    @Override
    public boolean isEmpty(Table table) {
        return call("snapshot.isEmpty", () -> select(table, KeyRange.ALL).isEmpty());
    }

    @Override
    public Optional<Row> keyAfter(Table table, Optional<Row> after, long rows) {
        return call(
                "snapshot.keyAfter",
                () -> {
                    var found = select(table, new KeyRange(after, Optional.empty()));
                    return found.size() < rows
                            ? Optional.empty()
                            : Optional.of(found.get((int) rows - 1).project(table.rowKeyIndexes()));
                });
    }

    @Override
    public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
        var readAt = committed();
        var rows = call("snapshot.read", () -> select(table, range));
        deliver(rows, batches);
        return new ReadSpan(readAt, logEnd());
    }

    @Override
    public void readRange(Table table, KeyRange range, Consumer<List<Row>> batches) {
        deliver(call("snapshot.readRange", () -> select(table, range)), batches);
    }

    /// The table is locked: that waits for the commits that have begun to end, and then the set of
    /// executed transactions is exact; by file and offset the log's end is.
    @Override
    public ReadSpan readExactly(Table table, Consumer<List<Row>> batches) {
        record Exact(Position position, List<Row> rows) {}
        var exact =
                call(
                        "snapshot.readExactly",
                        () -> {
                            if (globalIds) {
                                server.announceAll();
                            } else {
                                server.commitAll();
                            }
                            return new Exact(
                                    globalIds ? server.executed() : server.log().end(server.uuid()),
                                    select(table, KeyRange.ALL));
                        });
        deliver(exact.rows(), batches);
        return new ReadSpan(exact.position(), exact.position());
    }

    private void deliver(List<Row> rows, Consumer<List<Row>> batches) {
        for (var from = 0; from < rows.size(); from += BATCH_ROWS) {
            var batch = rows.subList(from, Math.min(rows.size(), from + BATCH_ROWS));
            batches.accept(call("snapshot.batch", () -> List.copyOf(batch)));
        }
    }

    @Override
    public List<Row> rows(Table table, List<Row> keys) {
        return call(
                "snapshot.rows",
                () -> {
                    var key = table.rowKey().orElseThrow();
                    var keyTable =
                            Table.of(
                                    table.name(),
                                    key.parts().stream()
                                            .map(part ->
                                                    table.carried()
                                                            .get(table.indexOf(part.column())))
                                            .toList(),
                                    List.of(key));
                    var wanted = new HashSet<Row>();
                    keys.forEach(row -> wanted.add(Toy.normal(keyTable, key, row)));
                    return select(table, KeyRange.ALL).stream()
                            .filter(row -> wanted.contains(Toy.normal(table, key, row)))
                            .toList();
                });
    }

    @Override
    public Checksum checksum(Table table, Table counterpart, KeyRange range) {
        return call(
                "snapshot.checksum",
                () -> ToyHash.checksum(table, counterpart, select(table, range)));
    }

    @Override
    public Map<Integer, Checksum> checksums(Table table, Table counterpart, int buckets) {
        return call(
                "snapshot.checksums",
                () -> {
                    var byBucket = new TreeMap<Integer, Checksum>();
                    ToyHash.buckets(table, counterpart, buckets, select(table, KeyRange.ALL))
                            .forEach((bucket, rows) ->
                                    byBucket.put(
                                            bucket, ToyHash.checksum(table, counterpart, rows)));
                    return byBucket;
                });
    }

    @Override
    public void readBucket(
            Table table, Table counterpart, int buckets, int bucket, Consumer<List<Row>> batches) {
        var rows =
                call(
                        "snapshot.readBucket",
                        () ->
                                ToyHash.buckets(
                                                table,
                                                counterpart,
                                                buckets,
                                                select(table, KeyRange.ALL))
                                        .getOrDefault(bucket, List.of()));
        deliver(rows, batches);
    }

    /// SELECT the layout's columns FROM table WHERE key in range: the server's table may have
    /// others by now.
    private List<Row> select(Table seen, KeyRange range) {
        var layout = seen.underOwnNames();
        var definition =
                server.definition(layout.name())
                        .orElseThrow(() -> refused(layout, "there is no such table"));
        var rows = server.rows(layout.name()).stream();
        if (layout.where().isPresent()) { // it may name a column that does not move
            var whole = layout.whole();
            var there = places(whole, definition);
            var filter = RowFilter.of(layout.where().get(), whole, TextDecoder.UTF_8);
            var own = places(layout, whole);
            rows = rows.map(row -> row.project(there)).filter(filter).map(row -> row.project(own));
        } else {
            var own = places(layout, definition);
            rows = rows.map(row -> row.project(own));
        }
        if (range.equals(KeyRange.ALL)) {
            return rows.toList();
        }
        var order = Toy.order(layout, layout.rowKey().orElseThrow());
        var keyPlaces = layout.rowKeyIndexes();
        var inRange = rows.filter(row -> isIn(range, row.project(keyPlaces), order)).toList();
        return ToyTable.sorted(inRange, keyPlaces, order);
    }

    private int[] places(Table layout, Table definition) {
        var places =
                layout.carried().stream()
                        .mapToInt(column -> definition.indexOf(column.name()))
                        .toArray();
        for (var place : places) {
            if (place < 0) {
                throw refused(layout, "it has no such column");
            }
        }
        return places;
    }

    private static boolean isIn(KeyRange range, Row key, Comparator<Row> order) {
        return (range.after().isEmpty() || order.compare(key, range.after().get()) > 0)
                && (range.upTo().isEmpty() || order.compare(key, range.upTo().get()) <= 0);
    }

    private RuntimeException refused(Table layout, String why) {
        return Toy.problem(
                role == Role.SOURCE ? ProblemCode.SOURCE_STATEMENT : ProblemCode.TARGET_STATEMENT,
                layout.name() + " cannot be read by its known layout",
                why);
    }

    private <T> T call(String name, Supplier<T> work) {
        return connection.call(name, ToyDialect.lost(role), work);
    }

    @Override
    public void close() {
        connection.close();
    }
}
