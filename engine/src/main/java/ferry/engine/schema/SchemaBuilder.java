package ferry.engine.schema;

import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.SchemaPlan.KeyBuild;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Brings tables into being in the target and finishes them. Every method may be called again after
/// a crash in the middle of it.
public final class SchemaBuilder {
    private final Ends ends;
    private final Marks marks;
    private final boolean createsTables;
    private final boolean fillsTables;
    private final Consumer<SchemaFailure> failures;

    /// A key or foreign key that the target refused; the table goes on without it.
    public record SchemaFailure(String table, String object, String statement, String why) {}

    /// `createsTables` false: the target's tables must exist already. `fillsTables` false: they
    /// keep the rows that they have.
    public SchemaBuilder(
            Ends ends,
            Marks marks,
            boolean createsTables,
            boolean fillsTables,
            Consumer<SchemaFailure> failures) {
        this.ends = ends;
        this.marks = marks;
        this.createsTables = createsTables;
        this.fillsTables = fillsTables;
        this.failures = failures;
    }

    /// Makes the empty table of a new generation and marks it CREATED.
    public void create(Lane lane, TableMark mark, Table layout, Optional<Position> admittedAt) {
        try (var catalog = ends.targetCatalog()) {
            var existing = catalog.table(mark.targetName());
            if (!mark.created() && existing.isPresent()) {
                reuse(lane, mark, layout, existing.orElseThrow(), admittedAt);
                return;
            }
            if (!createsTables) {
                throw ProblemException.of(
                        ProblemCode.SCHEMA_OBJECT,
                        "table " + mark.targetName() + " does not exist in the target",
                        "the step schema is not chosen, so Ferry creates no tables",
                        "create it, or add schema to steps");
            }
            if (!mark.created()) {
                // Says before the fact that the table is ours: after a crash it may be dropped and
                // made again.
                store(lane, mark.owned());
            }
            var plan = catalog.plan(layout, mark.targetName(), marks.names());
            lane.execute(catalog.drop(mark.targetName()));
            plan.create().forEach(statement -> execute(lane, mark, statement));
            if (!ends.rules().keeps(Rule.UNIQUE_KEYS_AFTER_WINDOW)) {
                plan.atWindowEnd().forEach(key -> execute(lane, mark, key.statement()));
            }
            if (!ends.rules().keeps(Rule.FOREIGN_KEYS_AFTER_WINDOW)) {
                plan.afterAll().forEach(key -> execute(lane, mark, key.statement()));
            }
            begin(lane, mark.created(layout, plan.table(), admittedAt, true));
        }
    }

    private void reuse(
            Lane lane,
            TableMark mark,
            Table layout,
            Table existing,
            Optional<Position> admittedAt) {
        if (!fillsTables) {
            begin(lane, mark.created(layout, existing, admittedAt, false));
            return;
        }
        if (mark.generation() == 0 && !isEmpty(existing)) {
            lane.transaction(
                    lane.checkpoint(),
                    _ -> {}); // a later owner may have made it: then we are told so instead
            throw ProblemException.of(
                    ProblemCode.TARGET_HOLDS_ROWS,
                    "table " + mark.targetName() + " already holds rows",
                    "this project did not write them, and Ferry never overwrites what it does not own",
                    "empty or rename the table, or exclude " + mark.name());
        }
        lane.transaction(lane.checkpoint(), writer -> writer.deleteAll(existing));
        begin(lane, mark.created(layout, existing, admittedAt, false));
    }

    private boolean isEmpty(Table table) {
        try (var snapshot = ends.targetSnapshot()) {
            return snapshot.isEmpty(table);
        }
    }

    private void begin(Lane lane, TableMark mark) {
        var entries = new ArrayList<Entry>(marks.chunkRemovals(mark));
        entries.add(mark.entry());
        lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
        marks.removeChunks(mark);
        marks.record(mark);
    }

    /// Builds what was left for the end of the windows of these tables and marks them EXACT; behind
    /// the last one also the foreign keys of all.
    public void finish(Lane lane, List<TableMark> ended) {
        try (var catalog = ends.targetCatalog()) {
            for (var mark : ended) {
                if (mark.created()) {
                    var plan = catalog.plan(mark.sourceLayout(), mark.targetName(), marks.names());
                    build(lane, mark, plan.atWindowEnd(), keys(catalog, mark));
                }
                store(lane, mark.next(Phase.EXACT));
            }
            if (marks.tables().stream().allMatch(mark -> mark.phase() == Phase.EXACT)) {
                for (var mark : marks.tables()) {
                    if (mark.created()) {
                        var plan =
                                catalog.plan(mark.sourceLayout(), mark.targetName(), marks.names());
                        build(lane, mark, plan.afterAll(), foreignKeys(catalog, mark));
                    }
                }
            }
        }
    }

    private void build(Lane lane, TableMark mark, List<KeyBuild> keys, Set<String> existing) {
        for (var key : keys) {
            if (existing.contains(key.name())) {
                continue;
            }
            try {
                lane.execute(key.statement());
            } catch (ProblemException e) {
                if (e.code().retryable() || e.code() == ProblemCode.FENCED) {
                    throw e;
                }
                failures.accept(
                        new SchemaFailure(
                                mark.targetName().toString(),
                                key.name(),
                                key.statement(),
                                e.problem().why()));
            }
        }
    }

    private static Set<String> keys(Catalog catalog, TableMark mark) {
        var names = new HashSet<String>();
        catalog.table(mark.targetName())
                .ifPresent(table -> table.keys().forEach(key -> names.add(key.name())));
        return names;
    }

    /// Not together with the keys: a server gives the key that it makes for a foreign key the same
    /// name.
    private static Set<String> foreignKeys(Catalog catalog, TableMark mark) {
        var names = new HashSet<String>();
        catalog.table(mark.targetName())
                .ifPresent(table -> table.foreignKeys().forEach(key -> names.add(key.name())));
        return names;
    }

    private void execute(Lane lane, TableMark mark, String statement) {
        try {
            lane.execute(statement);
        } catch (ProblemException e) {
            if (e.code() != ProblemCode.TARGET_STATEMENT) {
                throw e;
            }
            throw new ProblemException(
                    new Problem(
                            ProblemCode.SCHEMA_OBJECT,
                            "table " + mark.targetName() + " could not be created by: " + statement,
                            e.problem().why(),
                            "create the table by hand and leave schema out of steps, or exclude "
                                    + mark.name()),
                    e);
        }
    }

    private void store(Lane lane, TableMark mark) {
        lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(mark.entry())));
        marks.record(mark);
    }
}
