package ferry.dialects.toy;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import ferry.testkit.simulation.World;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The applications at the source: they write small transactions to few rows, so that everything
/// collides: hot keys, changes of keys, unique values handed on, swapped and chained, equal rows
/// without a key, XA.
final class Workload {
    /// The shapes of tables that a simulation chooses from.
    static final List<String> SHAPES =
            List.of(
                    "(id int(32) not null, v text(8), n int(16), primary (id))",
                    "(id int(32) not null, u int(16), v text(8), primary (id), unique u (u), plain v (v))",
                    "(id int(32) not null, u int(16), w text(4) ci, primary (id), unique u (u), unique w (w))",
                    "(name text(4) ci not null, n int(16), primary (name))",
                    "(a int(32) not null, b text(4) not null, n int(16), primary (a, b))",
                    "(word text(4) odd not null, n int(16), unique word (word))",
                    "(a int(16), b text(4))",
                    "(a int(16) not null, u int(16), v text(4), unique u (u))");

    static final List<String> WITH_UNIQUE_KEYS = SHAPES.subList(1, 3);
    static final List<String> KEYLESS = SHAPES.subList(6, 8);

    private static final String PARENT = "(id int(32) not null, v text(8), primary (id))";
    private static final String CHILD =
            "(id int(32) not null, parent int(32), n int(16), primary (id),"
                    + " foreign to_%2$s (parent) references shop.%2$s (id)%1$s)";

    private final World world;
    private final ToyServer server;
    private final List<TableName> tables = new ArrayList<>();
    private final int keys;
    private boolean stopped;
    private int nextXid;
    private int writes;

    Workload(
            World world,
            ToyServer server,
            List<String> shapes,
            boolean foreignKeys,
            boolean cascades) {
        this.world = world;
        this.server = server;
        this.keys = 4 + world.random().nextInt(20);
        var count = 1 + world.random().nextInt(4);
        for (var i = 0; i < count; i++) {
            create("t" + i, world.pick(shapes));
        }
        if (foreignKeys) {
            create("parent", PARENT);
            create("child", CHILD.formatted(cascades ? " cascade" : "", "parent"));
        }
    }

    List<TableName> tables() {
        return List.copyOf(tables);
    }

    /// Rows that are there before anybody looks.
    void fill() {
        for (var i = 0; i < keys * tables.size(); i++) {
            var transaction = server.begin();
            try {
                statement(transaction, 100);
                transaction.commit();
            } catch (ProblemException _) {
                transaction.rollback();
            }
        }
    }

    void stop() {
        stopped = true;
    }

    int writes() {
        return writes;
    }

    /// Adds so many applications to the world; they use XA when `xaAllowed`.
    void start(int applications, int xaPercent, BooleanSupplier xaAllowed) {
        for (var i = 0; i < applications; i++) {
            world.add(new Application(i, xaPercent, xaAllowed));
        }
        world.add(new Decider());
    }

    /// True when nobody is in the middle of something.
    boolean quiet() {
        return stopped
                && server.prepared().isEmpty()
                && server.inFlight() == 0
                && server.unannounced() == 0;
    }

    private void create(String name, String shape) {
        server.execute("create table shop." + name + " " + shape);
        tables.add(new TableName("shop", name));
    }

    /// One client of the source with one transaction at a time, a few statements long.
    private final class Application implements World.Actor {
        private final int number;
        private final int xaPercent;
        private final BooleanSupplier xaAllowed;
        private Optional<ToyTransaction> transaction = Optional.empty();

        Application(int number, int xaPercent, BooleanSupplier xaAllowed) {
            this.number = number;
            this.xaPercent = xaPercent;
            this.xaAllowed = xaAllowed;
        }

        @Override
        public String name() {
            return "application-" + number;
        }

        @Override
        public int weight() {
            return stopped && transaction.isEmpty() ? 0 : 4;
        }

        @Override
        public void step() {
            try {
                if (transaction.isEmpty()) {
                    transaction = Optional.of(server.begin());
                }
                var open = transaction.get();
                if (!stopped && (!open.changes() || world.chance(5_000))) {
                    statement(open, 35);
                    return;
                }
                transaction = Optional.empty();
                if (world.chance(500)) {
                    open.rollback();
                } else if (open.changes()
                        && world.random().nextInt(100) < xaPercent
                        && xaAllowed.getAsBoolean()) {
                    var xid = "x" + nextXid++;
                    open.prepare(xid);
                    world.tell(() -> name() + " prepares " + xid + " " + open);
                } else {
                    world.tell(() -> name() + " flushes " + open);
                    open.flush();
                }
            } catch (ProblemException _) {
                transaction.ifPresent(ToyTransaction::rollback);
                transaction = Optional.empty();
            }
        }
    }

    /// Decides what was prepared.
    private final class Decider implements World.Actor {
        @Override
        public String name() {
            return "decider";
        }

        @Override
        public int weight() {
            return server.prepared().isEmpty() ? 0 : stopped ? 4 : 1;
        }

        @Override
        public void step() {
            var xid = world.pick(server.prepared());
            var commits = world.chance(7_000);
            world.tell(() -> (commits ? "commits " : "rolls back ") + xid);
            if (commits) {
                server.commitPrepared(xid);
            } else {
                server.rollbackPrepared(xid);
            }
        }
    }

    /// One statement, or a little dance of several.
    private void statement(ToyTransaction transaction, int insertPercent) {
        var name = world.pick(tables);
        var found = server.definition(name);
        if (found.isEmpty()) {
            return;
        }
        writes++;
        var table = found.get();
        var rows = List.copyOf(server.table(name).rows().values());
        var dice = world.random().nextInt(100);
        if (rows.isEmpty() || dice < insertPercent) {
            transaction.insert(name, randomRow(table));
        } else if (dice < 60) {
            transaction.delete(name, world.pick(rows));
        } else if (dice < 85) {
            var before = world.pick(rows);
            transaction.update(name, before, mixed(table, before, randomRow(table)));
        } else {
            handOn(transaction, table, rows);
        }
    }

    /// One row gives its unique value up and another takes it, in one of the ways that applications
    /// know.
    private void handOn(ToyTransaction transaction, Table table, List<Row> rows) {
        var unique = table.secondaryUniqueKeys();
        var one = world.pick(rows);
        var other = world.pick(rows);
        if (unique.isEmpty() || one.equals(other)) {
            transaction.delete(table.name(), one);
            transaction.insert(table.name(), mixed(table, one, randomRow(table)));
            return;
        }
        var place = table.indexOf(unique.getFirst().parts().getFirst().column());
        switch (world.random().nextInt(3)) {
            case 0 -> { // swap by way of NULL
                transaction.update(table.name(), one, with(one, place, Optional.empty()));
                transaction.update(table.name(), other, with(other, place, value(one, place)));
                transaction.update(
                        table.name(),
                        with(one, place, Optional.empty()),
                        with(one, place, value(other, place)));
            }
            case 1 -> { // delete and take
                transaction.delete(table.name(), one);
                transaction.update(table.name(), other, with(other, place, value(one, place)));
            }
            default -> { // a row moves to another key and keeps its value
                var moved = mixed(table, randomRow(table), one);
                transaction.update(table.name(), one, with(moved, place, value(one, place)));
            }
        }
    }

    private static Optional<byte[]> value(Row row, int place) {
        return row.isPresent(place) ? Optional.of(row.bytes(place)) : Optional.empty();
    }

    private static Row with(Row row, int place, Optional<byte[]> value) {
        var built = new Row.Builder(row.size());
        for (var i = 0; i < row.size(); i++) {
            if (i != place) {
                built.add(row, i);
            } else if (value.isPresent()) {
                built.add(value.get());
            } else {
                built.addNull();
            }
        }
        return built.build();
    }

    /// Some values of one row and some of another; mostly the row key stays.
    private Row mixed(Table table, Row row, Row other) {
        var keyStays = world.chance(7_500);
        var keyPlaces = java.util.Arrays.stream(table.rowKeyIndexes()).boxed().toList();
        var built = new Row.Builder(row.size());
        for (var i = 0; i < row.size(); i++) {
            var keeps = keyPlaces.contains(i) ? keyStays : world.random().nextBoolean();
            built.add(keeps ? row : other, i);
        }
        return built.build();
    }

    private Row randomRow(Table table) {
        var built = new Row.Builder(table.carried().size());
        for (var column : table.carried()) {
            if (column.nullable() && world.chance(1_000)) {
                built.addNull();
            } else {
                built.add(randomValue(table, column).getBytes(StandardCharsets.UTF_8));
            }
        }
        return built.build();
    }

    private String randomValue(Table table, Column column) {
        var inKey =
                table.keys().stream()
                        .anyMatch(key ->
                                key.kind() != Key.Kind.PLAIN
                                        && key.parts().stream()
                                                .anyMatch(part ->
                                                        part.column().equals(column.name())));
        var foreign =
                table.foreignKeys().stream().anyMatch(key -> key.columns().contains(column.name()));
        var number = world.random().nextInt(inKey || foreign ? keys : 3);
        return switch (column.type()) {
            case DataType.Int _ -> String.valueOf(number - 1);
            case DataType.Text _ -> {
                var letter = (char) ('a' + number % 26);
                var word = "" + letter + (number >= 26 ? "z" : "");
                yield world.chance(3_000) ? word.toUpperCase(java.util.Locale.ROOT) : word;
            }
            default -> throw new IllegalStateException("the toy has no type " + column.type());
        };
    }
}
