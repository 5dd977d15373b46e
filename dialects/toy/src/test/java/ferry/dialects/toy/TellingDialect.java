package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.testkit.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Tells the world's trace what is read and written, for the replay of one seed.
final class TellingDialect extends Delegates.OfDialect {
    private final World world;

    TellingDialect(Dialect whole, World world) {
        super(whole);
        this.world = world;
    }

    @Override
    public Snapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
        return new Delegates.OfSnapshot(super.snapshot(endpoint, role, settings)) {
            @Override
            public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
                var rows = new ArrayList<Row>();
                var span =
                        super.read(
                                table,
                                range,
                                batch -> {
                                    rows.addAll(batch);
                                    batches.accept(batch);
                                });
                world.tell(() -> "  read " + table.name() + " " + range + " " + span + " " + rows);
                return span;
            }

            @Override
            public ReadSpan readExactly(Table table, Consumer<List<Row>> batches) {
                var rows = new ArrayList<Row>();
                var span =
                        super.readExactly(
                                table,
                                batch -> {
                                    rows.addAll(batch);
                                    batches.accept(batch);
                                });
                world.tell(() -> "  read exactly " + table.name() + " " + span + " " + rows);
                return span;
            }
        };
    }

    @Override
    public LogReader log(Endpoint endpoint, Position after, Settings settings) {
        world.tell(() -> "  log opened behind " + after);
        return new Delegates.OfLog(super.log(endpoint, after, settings)) {
            @Override
            public void admit(Table layout) {
                world.tell(() -> "  log admits " + layout.name());
                super.admit(layout);
            }

            @Override
            public LogEvent next(Duration wait) {
                var event = super.next(wait);
                if (!(event instanceof LogEvent.Progress)) {
                    world.tell(() ->
                            "  log "
                                    + (event instanceof LogEvent.Rows rows
                                            ? rows.layout().name() + " " + rows.changes()
                                            : event));
                }
                return event;
            }
        };
    }

    @Override
    public Writer writer(Endpoint endpoint, Settings settings) {
        return new Delegates.OfWriter(super.writer(endpoint, settings)) {
            private String lane = "?";

            @Override
            public void begin(Fence fence, String checkpoint) {
                lane = fence.lane() + "/" + fence.epoch();
                super.begin(fence, checkpoint);
            }

            @Override
            public void insert(Table table, List<Row> rows) {
                world.tell(() -> "  " + lane + " inserts " + table.name() + " " + rows);
                super.insert(table, rows);
            }

            @Override
            public void apply(List<TableChanges> all) {
                all.forEach(some ->
                        world.tell(() ->
                                "  "
                                        + lane
                                        + " applies "
                                        + some.mode()
                                        + " "
                                        + some.target().name()
                                        + " "
                                        + some.changes()));
                super.apply(all);
            }

            @Override
            public long deleteSome(Table table, long rowsMax) {
                world.tell(() -> "  " + lane + " deletes rows of " + table.name());
                return super.deleteSome(table, rowsMax);
            }

            @Override
            public void put(List<Entry> entries) {
                entries.forEach(entry ->
                        world.tell(() ->
                                "  "
                                        + lane
                                        + " puts "
                                        + entry.kind()
                                        + " "
                                        + entry.name()
                                        + " "
                                        + entry.value()
                                                .lines()
                                                .filter(line ->
                                                        !line.startsWith("source=")
                                                                && !line.startsWith("target="))
                                                .toList()));
                super.put(entries);
            }

            @Override
            public void checkpoint(String checkpoint) {
                world.tell(() -> "  " + lane + " checkpoint " + checkpoint.replace('\n', ' '));
                super.checkpoint(checkpoint);
            }

            @Override
            public void commit() {
                super.commit();
                world.tell(() -> "  " + lane + " committed");
            }

            @Override
            public void execute(String statement) {
                world.tell(() -> "  " + lane + " executes " + statement);
                super.execute(statement);
            }
        };
    }
}
