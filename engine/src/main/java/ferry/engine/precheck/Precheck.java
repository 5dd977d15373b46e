package ferry.engine.precheck;

import ferry.engine.changelog.LogStore;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Outlook;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.PrecheckRequest.Mapped;
import ferry.engine.dialect.Role;
import ferry.engine.filter.ColumnChoice;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs the prechecks of both dialects and those that concern both ends.
public final class Precheck {
    private static final int NAMED_MAX = 20;
    private static final String CONDITION = "DB_ROW_CONDITION";
    private static final String COLUMNS = "DB_COLUMN_CHOICE";

    private final Ends ends;
    private final Function<TableName, Optional<TableMapping>> selection;
    private final Work work;
    private final Optional<LogStore> changeLog;
    private Set<TableName> aside = Set.of();

    /// What the project is going to do.
    public record Work(boolean createsSchema, boolean loads, boolean readsLog) {}

    /// `changeLog` is where the change log lies or will lie: its room is checked too.
    public Precheck(
            Ends ends,
            Function<TableName, Optional<TableMapping>> selection,
            Work work,
            LogStore changeLog) {
        this(ends, selection, work, Optional.of(changeLog));
    }

    /// A project that loads tables, without regard to the room for its change log.
    public Precheck(
            Ends ends,
            Function<TableName, Optional<TableMapping>> selection,
            boolean readsLog,
            boolean createsSchema) {
        this(ends, selection, new Work(createsSchema, true, readsLog), Optional.empty());
    }

    private Precheck(
            Ends ends,
            Function<TableName, Optional<TableMapping>> selection,
            Work work,
            Optional<LogStore> changeLog) {
        this.ends = ends;
        this.selection = selection;
        this.work = work;
        this.changeLog = changeLog;
    }

    /// The tables that the project has set aside, behind [#run]: they are not looked at.
    public Set<TableName> aside() {
        return aside;
    }

    /// Every item of every check, source first.
    public List<Finding> run() {
        var findings = new ArrayList<Finding>();
        var tables = new ArrayList<Mapped>();
        Map<String, String> facts = Map.of();
        var books = books();
        var carried = books.carried();
        aside =
                carried.stream()
                        .flatMap(List::stream)
                        .filter(TableMark::isAside)
                        .map(TableMark::name)
                        .collect(Collectors.toSet());
        var outlook = Outlook.NOTHING;
        var unreadable = Optional.<ProblemException>empty();
        try (var catalog = ends.sourceCatalog()) {
            facts = catalog.facts();
            for (var name : catalog.tables()) {
                if (aside.contains(name)) {
                    continue; // nothing of it moves
                }
                var mapping = selection.apply(name);
                var table = mapping.flatMap(_ -> catalog.table(name));
                if (table.isPresent()) {
                    tables.add(mapped(mapping.get(), table.get(), carried));
                    fit(mapping.get(), table.get(), carried).forEach(findings::add);
                }
            }
            findings.add(
                    tables.isEmpty() && aside.isEmpty()
                            ? noTables()
                            : Finding.passed(
                                    "RDB_TABLE_EXIST",
                                    Role.SOURCE,
                                    tables.size() + " tables are selected"));
            outlook = outlook(catalog, tables, carried.orElse(List.of()));
        } catch (ProblemException e) {
            unreadable = Optional.of(e);
        }
        findings.addAll(collisions(tables));
        findings.addAll(parentsInPart(tables, carried));
        cycle(tables).ifPresent(findings::add);
        carried.map(known -> changedRules(known, tables)).ifPresent(findings::addAll);
        // A table is admitted only once the log is read.
        var logBegun = carried.stream().flatMap(List::stream).anyMatch(TableMark::isAdmitted);
        var request =
                new PrecheckRequest(
                        tables,
                        work.readsLog(),
                        work.createsSchema(),
                        carried.isPresent() || !work.loads(),
                        logBegun,
                        facts,
                        outlook);
        var ofSource =
                ends.sourceDialect().precheck(ends.source(), Role.SOURCE, request, ends.settings());
        unreadable.flatMap(problem -> unreadable(problem, ofSource)).ifPresent(findings::add);
        findings.addAll(ofSource);
        if (work.readsLog() && changeLog.isPresent() && unreadable.isEmpty()) {
            findings.add(
                    ChangeLogRoom.check(
                            changeLog.get(), ends.settings(), outlook, ends.clock().instant()));
        }
        var ofTarget =
                ends.targetDialect().precheck(ends.target(), Role.TARGET, request, ends.settings());
        findings.addAll(
                books.lost().filter(_ -> !tellsWhoIsAway(ofTarget)).isPresent()
                        ? List.of(unknownRows(books.lost().orElseThrow()))
                        : ofTarget);
        return List.copyOf(findings);
    }

    /// What the project sees of a table; the whole of one that its mapping does not fit, of which
    /// [#fit] tells.
    private Mapped mapped(TableMapping wanted, Table table, Optional<List<TableMark>> carried) {
        var mapping = carried(carried, table.name()).orElse(wanted);
        try {
            return new Mapped(
                    TableMapping.withParents(
                            mapping.view(table),
                            parent -> carried(carried, parent).or(() -> selection.apply(parent))),
                    wanted.target());
        } catch (ProblemException unfit) {
            return new Mapped(table, wanted.target());
        }
    }

    /// Whether the table's condition and columns fit it. One that the project carries was judged
    /// when it began; what the table is now, its log has yet to come to.
    private static List<Finding> fit(
            TableMapping wanted, Table table, Optional<List<TableMark>> carried) {
        if (carried(carried, table.name()).isPresent()) {
            return List.of();
        }
        var findings = new ArrayList<Finding>();
        try {
            wanted.requireColumns(table);
            var left = wanted.leftOut(wanted.view(table));
            wanted.where()
                    .ifPresent(condition ->
                            findings.add(
                                    Finding.passed(
                                            CONDITION,
                                            Role.SOURCE,
                                            "rows of "
                                                    + table.name()
                                                    + " move where "
                                                    + condition)));
            if (!left.isEmpty()) {
                findings.add(
                        Finding.warned(
                                COLUMNS,
                                Role.SOURCE,
                                "With the columns of %s (%s) these are left out: %s"
                                        .formatted(
                                                table.name(),
                                                wanted.columns().orElseThrow(),
                                                String.join(", ", left)),
                                "Choose the columns that they need under objects.columns, or add them in the target by hand"));
            }
            return findings;
        } catch (ProblemException e) {
            return List.of(
                    Finding.failed(
                            e.code() == ProblemCode.COLUMN_CHOICE ? COLUMNS : CONDITION,
                            Role.SOURCE,
                            e.problem().what() + ": " + e.problem().why(),
                            e.problem().remedy()));
        }
    }

    private static Optional<TableMapping> carried(
            Optional<List<TableMark>> carried, TableName name) {
        return carried.stream()
                .flatMap(List::stream)
                .filter(mark -> mark.name().equals(name))
                .map(TableMark::mapping)
                .findFirst();
    }

    /// A foreign key is built without a look at the rows, and then some may be without a parent.
    private List<Finding> parentsInPart(List<Mapped> tables, Optional<List<TableMark>> carried) {
        var findings = new ArrayList<Finding>();
        for (var table : tables) {
            for (var key : table.source().foreignKeys()) {
                var where =
                        carried(carried, key.parent())
                                .or(() -> selection.apply(key.parent()))
                                .flatMap(TableMapping::where);
                if (where.isPresent()) {
                    findings.add(
                            Finding.warned(
                                    CONDITION,
                                    Role.SOURCE,
                                    "Foreign key %s of %s refers to %s, of which only rows move where %s"
                                            .formatted(
                                                    key.name(),
                                                    table.source().name(),
                                                    key.parent(),
                                                    where.get()),
                                    "Give %s a condition that leaves out the rows whose parents stay behind, or expect them without a parent"
                                            .formatted(table.source().name())));
                }
            }
        }
        return findings;
    }

    private static boolean tellsWhoIsAway(List<Finding> findings) {
        return findings.stream()
                .anyMatch(finding ->
                        finding.item().equals("RDB_CONNECT")
                                && finding.outcome() == Finding.Outcome.FAILED);
    }

    /// The target went away and came back meanwhile. Whose rows it holds is not known, so that
    /// nobody may be told to empty or drop them.
    private static Finding unknownRows(ProblemException lost) {
        return Finding.failed(
                "RDB_CONNECT",
                Role.TARGET,
                "What this project did so far could not be read: "
                        + lost.problem().what()
                        + ": "
                        + lost.problem().why(),
                lost.problem().remedy());
    }

    /// Why the tables could not be read. A source that does not answer at all is told by the
    /// dialect's own checks.
    private static Optional<Finding> unreadable(ProblemException e, List<Finding> ofSource) {
        return tellsWhoIsAway(ofSource)
                ? Optional.empty()
                : Optional.of(
                        Finding.failed(
                                "RDB_TABLE_EXIST",
                                Role.SOURCE,
                                e.problem().what() + ": " + e.problem().why(),
                                e.problem().remedy()));
    }

    /// What is still to be loaded; tables that are loaded already do not count.
    private Outlook outlook(Catalog catalog, List<Mapped> tables, List<TableMark> carried) {
        var loaded =
                carried.stream()
                        .filter(mark -> mark.phase().compareTo(TableMark.Phase.LOADED) >= 0)
                        .map(TableMark::name)
                        .collect(Collectors.toSet());
        var bytes = 0L;
        for (var table : tables) {
            if (work.loads() && !loaded.contains(table.source().name())) {
                var size = catalog.size(table.source());
                bytes += size.rows() * size.rowBytes();
            }
        }
        var speed = ends.settings().get(Settings.PRECHECK_LOAD_SPEED);
        return new Outlook(
                bytes,
                Duration.ofSeconds(bytes / speed),
                work.readsLog()
                        ? ends.sourceDialect().logHistory(ends.source(), ends.settings())
                        : Optional.empty());
    }

    private static Finding noTables() {
        return Finding.failed(
                "RDB_TABLE_EXIST",
                Role.SOURCE,
                "The object rules select no table",
                "Correct objects.include and objects.exclude, or check that the user may see the tables");
    }

    private static List<Finding> collisions(List<Mapped> tables) {
        var owners = new HashMap<TableName, TableName>();
        var findings = new ArrayList<Finding>();
        for (var table : tables) {
            var other = owners.put(table.target(), table.source().name());
            if (other != null) {
                findings.add(
                        Finding.failed(
                                "DB_TABLE_NAME_UNIQUE",
                                Role.TARGET,
                                other
                                        + " and "
                                        + table.source().name()
                                        + " would both become "
                                        + table.target(),
                                "Rename one of them under objects.rename, exclude it, or, if the project carries it already, go on without it by 'ferry aside'"));
            }
        }
        return findings;
    }

    /// A table that moves cannot be the target of one, be it its own: Ferry would follow what it
    /// writes. Copies of a machine may share an identity, so the operator may know better.
    private Optional<Finding> cycle(List<Mapped> tables) {
        var sources =
                tables.stream().map(table -> table.source().name()).collect(Collectors.toSet());
        var circles =
                tables.stream()
                        .filter(table -> sources.contains(table.target()))
                        .map(table -> table.source().name() + " -> " + table.target())
                        .toList();
        if (circles.isEmpty()) {
            return Optional.empty();
        }
        try (var source = ends.sourceCatalog();
                var target = ends.targetCatalog()) {
            if (!source.serverIdentity().equals(target.serverIdentity())) {
                return Optional.empty();
            }
        } catch (ProblemException e) {
            return Optional.empty(); // the dialects' own checks say why an end cannot be asked
        }
        return Optional.of(
                new Finding(
                        "RDB_CYCLE",
                        Role.TARGET,
                        Finding.Outcome.FAILED,
                        "Source and target are the same server, and tables would be written to that move themselves: "
                                + String.join(", ", circles),
                        "Give the address of another target, or rename the tables under objects.rename",
                        true));
    }

    /// A project carries the tables that were chosen when it began, and those that the source made
    /// since; rules that were changed in between choose nothing any more.
    private List<Finding> changedRules(List<TableMark> carried, List<Mapped> tables) {
        if (carried.isEmpty()) {
            return List.of(); // nothing was chosen yet
        }
        var findings = new ArrayList<Finding>();
        var known = carried.stream().map(TableMark::name).collect(Collectors.toSet());
        var more =
                tables.stream()
                        .map(table -> table.source().name())
                        .filter(name -> !known.contains(name))
                        .toList();
        if (!more.isEmpty()) {
            findings.add(
                    Finding.warned(
                            "RDB_TABLE_EXIST",
                            Role.SOURCE,
                            "The rules select "
                                    + named(more)
                                    + ", which this project does not carry: its tables were chosen when it began",
                            "Carry them with a project of their own, or run 'ferry reset' and begin anew"
                                    + (work.readsLog()
                                            ? "; a table that was made since the last run comes by itself"
                                            : "")));
        }
        var less = known.stream().filter(name -> selection.apply(name).isEmpty()).sorted().toList();
        if (!less.isEmpty()) {
            findings.add(
                    Finding.warned(
                            "RDB_TABLE_EXIST",
                            Role.SOURCE,
                            "The rules no longer select "
                                    + named(less)
                                    + ", which this project goes on to carry",
                            "Run 'ferry reset' and begin anew to leave them out"));
        }
        for (var mark : carried) {
            var now = selection.apply(mark.name());
            if (now.isPresent() && !now.get().where().equals(mark.mapping().where())) {
                findings.add(
                        Finding.warned(
                                CONDITION,
                                Role.SOURCE,
                                "objects.where says now that rows of %s move %s, but this project began with: %s"
                                        .formatted(
                                                mark.name(),
                                                now.get()
                                                        .where()
                                                        .map("where "::concat)
                                                        .orElse("all"),
                                                mark.mapping().where().orElse("all rows")),
                                "Run 'ferry reset' and begin anew for another condition"));
            }
            if (now.isPresent() && !now.get().columns().equals(mark.mapping().columns())) {
                findings.add(
                        Finding.warned(
                                COLUMNS,
                                Role.SOURCE,
                                "objects.columns says now that of %s move %s, but this project began with: %s"
                                        .formatted(
                                                mark.name(),
                                                now.get()
                                                        .columns()
                                                        .map(ColumnChoice::toString)
                                                        .orElse("all columns"),
                                                mark.mapping()
                                                        .columns()
                                                        .map(ColumnChoice::toString)
                                                        .orElse("all columns")),
                                "Run 'ferry reset' and begin anew for other columns"));
            }
        }
        return findings;
    }

    private static String named(List<TableName> names) {
        var text =
                names.stream()
                        .limit(NAMED_MAX)
                        .map(TableName::toString)
                        .collect(Collectors.joining(", "));
        return names.size() > NAMED_MAX
                ? text + " and " + (names.size() - NAMED_MAX) + " more"
                : text;
    }

    /// What the target's bookkeeping says of the project.
    ///
    /// @param carried the tables of a project that already wrote to the target; empty if it did not
    /// @param lost why that could not be read just now; empty if it could, or never can, and the
    ///   target's own checks say why
    private record Books(Optional<List<TableMark>> carried, Optional<ProblemException> lost) {}

    private Books books() {
        try {
            return new Books(Marks.known(ends).map(Marks::tables), Optional.empty());
        } catch (ProblemException e) {
            return new Books(
                    Optional.empty(),
                    Optional.of(e).filter(lost -> lost.problem().code().retryable()));
        }
    }
}
