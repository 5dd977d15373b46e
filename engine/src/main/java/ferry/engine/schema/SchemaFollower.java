package ferry.engine.schema;

import ferry.engine.changelog.LogRecord.SchemaChange;
import ferry.engine.changelog.TableText;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemCode.Blame;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the schema changes that apply meets outside windows. What the target's dialect can
/// follow exactly is run there, each statement behind an [Intent], so that after a crash it is seen
/// what was done. Everything else, and what the target refuses, is loaded again, which is always
/// right.
public final class SchemaFollower {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaFollower.class);

    private final Ends ends;
    private final Marks marks;
    private final Function<TableName, Optional<TableMapping>> selection;
    private final boolean fillsTables;
    private final TargetWork work;

    /// `selection` gives the mapping of a source table that the project's objects include.
    /// `fillsTables` false: no table can be loaded again.
    public SchemaFollower(
            Ends ends,
            Marks marks,
            Function<TableName, Optional<TableMapping>> selection,
            boolean fillsTables,
            TargetWork work) {
        this.work = work;
        this.ends = ends;
        this.marks = marks;
        this.selection = selection;
        this.fillsTables = fillsTables;
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
            var unseen = isUnseen(effects, change.statement());
            var exact =
                    (unseen || replayable(effects, change.statement()))
                            && after.lowWater().includes(change.id());
            var found = exact ? intent(change) : Optional.<Intent>empty();
            var statements =
                    !exact
                            ? Optional.<List<String>>empty()
                            : found.isPresent()
                                    ? found.map(Intent::statements)
                                    : unseen
                                            ? Optional.of(List.<String>of())
                                            : catalog.replay(event(change), marks.names());
            if (statements.isPresent()) {
                replay(
                        lane,
                        catalog,
                        change,
                        effects,
                        seen,
                        found,
                        statements.orElseThrow(),
                        after);
            } else {
                requireNoRows(effects, seen);
                loadAgain(lane, catalog, effects, seen, after);
            }
        }
    }

    /// Without the step full nobody copies the rows of a table that is new or that is made anew.
    private void requireNoRows(List<SchemaEffect> effects, Set<TableName> seen) {
        if (fillsTables) {
            return;
        }
        var wanted = effects.stream().filter(effect -> needsRows(effect, seen)).toList();
        if (!wanted.isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.SCHEMA_OBJECT,
                    "a schema change of " + tables(wanted) + " could not be followed",
                    "it cannot be run in the target exactly, and the table cannot be loaded because the step full is not chosen",
                    "choose the step full, with which such tables are loaded");
        }
    }

    private boolean needsRows(SchemaEffect effect, Set<TableName> seen) {
        return switch (effect) {
            case SchemaEffect.Dropped _ -> false;
            case SchemaEffect.Renamed(var _, var to) ->
                    !seen.contains(to)
                            && (marks.table(to).isPresent() || selection.apply(to).isPresent());
            case SchemaEffect.Created _, SchemaEffect.Truncated _, SchemaEffect.Altered _ -> true;
        };
    }

    private boolean concerns(SchemaEffect effect, Set<TableName> seen) {
        var known = marks.table(effect.table()).isPresent() && !seen.contains(effect.table());
        return switch (effect) {
            case SchemaEffect.Created(var table) ->
                    selection.apply(table).isPresent() && !seen.contains(table);
            case SchemaEffect.Renamed(var _, var to) ->
                    known || selection.apply(to).isPresent() && !seen.contains(to);
            case SchemaEffect.Dropped _ -> known;
            // A table that was set aside is loaded as it then is.
            case SchemaEffect.Truncated _, SchemaEffect.Altered _ ->
                    known && !marks.table(effect.table()).filter(TableMark::isAside).isPresent();
        };
    }

    /// True if nothing that moves of these tables changes: a column that does not move came or
    /// went.
    private boolean isUnseen(List<SchemaEffect> effects, String statement) {
        return effects.stream()
                .allMatch(effect -> {
                    var mark = marks.table(effect.table());
                    return effect instanceof SchemaEffect.Altered altered
                            && altered.after().isPresent()
                            && !altered.recomputes()
                            && mark.filter(known -> known.phase() == Phase.EXACT)
                                    .map(TableMark::mapping)
                                    .filter(mapping -> mapping.columns().isPresent())
                                    .filter(mapping ->
                                            !mapping.isNamedIn(
                                                    statement, mark.get().sourceLayout().whole()))
                                    .filter(mapping ->
                                            mapping.seesAlike(
                                                    mark.get().sourceLayout().whole(),
                                                    altered.after().get()))
                                    .isPresent();
                });
    }

    private boolean replayable(List<SchemaEffect> effects, String statement) {
        return effects.stream()
                .allMatch(effect -> {
                    var exact =
                            marks.table(effect.table())
                                    .filter(mark -> mark.phase() == Phase.EXACT && mark.created())
                                    .isPresent();
                    return exact
                            && switch (effect) {
                                case SchemaEffect.Altered altered ->
                                        altered.after().isPresent()
                                                && !altered.recomputes()
                                                && seesAll(altered)
                                                && keepsCondition(altered, statement);
                                case SchemaEffect.Truncated _ -> true;
                                case SchemaEffect.Created _,
                                        SchemaEffect.Dropped _,
                                        SchemaEffect.Renamed _ ->
                                        false;
                            };
                });
    }

    /// A statement knows nothing of other names that columns have in the target, and of columns
    /// that are not there.
    private boolean seesAll(SchemaEffect.Altered altered) {
        return marks.table(altered.table()).orElseThrow().mapping().columns().isEmpty();
    }

    /// False where the table's row condition may mean something else behind the change.
    private boolean keepsCondition(SchemaEffect.Altered altered, String statement) {
        var mark = marks.table(altered.table()).orElseThrow();
        var before = mark.sourceLayout().whole();
        return !mark.mapping().isNamedIn(statement, before)
                && mark.mapping().meansAlike(before, altered.after().orElseThrow());
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
            Set<TableName> seen,
            Optional<Intent> found,
            List<String> statements,
            Checkpoint after) {
        try {
            work.during(
                    tables(effects) + " to be changed as at the source",
                    () -> run(lane, catalog, change, effects, found, statements));
        } catch (ProblemException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            requireLoad(effects, e);
            LOG.warn("{} is loaded again, because: {}", tables(effects), e.problem());
            loadAgain(lane, catalog, effects, seen, after);
            return;
        }
        var entries = new ArrayList<Entry>();
        var altered = new ArrayList<TableMark>();
        var settled = new ArrayList<RefusedKey>();
        for (var effect : effects) {
            if (effect instanceof SchemaEffect.Altered(var name, var layout, var _)) {
                var mark = marks.table(name).orElseThrow();
                var view = mark.mapping().view(layout.orElseThrow());
                var plan = SchemaBuilder.plan(catalog, marks, mark, view);
                altered.add(
                        mark.altered(
                                layout.orElseThrow(),
                                mark.mapping().columns().isEmpty()
                                        ? plan.table()
                                        : mark.targetTable()));
                settled.addAll(settled(catalog, mark, plan));
            }
        }
        altered.forEach(mark -> entries.add(mark.entry()));
        settled.forEach(key -> entries.add(key.removal()));
        entries.add(Intent.NONE);
        lane.transaction(after.text(), writer -> writer.put(entries));
        altered.forEach(marks::record);
        settled.forEach(marks::remove);
    }

    /// The statement may have brought a key that was refused before, or dropped it at the source.
    private List<RefusedKey> settled(Catalog catalog, TableMark mark, SchemaPlan plan) {
        var refused = marks.refusedKeys(mark);
        return refused.isEmpty() ? List.of() : KeysInPlace.of(catalog, mark).settled(refused, plan);
    }

    /// Goes on where an interrupted attempt stood. Its list of statements counts: what the dialect
    /// plans now is planned from a definition that the attempt may have changed in part.
    private void run(
            Lane lane,
            Catalog catalog,
            SchemaChange change,
            List<SchemaEffect> effects,
            Optional<Intent> found,
            List<String> statements) {
        for (var i = found.map(Intent::index).orElse(0); i < statements.size(); i++) {
            var before = definitions(catalog, effects);
            var begun = found.map(Intent::index).orElse(-1).equals(i);
            if (begun
                    && !found.orElseThrow().before().equals(before)
                    && ends.rules().keeps(Rule.DDL_INTENT)) {
                continue;
            }
            var intent = new Intent(change.id(), i, before, statements);
            lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(intent.entry())));
            execute(lane, statements.get(i));
        }
    }

    /// A key that the target refused before is missing there, so a dialect may want to add it with
    /// every later change: refused again it is no news, and loading again would not help.
    private void execute(Lane lane, String statement) {
        try {
            lane.execute(statement);
        } catch (ProblemException e) {
            if (!isRefusal(e)
                    || marks.refusedKeys().stream()
                            .noneMatch(key -> key.statement().equals(statement))) {
                throw e;
            }
        }
    }

    /// The target answered and will answer so again: a key that its rows break, a type that it does
    /// not have.
    private static boolean isRefusal(ProblemException e) {
        return !e.code().retryable()
                && e.code().blame() == Blame.TARGET
                && e.code() != ProblemCode.TARGET_REFUSED;
    }

    private void requireLoad(List<SchemaEffect> effects, ProblemException refusal) {
        if (!fillsTables) {
            throw new ProblemException(
                    new Problem(
                            refusal.code(),
                            "a schema change of " + tables(effects) + " could not be followed",
                            refusal.problem().why(),
                            "make it possible in the target and start again, or choose the step full, with which such tables are loaded again"),
                    refusal);
        }
    }

    private static String tables(List<SchemaEffect> effects) {
        return effects.stream()
                .map(effect -> effect.table().toString())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /// What an attempt at this change that did not end left behind.
    private Optional<Intent> intent(SchemaChange change) {
        try (var bookkeeping = ends.bookkeeping()) {
            return bookkeeping.entries(ends.project(), Intent.KIND).stream()
                    .findFirst()
                    .map(Intent::parse)
                    .filter(intent -> intent.change().equals(change.id()));
        }
    }

    private String definitions(Catalog catalog, List<SchemaEffect> effects) {
        var text = new StringBuilder();
        for (var effect : effects) {
            var target = marks.table(effect.table()).orElseThrow().targetName();
            text.append(
                            catalog.table(target)
                                    .map(Table::withoutCounter)
                                    .map(TableText::encode)
                                    .orElse("none"))
                    .append(';');
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
                case SchemaEffect.Created(var table) -> reload(table, seen, after, next);
                case SchemaEffect.Altered(var table, var _, var _) ->
                        reload(table, seen, after, next);
                case SchemaEffect.Truncated(var table) -> reload(table, seen, after, next);
                case SchemaEffect.Dropped(var table) -> gone(table, seen, next);
                case SchemaEffect.Renamed(var table, var to) -> {
                    requireChoice(table, to);
                    gone(table, seen, next);
                    reload(to, seen, after, next);
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
                entries.addAll(marks.detailRemovals(old.orElseThrow()));
            }
        });
        entries.add(Intent.NONE);
        lane.transaction(after.text(), writer -> writer.put(entries));
        next.forEach((name, mark) -> {
            if (mark.isPresent()) {
                marks.record(mark.orElseThrow());
            } else {
                marks.table(name).ifPresent(marks::remove);
            }
        });
    }

    /// What was not to move of a table must not move because it has another name by now.
    private void requireChoice(TableName from, TableName to) {
        var chosen = marks.table(from).filter(mark -> mark.mapping().columns().isPresent());
        var mapping = marks.table(to).map(TableMark::mapping).or(() -> selection.apply(to));
        if (chosen.isPresent() && mapping.filter(next -> next.columns().isEmpty()).isPresent()) {
            throw ProblemException.of(
                    ProblemCode.COLUMN_CHOICE,
                    "%s became %s, of which all columns would move".formatted(from, to),
                    "columns of %s are chosen (%s), and none are for its new name"
                            .formatted(from, chosen.get().mapping().columns().orElseThrow()),
                    "exclude %s or choose its columns under objects.columns, and start again"
                            .formatted(to));
        }
    }

    /// A table that is carried goes on to be, whatever the rules select by now. The others go on
    /// while it is loaded.
    private void reload(
            TableName table,
            Set<TableName> seen,
            Checkpoint after,
            Map<TableName, Optional<TableMark>> next) {
        if (!seen.contains(table)) {
            marks.table(table)
                    .map(TableMark::again)
                    .or(() -> selection.apply(table).map(marks::select))
                    .ifPresent(mark -> next.put(table, Optional.of(mark.apart(after.lowWater()))));
        }
    }

    private void gone(
            TableName table, Set<TableName> seen, Map<TableName, Optional<TableMark>> next) {
        if (!seen.contains(table)) {
            next.put(table, Optional.empty());
        }
    }
}
