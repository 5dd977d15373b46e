package ferry.dialects.toy;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Ends;
import ferry.engine.filter.ColumnChoice;
import ferry.engine.filter.RowFilter;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TextDecoder;
import ferry.engine.pipeline.Certificate;
import ferry.engine.pipeline.ProjectPlan;
import ferry.engine.problem.ProblemException;
import ferry.engine.verify.Difference;
import ferry.testkit.simulation.EndlessHistory;
import ferry.testkit.simulation.FaultPlan;
import ferry.testkit.simulation.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One history from one seed: a source with applications, one migration project with its owners,
/// and everything that can go wrong; in the end the writers stop, and the target must be exactly
/// the source, the certificate must say so, and what is then damaged must be found, exactly, and
/// mended.
///
/// The same seed gives the same history, on every machine.
final class Simulation {
    private static final String PROJECT = "simulated";

    /// Far more than a history needs.
    static final long STEPS_MAX = 60_000;

    private final World world;
    private final Mutation mutation;
    private final boolean talkative;
    private final ToyServer source;
    private final ToyServer target;
    private final String type;
    private final Settings settings;
    private final Workload workload;
    private final SchemaChanges schemaChanges;
    private final Map<TableName, String> conditions;
    private final Map<TableName, ColumnChoice> columns;
    private final List<Owner> owners = new ArrayList<>();

    /// `talkative` keeps a trace of what is done, read and written. A history of more than
    /// `stepsMax` steps fails.
    Simulation(long seed, Mutation mutation, long stepsMax, boolean talkative) {
        this.world = new World(seed, stepsMax, talkative);
        this.talkative = talkative;
        this.mutation = mutation;
        var random = world.random();
        var logsCascades = !mutation.equals(Mutation.CASCADES_NOT_LOGGED) && random.nextBoolean();
        var cascades = logsCascades || mutation.equals(Mutation.CASCADES_NOT_LOGGED);
        var ordered = !emphasises(Emphasis.OVERTAKING) && random.nextInt(3) > 0;
        this.source =
                new ToyServer(
                        "source", new ToyServer.Options(ordered, logsCascades), world::micros);
        this.target = new ToyServer("target", ToyServer.Options.DEFAULT, world::micros);
        this.type =
                !emphasises(Emphasis.OVERTAKING) && random.nextInt(3) == 0
                        ? ToyDialect.FILES
                        : ToyDialect.GLOBAL_IDS;
        this.settings = settings();
        this.workload =
                new Workload(world, source, shapes(), has(Emphasis.FOREIGN_KEYS, 3), cascades);
        var existing = has(Emphasis.EXISTING_TABLES, 6);
        if (existing) {
            createAtTarget();
        }
        // Nobody follows a change of a table that was made by hand.
        var changes =
                existing
                        ? 0
                        : has(Emphasis.SCHEMA_CHANGES, 8)
                                ? 4 + random.nextInt(8)
                                : Math.max(0, random.nextInt(5) - 1);
        var renames = random.nextInt(3) == 0;
        this.conditions =
                !renames && (emphasises(Emphasis.ROW_CONDITIONS) || world.seed() % 4 == 1)
                        ? conditions()
                        : Map.of();
        this.columns =
                !renames && !existing && (emphasises(Emphasis.COLUMNS) || world.seed() % 4 == 3)
                        ? columns()
                        : Map.of();
        this.schemaChanges =
                new SchemaChanges(
                        world,
                        source,
                        workload.tables(),
                        renames,
                        has(Emphasis.SERIAL_COLUMNS, 8),
                        changes);
        this.owners.add(new Owner(world, "owner-0", this::connect, plan(false)));
        if (has(Emphasis.TWO_OWNERS, 3)) {
            this.owners.add(new Owner(world, "owner-1", this::connect, plan(false)));
        }
    }

    private boolean emphasises(Emphasis emphasis) {
        return mutation.emphases().contains(emphasis);
    }

    /// By chance in one of so many worlds.
    private boolean has(Emphasis emphasis, int oneIn) {
        return world.random().nextInt(oneIn) == 0 || emphasises(emphasis);
    }

    private List<String> shapes() {
        if (emphasises(Emphasis.UNIQUE_KEYS)) {
            return Workload.WITH_UNIQUE_KEYS;
        }
        return emphasises(Emphasis.KEYLESS) ? Workload.KEYLESS : Workload.SHAPES;
    }

    private void createAtTarget() {
        for (var name : workload.tables()) {
            var sql = new ToyStatement.Create(source.definition(name).orElseThrow(), false).sql();
            target.execute(sql.replace("shop.", "copy."));
        }
    }

    /// Small numbers everywhere, so that every border is met.
    private Settings settings() {
        var random = world.random();
        return governed()
                .with(Settings.LOAD_WORKERS, "" + (1 + random.nextInt(3)))
                .with(Settings.LOAD_CHUNK_ROWS, "" + (1 + random.nextInt(6)))
                .with(Settings.LOAD_KEY_WORKERS, "" + (1 + world.seed() % 2))
                .with(Settings.LOAD_KEYS_ROWS, world.seed() % 3 == 0 ? "6" : "0")
                .with(Settings.APPLY_BATCH_TRANSACTIONS, "" + (1 + random.nextInt(6)))
                .with(Settings.APPLY_BATCH_ROWS, "" + (1 + random.nextInt(20)))
                .with(Settings.APPLY_LANES, "" + (1 + random.nextInt(4)))
                .with(Settings.APPLY_HELD_BYTES, random.nextInt(3) == 0 ? "1KiB" : "64KiB")
                .with(Settings.APPLY_SPLIT_BYTES, random.nextInt(2) == 0 ? "200" : "0")
                .with(Settings.APPLY_MERGE, Boolean.toString(world.seed() % 6 != 5))
                .with(Settings.CHECKPOINT_TIME, "100ms")
                .with(Settings.CHANGELOG_SEGMENT_BYTES, "64KiB")
                .with(Settings.CHANGELOG_RETENTION, "0s")
                .with(Settings.VERIFY_WORKERS, "" + (1 + random.nextInt(3)))
                .with(Settings.VERIFY_MEMORY_BYTES, world.seed() % 2 == 0 ? "1KiB" : "1MiB")
                .with(Settings.VERIFY_CHUNK_ROWS, "" + (1 + random.nextInt(8)));
    }

    /// Some worlds have a governor that limits the load, some one that looks at the servers and at
    /// times waits because it cannot.
    private Settings governed() {
        var settings = Settings.defaults().with(GovernorSettings.GROW_TIME, "100ms");
        return switch ((int) (world.seed() % 5)) {
            case 0 ->
                    settings.with(GovernorSettings.LOAD_ROWS, "200")
                            .with(GovernorSettings.APPLY_ROWS, "200");
            case 1 ->
                    settings.with(GovernorSettings.SAMPLE_TIME, "100ms")
                            .with(GovernorSettings.SOURCE_THREADS, "3")
                            .with(GovernorSettings.TARGET_THREADS, "3");
            default -> settings;
        };
    }

    /// Of tables that no foreign key needs whole. A table that takes over another one's name would
    /// have other columns.
    private Map<TableName, String> conditions() {
        return workload.tables().stream()
                .filter(name -> name.table().startsWith("t"))
                .collect(Collectors.toMap(Function.identity(), this::condition));
    }

    /// Rows come and go by it: over a column besides the key where there is one.
    private String condition(TableName name) {
        var table = source.definition(name).orElseThrow();
        var key =
                table.rowKey().map(Key::parts).orElse(List.of()).stream()
                        .map(Key.Part::column)
                        .toList();
        var column =
                table.carried().stream()
                        .filter(candidate -> !key.contains(candidate.name()))
                        .findFirst()
                        .orElse(table.carried().getFirst());
        return column.type() instanceof DataType.Int
                ? "%1$s %% 3 <> 1 OR %1$s IS NULL".formatted(column.name())
                : "%s > 'b'".formatted(column.name());
    }

    private Map<TableName, ColumnChoice> columns() {
        return workload.tables().stream()
                .filter(name -> name.table().startsWith("t"))
                .collect(Collectors.toMap(Function.identity(), this::columns));
    }

    /// The first column moves under another name, the last one not at all if there is a third that
    /// finds no rows. What comes later moves in every other world.
    private ColumnChoice columns(TableName name) {
        var table = source.definition(name).orElseThrow();
        var own = table.carried().stream().map(Column::name).toList();
        var key =
                table.rowKey().map(Key::parts).orElse(List.of()).stream()
                        .map(Key.Part::column)
                        .toList();
        var left = own.size() > 2 && !key.contains(own.getLast());
        var first = own.getFirst() + "=" + own.getFirst() + "_2";
        if (world.seed() % 8 < 4) {
            return ColumnChoice.parse("*, " + first + (left ? ", -" + own.getLast() : ""));
        }
        var others = own.subList(1, left ? own.size() - 1 : own.size());
        return ColumnChoice.parse(
                Stream.concat(Stream.of(first), others.stream()).collect(Collectors.joining(", ")));
    }

    private TableMapping mapping(TableName name) {
        return new TableMapping(
                name,
                new TableName("copy", name.table()),
                Optional.ofNullable(conditions.get(name)),
                Optional.ofNullable(columns.get(name)));
    }

    private Predicate<Row> moves(Table table) {
        return mapping(table.name())
                .view(table)
                .where()
                .<Predicate<Row>>map(condition -> RowFilter.of(condition, table, TextDecoder.UTF_8))
                .orElse(_ -> true);
    }

    private ProjectPlan plan(boolean corrects) {
        var selected = Set.copyOf(workload.tables());
        return new ProjectPlan(
                name -> Optional.of(mapping(name)).filter(_ -> selected.contains(name)),
                Set.of(ProjectPlan.Part.values()),
                ProjectPlan.Until.VERIFIED,
                corrects);
    }

    private Owner.Client connect(Line line) {
        var toy = new ToyDialect(Map.of("source", source, "target", target), line);
        var mutant = mutation.mutate(toy, source, target);
        Dialect dialect = talkative ? new TellingDialect(mutant, world) : mutant;
        var ends =
                new Ends(
                        PROJECT,
                        dialect,
                        ToyDialect.endpoint(type, "source"),
                        dialect,
                        ToyDialect.endpoint(type, "target"),
                        settings,
                        mutation.rules(),
                        world);
        return new Owner.Client(ends, toy::vanish);
    }

    List<String> trace() {
        return world.trace();
    }

    /// What kind of world it is, in one line.
    String describe() {
        return type
                + ", commits "
                + (source.orderedCommits() ? "in order" : "out of order")
                + ", cascades "
                + (source.logsCascades() ? "logged" : "not logged")
                + ", tables "
                + workload.tables().stream()
                        .flatMap(name -> source.definition(name).stream())
                        .map(table -> new ToyStatement.Create(table, false).sql())
                        .toList();
    }

    World world() {
        return world;
    }

    void run() {
        world.add(new Background(world, "source", source));
        world.add(new Background(world, "target", target));
        owners.forEach(world::add);
        world.add(schemaChanges);
        workload.fill();
        workload.start(
                1 + world.random().nextInt(4),
                world.random().nextInt(3) == 0 ? 0 : 15,
                this::logBegun);
        world.run(world.random().nextInt(200));
        turbulence();
        drain();
        var certificate = runOnce(plan(false));
        if (!certificate.equal()) {
            throw new SimulationFailure(
                    "verification reports differences: " + differences(certificate));
        }
        compareAll();
        damageAndFind();
    }

    /// XA is safe only behind the place where the project's log begins: before it, an open group
    /// must fail the precheck.
    private boolean logBegun() {
        return target.definition(new TableName("ferry", "lane")).isPresent()
                && target.rows(new TableName("ferry", "lane")).stream()
                        .anyMatch(row -> row.text(1).equals("apply-0") && !row.text(5).isEmpty());
    }

    private void turbulence() {
        var random = world.random();
        var violence = emphasises(Emphasis.FAULTS) ? 3 : random.nextInt(4);
        var late = has(Emphasis.LATE_CALLS, 8) ? 200 : 20 * violence;
        world.setFaults(new FaultPlan(1_500, 8 * violence, 40 * violence, late));
        owners.getFirst().enable(true, true);
        for (var phase = 0; phase < 6; phase++) {
            world.run(random.nextInt(600));
            for (var owner : owners) {
                owner.enable(random.nextInt(3) > 0, random.nextBoolean());
                owner.takeCertificate().ifPresent(this::requireEqual);
            }
        }
    }

    private void requireEqual(Certificate certificate) {
        if (!certificate.equal()) {
            throw new SimulationFailure(
                    "verification under load reports differences: " + differences(certificate));
        }
    }

    private void drain() {
        workload.stop();
        schemaChanges.stop();
        owners.forEach(owner -> owner.enable(false, true));
        world.setFaults(world.faults().faultless());
        require(
                "everybody to come to rest",
                () ->
                        workload.quiet()
                                && target.lateCalls() == 0
                                && source.lateCalls() == 0
                                && owners.stream().noneMatch(Owner::running));
        owners.forEach(owner -> owner.takeCertificate().ifPresent(this::requireEqual));
    }

    private Certificate runOnce(ProjectPlan plan) {
        var owner = new Owner(world, "last owner", this::connect, plan);
        world.add(owner);
        owner.enable(true, true);
        var result = new ArrayList<Certificate>();
        require(
                "the project to end with a certificate",
                () -> {
                    if (!owner.running()) {
                        owner.takeCertificate().ifPresent(result::add);
                    }
                    return !result.isEmpty();
                });
        world.remove(owner);
        return result.getFirst();
    }

    private void require(String what, java.util.function.BooleanSupplier done) {
        try {
            world.runUntil(done);
        } catch (EndlessHistory endless) {
            throw new SimulationFailure(
                    endless.getMessage()
                            + ", waiting for "
                            + what
                            + ": "
                            + owners.stream().map(Owner::describe).toList()
                            + ", prepared "
                            + source.prepared()
                            + ", in flight "
                            + source.inFlight());
        }
    }

    /// Every selected table that the source has, row by row; and no other.
    private void compareAll() {
        for (var name : workload.tables()) {
            var copy = new TableName("copy", name.table());
            var there = source.definition(name);
            if (there.isEmpty() != target.definition(copy).isEmpty()) {
                throw new SimulationFailure(
                        name
                                + " is at "
                                + (there.isEmpty() ? "the target" : "the source")
                                + " only");
            }
            if (there.isPresent()) {
                compare(there.get(), target.definition(copy).orElseThrow());
            }
        }
    }

    private void compare(Table whole, Table copy) {
        var table = mapping(whole.name()).view(whole);
        var own =
                table.underOwnNames().carried().stream()
                        .mapToInt(column -> whole.indexOf(column.name()))
                        .toArray();
        var counts = new HashMap<Row, Integer>();
        var places =
                table.carried().stream().mapToInt(column -> copy.indexOf(column.name())).toArray();
        if (table.carried().size() != copy.carried().size()
                || java.util.Arrays.stream(places).anyMatch(place -> place < 0)) {
            throw new SimulationFailure(
                    table.name() + " has other columns in the target: " + copy.columns());
        }
        if (!Set.copyOf(table.keys()).equals(Set.copyOf(copy.keys()))) {
            throw new SimulationFailure(
                    table.name()
                            + " has keys "
                            + copy.keys()
                            + " in the target, not "
                            + table.keys());
        }
        if (table.foreignKeys().size() != copy.foreignKeys().size()) {
            throw new SimulationFailure(
                    table.name() + " has foreign keys " + copy.foreignKeys() + " in the target");
        }
        source.rows(table.name()).stream()
                .filter(moves(whole))
                .forEach(row -> counts.merge(row.project(own), 1, Integer::sum));
        target.rows(copy.name())
                .forEach(row -> counts.merge(row.project(places), -1, Integer::sum));
        counts.values().removeIf(count -> count == 0);
        if (!counts.isEmpty()) {
            throw new SimulationFailure(
                    table.name() + " differs (rows by source minus target): " + counts);
        }
    }

    /// Damages some rows of the target; verification must name exactly these, correction must mend
    /// them.
    private void damageAndFind() {
        var damaged = new HashSet<String>();
        for (var name : workload.tables()) {
            target.definition(new TableName("copy", name.table()))
                    .ifPresent(table -> damage(table, name).ifPresent(key -> damaged.add(key)));
        }
        var found = differences(runOnce(plan(false)));
        if (!found.equals(damaged)) {
            throw new SimulationFailure(
                    "verification found " + found + ", but what was damaged is " + damaged);
        }
        var corrected = runOnce(plan(true));
        if (!corrected.equal()) {
            throw new SimulationFailure("correction left " + differences(corrected));
        }
        compareAll();
    }

    private static Set<String> differences(Certificate certificate) {
        var found = new HashSet<String>();
        certificate
                .tables()
                .forEach(report ->
                        report.differences().forEach(difference -> found.add(text(difference))));
        return found;
    }

    private static String text(Difference difference) {
        return difference.kind()
                + " "
                + difference.table()
                + " "
                + difference.key()
                + " x"
                + difference.count();
    }

    private Optional<String> damage(Table copy, TableName name) {
        var rows = target.rows(copy.name());
        if (rows.isEmpty() || copy.carried().size() == copy.rowKeyIndexes().length) {
            return Optional.empty();
        }
        var row = world.pick(rows);
        var keyed = copy.rowKey().isPresent();
        var key = keyed ? row.project(copy.rowKeyIndexes()) : row;
        var transaction = target.begin(false);
        try {
            Difference difference;
            if (world.random().nextBoolean()) {
                transaction.delete(copy.name(), row);
                difference = new Difference(name, key, Optional.of(row), Optional.empty(), 1);
            } else if (keyed) {
                var changed = changed(copy, row);
                transaction.update(copy.name(), row, changed);
                difference = new Difference(name, key, Optional.of(row), Optional.of(changed), 1);
            } else {
                transaction.insert(copy.name(), row);
                difference = new Difference(name, key, Optional.empty(), Optional.of(row), 1);
            }
            transaction.commit();
            return Optional.of(text(difference));
        } catch (ProblemException _) {
            transaction.rollback(); // another row has the value
            return Optional.empty();
        }
    }

    /// The row with another value in a column outside its key: NULL for a value, the empty text for
    /// NULL, or a number one higher.
    private Row changed(Table table, Row row) {
        var key = java.util.Arrays.stream(table.rowKeyIndexes()).boxed().toList();
        var place =
                world.pick(
                        java.util.stream.IntStream.range(0, row.size())
                                .filter(index -> !key.contains(index))
                                .boxed()
                                .toList());
        var column = table.carried().get(place);
        var isText = column.type() instanceof ferry.engine.model.DataType.Text;
        var built = new Row.Builder(row.size());
        for (var i = 0; i < row.size(); i++) {
            if (i != place) {
                built.add(row, i);
            } else if (row.isNull(i)) {
                built.add((isText ? "" : "99").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            } else if (column.nullable() && world.random().nextBoolean()) {
                built.addNull();
            } else {
                built.add(
                        (isText ? row.text(i) + "x" : row.text(i) + "1")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return built.build();
    }
}
