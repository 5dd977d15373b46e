package ferry.dialects.toy;

import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import ferry.testkit.simulation.World;
import java.util.List;

/// Somebody who changes definitions at the source now and then.
final class SchemaChanges implements World.Actor {
    private final World world;
    private final ToyServer server;
    private final List<TableName> tables;
    private final boolean renames;
    private final boolean serials;
    private int left;
    private int number;

    SchemaChanges(
            World world,
            ToyServer server,
            List<TableName> tables,
            boolean renames,
            boolean serials,
            int count) {
        this.world = world;
        this.server = server;
        this.tables = tables;
        this.renames = renames;
        this.serials = serials;
        this.left = count;
    }

    void stop() {
        left = 0;
    }

    @Override
    public String name() {
        return "schema changes";
    }

    @Override
    public int weight() {
        return left > 0 && world.chance(Math.max(1_000, 500 * left)) ? 1 : 0;
    }

    @Override
    public void step() {
        var sql = statement();
        try {
            server.execute(sql);
            left--;
            world.tell(() -> "runs " + sql);
        } catch (ProblemException e) {
            world.tell(() -> "is refused " + sql + ": " + e.code());
        }
    }

    private String statement() {
        var table = world.pick(tables);
        var columns =
                server.definition(table)
                        .map(definition ->
                                definition.columns().stream()
                                        .map(column -> column.name())
                                        .filter(name -> name.startsWith("c"))
                                        .toList())
                        .orElse(List.of());
        if (serials && world.chance(5_000)) {
            return "alter table " + table + " add column c" + number++ + " int(32) not null serial";
        }
        return switch (world.random().nextInt(renames ? 9 : 7)) {
            case 0 -> "truncate table " + table;
            case 1 -> "alter table " + table + " add column c" + number++ + " int(16) default 7";
            case 2 -> "alter table " + table + " add column c" + number++ + " text(4)";
            case 3 ->
                    columns.isEmpty()
                            ? "alter table "
                                    + table
                                    + " add column c"
                                    + number++
                                    + " int(32) not null serial"
                            : "alter table " + table + " drop column " + world.pick(columns);
            case 4 ->
                    columns.isEmpty()
                            ? "alter table " + table + " add column c" + number++ + " int(16)"
                            : "alter table "
                                    + table
                                    + " add unique k"
                                    + number++
                                    + " ("
                                    + world.pick(columns)
                                    + ")";
            case 5 -> "create table shop.other" + number++ + " (id int(8) not null, primary (id))";
            case 6 -> several(table, columns);
            default -> {
                var other = world.pick(tables);
                var between = new TableName("shop", "between" + number++);
                yield "rename table "
                        + table
                        + " to "
                        + between
                        + ", "
                        + other
                        + " to "
                        + table
                        + ", "
                        + between
                        + " to "
                        + other;
            }
        };
    }

    /// A statement of several actions, each of which is one statement elsewhere.
    private String several(TableName table, List<String> columns) {
        var added = "c" + number++;
        var drops = columns.isEmpty() ? "" : ", drop column " + world.pick(columns);
        var keys =
                world.random().nextBoolean()
                        ? ", add unique k" + number++ + " (" + added + ")"
                        : "";
        return "alter table "
                + table
                + " add column "
                + added
                + " int(16)"
                + drops
                + ", add column c"
                + number++
                + " text(4)"
                + keys;
    }
}
