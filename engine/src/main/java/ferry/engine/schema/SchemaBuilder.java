package ferry.engine.schema;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.ErrorSettings;
import ferry.engine.config.ErrorSettings.ExistingRows;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.dialect.SchemaPlan.KeyBuild;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Column;
import ferry.engine.model.Key;
import ferry.engine.model.Position;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings tables into being in the target and finishes them. Every method may be called again after
/// a crash in the middle of it.
public final class SchemaBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaBuilder.class);

    private final Ends ends;
    private final Marks marks;
    private final boolean createsTables;
    private final boolean fillsTables;
    private final boolean replaysOverRows;
    private final TargetWork work = new TargetWork();
    private final Set<TableName> slow = ConcurrentHashMap.newKeySet();

    /// `createsTables` false: the target's tables must exist already. `fillsTables` false: they
    /// keep the rows that they have. `replaysOverRows`: changes are applied to such rows that may
    /// hold them already.
    public SchemaBuilder(
            Ends ends,
            Marks marks,
            boolean createsTables,
            boolean fillsTables,
            boolean replaysOverRows) {
        this.replaysOverRows = replaysOverRows;
        this.ends = ends;
        this.marks = marks;
        this.createsTables = createsTables;
        this.fillsTables = fillsTables;
    }

    /// Where it tells what the target is busy with.
    public TargetWork work() {
        return work;
    }

    /// Makes the empty table of a new generation and marks it CREATED. `rows` is about how many the
    /// source's table has.
    public void create(
            Lane lane, TableMark mark, Table layout, Optional<Position> admittedAt, long rows) {
        if (!fillsTables && mark.generation() > 0) {
            throw ProblemException.of(
                    ProblemCode.SCHEMA_OBJECT,
                    "table " + mark.name() + " cannot be loaded again without the step full",
                    "its rows at the source would not be copied, and changes before this place would be missing",
                    "add full to steps, or exclude the table and begin again with 'ferry reset'");
        }
        if (mark.generation() == 0) {
            mark.mapping().requireColumns(layout);
        } else {
            mark.mapping().requireLeft(layout);
        }
        holder(lane, mark).ifPresent(other -> refuse(mark, other));
        var existing = lane.catalog().table(mark.targetName());
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
            store(lane, mark.owned(), List.of());
        }
        var plan = plan(lane.catalog(), marks, mark, mark.mapping().view(layout));
        work.during(
                "table " + mark.targetName() + " to be made",
                () -> make(lane, mark, plan, rows < ends.settings().get(Settings.LOAD_KEYS_ROWS)));
        begin(lane, mark.created(layout, plan.table(), admittedAt, true));
    }

    private void make(Lane lane, TableMark mark, SchemaPlan plan, boolean small) {
        execute(lane, mark, List.of(lane.catalog().drop(mark.targetName())));
        if ((small || !fillsTables) && !plan.afterLoad().isEmpty()) {
            makeWithKeys(lane, mark, plan);
        } else {
            execute(lane, mark, plan.create());
        }
        if (!ends.rules().keeps(Rule.UNIQUE_KEYS_AFTER_WINDOW)) {
            execute(lane, mark, plan.atWindowEnd().stream().map(KeyBuild::statement).toList());
        }
        if (!ends.rules().keeps(Rule.FOREIGN_KEYS_AFTER_WINDOW)) {
            execute(lane, mark, plan.afterAll().stream().map(KeyBuild::statement).toList());
        }
    }

    /// With its keys, in one statement. A table that is to be loaded is made without those that the
    /// target refuses: they are tried again behind the load, and told there. Where all of it takes
    /// longer than a table may, the keys come behind the load, or one by one.
    private void makeWithKeys(Lane lane, TableMark mark, SchemaPlan plan) {
        if (slow.contains(mark.name())) {
            execute(lane, mark, plan.create());
            if (!fillsTables) {
                execute(lane, mark, plan.afterLoad().stream().map(KeyBuild::statement).toList());
            }
            return;
        }
        try {
            execute(lane, mark, plan.createWithKeys());
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.TARGET_BUSY) {
                slow.add(mark.name());
            }
            if (e.code().retryable() || e.code() == ProblemCode.FENCED || !fillsTables) {
                throw e;
            }
            execute(lane, mark, plan.create());
            build(lane, mark, plan.afterLoad(), keys -> missingKeys(lane, mark, plan, keys));
        }
    }

    /// The table whose target this one would take: found empty, it would be written from two
    /// sources. The precheck compares the tables of the start only.
    public Optional<TableMark> holder(Lane lane, TableMark mark) {
        if (mark.created()) {
            return Optional.empty();
        }
        var name = lane.catalog().spelled(mark.targetName());
        return marks.tables().stream()
                .filter(other -> other.id() != mark.id() && other.holdsTarget())
                .filter(other -> lane.catalog().spelled(other.targetName()).equals(name))
                .findFirst();
    }

    private static void refuse(TableMark mark, TableMark holder) {
        throw ProblemException.of(
                ProblemCode.SCHEMA_OBJECT,
                "table " + mark.name() + " cannot become " + mark.targetName(),
                holder.name() + " is that table already",
                "go on without it by 'ferry aside FILE "
                        + mark.name()
                        + "', or give one of them another name under objects.rename and begin again with 'ferry reset'");
    }

    private void reuse(
            Lane lane,
            TableMark mark,
            Table layout,
            Table existing,
            Optional<Position> admittedAt) {
        requireColumns(mark, layout, existing);
        if (!fillsTables) {
            if (replaysOverRows && !existing.secondaryUniqueKeys().isEmpty()) {
                requireFit(mark, layout, existing);
            }
            begin(lane, mark.created(layout, existing, admittedAt, false));
            return;
        }
        var holdsRows = (mark.generation() == 0 || mark.kept()) && !isEmpty(existing);
        if (holdsRows && mark.generation() == 0 && keepsRows(ends.settings(), layout)) {
            // Also its row key: rows of the source that are one row there would be taken for rows
            // that stay.
            requireFit(mark, layout, existing);
            begin(lane, mark.created(layout, existing, admittedAt, false).keeping(true));
            return;
        }
        if (holdsRows) {
            lane.transaction(
                    lane.checkpoint(),
                    _ -> {}); // a later owner may have made it: then we are told so instead
            throw ProblemException.of(
                    ProblemCode.TARGET_HOLDS_ROWS,
                    "table " + mark.targetName() + " already holds rows",
                    whyInTheWay(mark, layout),
                    "empty or rename the table, or exclude " + mark.name());
        }
        if (admittedAt.isPresent() && !existing.secondaryUniqueKeys().isEmpty()) {
            requireFit(mark, layout, existing);
        }
        lane.empty(existing, ends.settings().get(Settings.LOAD_TRANSACTION_ROWS));
        begin(lane, mark.created(layout, existing, admittedAt, false));
    }

    /// True when rows that a table of the target holds already may stay beside those of the source.
    static boolean keepsRows(Settings settings, Table layout) {
        return settings.get(ErrorSettings.LOAD_EXISTING) == ExistingRows.IGNORE
                && layout.rowKey().isPresent();
    }

    private String whyInTheWay(TableMark mark, Table layout) {
        if (mark.kept()) {
            return "it may hold rows that this project did not write, and for a new load these cannot be told from those that were loaded";
        }
        return ends.settings().get(ErrorSettings.LOAD_EXISTING) == ExistingRows.IGNORE
                        && layout.rowKey().isEmpty()
                ? "it has no key, so rows that stay could not be told from those that are loaded"
                : "this project did not write them, and Ferry never overwrites what it does not own";
    }

    /// Values that no column takes would be left out, and nobody would compare them.
    private void requireColumns(TableMark mark, Table layout, Table existing) {
        var missing =
                mark.mapping().view(layout).carried().stream()
                        .map(Column::name)
                        .filter(name -> existing.indexOf(name) < 0)
                        .toList();
        if (!missing.isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.SCHEMA_OBJECT,
                    "table %s of the target lacks columns, or computes them: %s"
                            .formatted(mark.targetName(), String.join(", ", missing)),
                    "the values of the source would be lost",
                    "add them there%s, or go on without the table by 'ferry aside FILE %s'"
                            .formatted(
                                    createsTables
                                            ? ", drop the table there so that Ferry makes it"
                                            : "",
                                    mark.name()));
        }
    }

    private static void requireFit(TableMark mark, Table layout, Table existing) {
        var unfit = KeyFit.unfit(mark.mapping().view(layout), existing);
        if (!unfit.isEmpty()) {
            throw ProblemException.of(
                    ProblemCode.SCHEMA_OBJECT,
                    "table %s of the target has unique keys that the source does not imply: %s"
                            .formatted(
                                    mark.targetName(),
                                    String.join(", ", unfit.stream().map(Key::name).toList())),
                    "rows that differ at the source could displace one another: the source has no unique key over the same columns, or compares them by another collation",
                    "drop these keys in the target and add them again behind the migration, give the columns the source's collations, or drop the table so that Ferry makes it");
        }
    }

    private boolean isEmpty(Table table) {
        try (var snapshot = ends.targetSnapshot()) {
            return snapshot.isEmpty(table);
        }
    }

    private void begin(Lane lane, TableMark mark) {
        var entries = new ArrayList<Entry>(marks.detailRemovals(mark));
        entries.add(mark.entry());
        lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
        marks.removeDetails(mark);
        marks.record(mark);
    }

    /// Builds what was left for the time when all rows are there, over a lane that may be another
    /// than the one that created the table.
    public void buildBehindLoad(Lane lane, TableMark mark) {
        if (!mark.created()) {
            return;
        }
        var plan = plan(lane, mark);
        var refused =
                buildMissing(
                        lane, mark, plan.afterLoad(), keys -> missingKeys(lane, mark, plan, keys));
        if (!refused.isEmpty()) {
            lane.transaction(
                    lane.checkpoint(),
                    writer -> writer.put(refused.stream().map(RefusedKey::entry).toList()));
            refused.forEach(marks::record);
        }
    }

    private static List<KeyBuild> missingKeys(
            Lane lane, TableMark mark, SchemaPlan plan, List<KeyBuild> wanted) {
        return KeysInPlace.of(lane.catalog(), mark).missingKeys(wanted, plan).toList();
    }

    /// Lets the target gather statistics of a loaded table, so that what compares and reads it next
    /// is planned well. Whatever refuses that is logged and stops nothing.
    public void gatherStatistics(Lane lane, TableMark mark) {
        if (!ends.settings().get(Settings.LOAD_STATISTICS)) {
            return;
        }
        var rows = marks.chunks(mark).stream().mapToLong(ChunkMark::rows).sum();
        work.during(
                "the statistics of " + mark.targetName() + " to be gathered",
                () -> gather(lane, mark, lane.catalog().statistics(mark.targetName(), rows)));
    }

    /// By the first statement that the target takes.
    private static void gather(Lane lane, TableMark mark, List<String> statements) {
        for (var statement : statements) {
            if (gathers(lane, mark, statement)) {
                return;
            }
        }
    }

    private static boolean gathers(Lane lane, TableMark mark, String statement) {
        try {
            lane.execute(statement);
            return true;
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.FENCED || e.code() == ProblemCode.TARGET_UNREACHABLE) {
                throw e;
            }
            LOG.warn(
                    "no statistics of {} were gathered by '{}', it goes on without: {}",
                    mark.targetName(),
                    statement,
                    e.problem().why());
            return false;
        }
    }

    /// Builds what was left for the end of the windows of these tables and marks them EXACT; behind
    /// the last one also the foreign keys of all.
    public void finish(Lane lane, List<TableMark> ended) {
        for (var mark : ended) {
            var refused = mark.created() ? buildAtWindowEnd(lane, mark) : List.<RefusedKey>of();
            store(lane, mark.next(Phase.EXACT), refused);
        }
        if (marks.areExact()) {
            for (var mark : marks.tables()) {
                if (mark.created()) {
                    finish(lane, mark);
                }
            }
        }
        lane.closeCatalog(); // the next window may end in days
    }

    /// Builds also the plain keys that are missing although they were left for the end of the load:
    /// that they were built is remembered by the load's board alone. What was refused there is not
    /// tried again.
    private List<RefusedKey> buildAtWindowEnd(Lane lane, TableMark mark) {
        var plan = plan(lane, mark);
        var refused = marks.refusedKeys(mark).stream().map(RefusedKey::object).toList();
        return buildMissing(
                lane,
                mark,
                plan.laterKeys().stream().filter(key -> !refused.contains(key.name())).toList(),
                keys -> missingKeys(lane, mark, plan, keys));
    }

    /// Builds the foreign keys of a table; what was refused earlier and is there by now, or no
    /// longer wanted, is no longer told.
    private void finish(Lane lane, TableMark mark) {
        var plan = plan(lane, mark);
        var refused =
                buildMissing(
                        lane,
                        mark,
                        plan.afterAll(),
                        keys ->
                                KeysInPlace.of(lane.catalog(), mark)
                                        .missingForeignKeys(keys, plan)
                                        .toList());
        var entries = new ArrayList<Entry>();
        refused.forEach(key -> entries.add(key.entry()));
        var settled = KeysInPlace.of(lane.catalog(), mark).settled(marks.refusedKeys(mark), plan);
        settled.forEach(key -> entries.add(key.removal()));
        if (!entries.isEmpty()) {
            lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
            refused.forEach(marks::record);
            settled.forEach(marks::remove);
        }
    }

    private SchemaPlan plan(Lane lane, TableMark mark) {
        return plan(lane.catalog(), marks, mark, mark.sourceLayout());
    }

    /// The plan for the table of a mark, of which the project sees this at the source.
    static SchemaPlan plan(Catalog catalog, Marks marks, TableMark mark, Table seen) {
        return catalog.plan(
                TableMapping.withParents(
                        seen, parent -> marks.table(parent).map(TableMark::mapping)),
                mark.targetName(),
                marks.names());
    }

    /// Builds those of the keys that do not exist; returns what the target refused.
    private List<RefusedKey> buildMissing(
            Lane lane, TableMark mark, List<KeyBuild> keys, UnaryOperator<List<KeyBuild>> missing) {
        requireFinished(lane.catalog(), mark, keys);
        return build(lane, mark, missing.apply(keys), missing);
    }

    /// Builds these keys; returns what the target refused. Before a refusal counts the catalog is
    /// asked whether it is missing still: somebody else may have made the key meanwhile.
    private List<RefusedKey> build(
            Lane lane, TableMark mark, List<KeyBuild> keys, UnaryOperator<List<KeyBuild>> missing) {
        var refused = new ArrayList<RefusedKey>();
        for (var key : keys) {
            var told = "key " + key.name() + " of " + mark.targetName() + " to be built";
            try {
                work.during(told, () -> lane.execute(key.statement()));
            } catch (ProblemException e) {
                if (e.code().retryable() || e.code() == ProblemCode.FENCED) {
                    throw e;
                }
                requireFinished(lane.catalog(), mark, List.of(key));
                if (missing.apply(List.of(key)).isEmpty()) {
                    continue;
                }
                refused.add(
                        new RefusedKey(
                                mark.id(),
                                mark.targetName().toString(),
                                key.name(),
                                key.statement(),
                                e.problem().why()));
            }
        }
        return refused;
    }

    /// A key that an earlier process began to build is there, or is not, when the server is done.
    private static void requireFinished(Catalog catalog, TableMark mark, List<KeyBuild> keys) {
        var unfinished = keys.isEmpty() ? Set.of() : catalog.unfinishedKeys(mark.targetName());
        for (var key : keys) {
            if (unfinished.contains(key.name())) {
                throw ProblemException.of(
                        ProblemCode.TARGET_BUSY,
                        "key %s of %s could not be built".formatted(key.name(), mark.targetName()),
                        "the target is still building or removing one of this name",
                        "it is tried again; if it stays for ever (the server was killed meanwhile), go on without the table by 'ferry aside FILE "
                                + mark.name()
                                + "'");
            }
        }
    }

    private static void execute(Lane lane, TableMark mark, List<String> statements) {
        statements.forEach(statement -> execute(lane, mark, statement));
    }

    private static void execute(Lane lane, TableMark mark, String statement) {
        try {
            lane.execute(statement);
        } catch (ProblemException e) {
            var what = "table " + mark.targetName() + " could not be made by: " + statement;
            switch (e.code()) {
                case TARGET_STATEMENT ->
                        throw new ProblemException(
                                new Problem(
                                        ProblemCode.SCHEMA_OBJECT,
                                        what,
                                        e.problem().why(),
                                        "create the table by hand and leave schema out of steps, or exclude "
                                                + mark.name()),
                                e);
                case TARGET_BUSY ->
                        throw new ProblemException(
                                new Problem(
                                        e.code(),
                                        what,
                                        e.problem().why(),
                                        "it is tried again; if it stays, look what holds the table there (a session, the build of an index), or go on without it by 'ferry aside FILE "
                                                + mark.name()
                                                + "'"),
                                e);
                default -> throw e;
            }
        }
    }

    private void store(Lane lane, TableMark mark, List<RefusedKey> refused) {
        var entries = new ArrayList<Entry>();
        entries.add(mark.entry());
        refused.forEach(key -> entries.add(key.entry()));
        lane.transaction(lane.checkpoint(), writer -> writer.put(entries));
        marks.record(mark);
        refused.forEach(marks::record);
    }
}
