package ferry.engine.schema;

import ferry.engine.changelog.LogRecord.SchemaChange;
import ferry.engine.changelog.TableText;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.LogEvent;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Follows the schema changes that apply meets outside windows. What the target's dialect can
/// follow exactly is run there, each statement behind an *intent*: the tables' definitions before
/// it, so that after a crash it is seen whether it was done. Everything else is loaded again, which
/// is always right.
public final class SchemaFollower {
    private static final String INTENT = "intent";

    private final Ends ends;
    private final Marks marks;
    private final Function<TableName, Optional<TableName>> selection;

    /// `selection` gives the target name of a source table that the project's objects include.
    public SchemaFollower(
            Ends ends, Marks marks, Function<TableName, Optional<TableName>> selection) {
        this.ends = ends;
        this.marks = marks;
        this.selection = selection;
    }

    /// See [ferry.engine.apply.Barriers#schemaChange].
    public void follow(Lane lane, SchemaChange change, Set<TableName> seen, Checkpoint after) {
        var effects = change.effects().stream().filter(effect -> concerns(effect, seen)).toList();
        if (effects.isEmpty()) {
            return;
        }
        try (var catalog = ends.targetCatalog()) {
            // While an XA group is open the low-water mark lies before the change, and the layouts
            // in force there would be lost.
            var statements =
                    replayable(effects) && after.lowWater().includes(change.id())
                            ? catalog.replay(event(change), marks.names())
                            : Optional.<List<String>>empty();
            if (statements.isPresent()) {
                replay(lane, catalog, change, effects, statements.orElseThrow(), after);
            } else {
                loadAgain(lane, catalog, effects, seen, after);
            }
        }
    }

    private boolean concerns(SchemaEffect effect, Set<TableName> seen) {
        var known = marks.table(effect.table()).isPresent() && !seen.contains(effect.table());
        return switch (effect) {
            case SchemaEffect.Created(var table) ->
                    selection.apply(table).isPresent() && !seen.contains(table);
            case SchemaEffect.Renamed(var _, var to) ->
                    known || selection.apply(to).isPresent() && !seen.contains(to);
            case SchemaEffect.Dropped _, SchemaEffect.Truncated _, SchemaEffect.Altered _ -> known;
        };
    }

    private boolean replayable(List<SchemaEffect> effects) {
        return effects.stream()
                .allMatch(effect -> {
                    var exact =
                            marks.table(effect.table())
                                    .filter(mark -> mark.phase() == Phase.EXACT && mark.created())
                                    .isPresent();
                    return exact
                            && switch (effect) {
                                case SchemaEffect.Altered altered ->
                                        altered.after().isPresent() && !altered.recomputes();
                                case SchemaEffect.Truncated _ -> true;
                                case SchemaEffect.Created _,
                                        SchemaEffect.Dropped _,
                                        SchemaEffect.Renamed _ ->
                                        false;
                            };
                });
    }

    private static LogEvent.SchemaChange event(SchemaChange change) {
        return new LogEvent.SchemaChange(
                change.id(),
                change.micros(),
                change.statement(),
                change.database(),
                change.session(),
                change.effects());
    }

    private void replay(
            Lane lane,
            Catalog catalog,
            SchemaChange change,
            List<SchemaEffect> effects,
            List<String> statements,
            Checkpoint after) {
        var intent = intent();
        var begunAt =
                intent.startsWith(change.id() + "\n")
                        ? Integer.parseInt(intent.split("\n")[1])
                        : -1;
        for (var i = 0; i < statements.size(); i++) {
            if (i < begunAt) {
                continue;
            }
            var before = definitions(catalog, effects);
            var wasDone = i == begunAt && !intent.endsWith("\n" + before);
            if (wasDone && ends.rules().keeps(Rule.DDL_INTENT)) {
                continue;
            }
            var entry = new Entry(INTENT, "intent", change.id() + "\n" + i + "\n" + before);
            lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(entry)));
            lane.execute(statements.get(i));
        }
        var entries = new ArrayList<Entry>();
        var altered = new ArrayList<TableMark>();
        for (var effect : effects) {
            if (effect instanceof SchemaEffect.Altered(var name, var layout, var _)) {
                var mark = marks.table(name).orElseThrow();
                altered.add(
                        mark.altered(
                                layout.orElseThrow(),
                                catalog.plan(layout.orElseThrow(), mark.targetName(), marks.names())
                                        .table()));
            }
        }
        altered.forEach(mark -> entries.add(mark.entry()));
        entries.add(new Entry(INTENT, "intent", ""));
        lane.transaction(after.text(), writer -> writer.put(entries));
        altered.forEach(marks::record);
    }

    private String intent() {
        try (var bookkeeping = ends.bookkeeping()) {
            return bookkeeping.entries(ends.project(), INTENT).stream()
                    .findFirst()
                    .map(Entry::value)
                    .orElse("");
        }
    }

    private String definitions(Catalog catalog, List<SchemaEffect> effects) {
        var text = new StringBuilder();
        for (var effect : effects) {
            var target = marks.table(effect.table()).orElseThrow().targetName();
            text.append(catalog.table(target).map(TableText::encode).orElse("none")).append(';');
        }
        return text.toString();
    }

    private void loadAgain(
            Lane lane,
            Catalog catalog,
            List<SchemaEffect> effects,
            Set<TableName> seen,
            Checkpoint after) {
        var next = new LinkedHashMap<TableName, Optional<TableMark>>();
        for (var effect : effects) {
            switch (effect) {
                case SchemaEffect.Created(var table) -> reload(table, seen, next);
                case SchemaEffect.Altered(var table, var _, var _) -> reload(table, seen, next);
                case SchemaEffect.Truncated(var table) -> reload(table, seen, next);
                case SchemaEffect.Dropped(var table) -> gone(table, seen, next);
                case SchemaEffect.Renamed(var table, var to) -> {
                    gone(table, seen, next);
                    reload(to, seen, next);
                }
            }
        }
        var entries = new ArrayList<Entry>();
        next.forEach((name, mark) -> {
            var old = marks.table(name);
            if (mark.isPresent()) {
                entries.add(mark.orElseThrow().entry());
            } else if (old.isPresent()) {
                if (old.orElseThrow().created()) {
                    lane.execute(catalog.drop(old.orElseThrow().targetName()));
                }
                entries.add(old.orElseThrow().removal());
                entries.addAll(marks.chunkRemovals(old.orElseThrow()));
            }
        });
        lane.transaction(after.text(), writer -> writer.put(entries));
        next.forEach((name, mark) -> {
            if (mark.isPresent()) {
                marks.record(mark.orElseThrow());
            } else {
                marks.table(name).ifPresent(marks::remove);
            }
        });
    }

    private void reload(
            TableName table, Set<TableName> seen, Map<TableName, Optional<TableMark>> next) {
        var targetName = selection.apply(table);
        if (targetName.isEmpty() || seen.contains(table)) {
            return;
        }
        next.put(
                table,
                Optional.of(
                        marks.table(table)
                                .map(TableMark::again)
                                .orElseGet(() -> marks.select(table, targetName.orElseThrow()))));
    }

    private void gone(
            TableName table, Set<TableName> seen, Map<TableName, Optional<TableMark>> next) {
        if (!seen.contains(table)) {
            next.put(table, Optional.empty());
        }
    }
}
