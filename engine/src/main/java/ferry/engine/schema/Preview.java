package ferry.engine.schema;

import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.dialect.SchemaPlan.Loss;
import ferry.engine.dialect.Snapshot;
import ferry.engine.filter.Selection;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Column;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import ferry.engine.schema.TableFit.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What would happen to tables in the target if their project ran now. Asks both ends and changes
/// nothing.
public final class Preview {
    /// What would become of one table in the target.
    public enum Deed {
        /// It is made by Ferry.
        CREATE,
        /// It is there, and rows are written into it.
        USE,
        /// The project moves it already, whatever its rules say now.
        MOVES,
        /// The rules select it now, and the project began without it.
        STAYS_OUT,
        /// The project would stop at it.
        REFUSED
    }

    /// One table: `statements` would make it and its keys, in their order; `fit` compares one that
    /// is there with the one that would be made; `losses` is what the target cannot keep; `why`
    /// tells of a refusal, or why a table that moves is set aside.
    public record Line(
            TableMapping mapping,
            Deed deed,
            List<String> statements,
            Optional<TableFit> fit,
            List<Loss> losses,
            String why) {
        public Line {
            statements = List.copyOf(statements);
            losses = List.copyOf(losses);
        }

        public TableName source() {
            return mapping.source();
        }

        public TableName target() {
            return mapping.target();
        }
    }

    private final Ends ends;
    private final boolean createsTables;
    private final boolean fillsTables;

    /// `createsTables` and `fillsTables` as for the [SchemaBuilder].
    public Preview(Ends ends, boolean createsTables, boolean fillsTables) {
        this.ends = ends;
        this.createsTables = createsTables;
        this.fillsTables = fillsTables;
    }

    /// One line for each selected table, and for each other one that the project moves already.
    public List<Line> of(Catalog source, Catalog target, Selection selection) {
        var marks = Marks.known(ends).orElseGet(() -> new Marks(ends::position));
        var lines = new ArrayList<Line>();
        marks.tables().forEach(mark -> lines.add(line(mark)));
        var begun = !lines.isEmpty();
        try (var rows = ends.targetSnapshot()) {
            selection
                    .mappings()
                    .forEach((name, mapping) -> {
                        if (!begun) {
                            source.table(name)
                                    .ifPresent(table ->
                                            lines.add(
                                                    line(target, rows, table, mapping, selection)));
                        } else if (marks.table(name).isEmpty()) {
                            lines.add(only(mapping, Deed.STAYS_OUT, ""));
                        }
                    });
        }
        return lines;
    }

    private static Line line(TableMark mark) {
        return only(mark.mapping(), Deed.MOVES, mark.aside().orElse(""));
    }

    private static Line only(TableMapping mapping, Deed deed, String why) {
        return new Line(mapping, deed, List.of(), Optional.empty(), List.of(), why);
    }

    private Line line(
            Catalog target, Snapshot rows, Table table, TableMapping mapping, Selection selection) {
        var existing = target.table(mapping.target());
        try {
            mapping.requireColumns(table);
            var seen = mapping.view(table);
            var plan =
                    target.plan(
                            TableMapping.withParents(
                                    seen,
                                    parent ->
                                            Optional.ofNullable(selection.mappings().get(parent))),
                            mapping.target(),
                            selection.names());
            return existing.isPresent()
                    ? use(rows, seen, mapping, plan, existing.orElseThrow())
                    : create(mapping, plan, lost(mapping, seen));
        } catch (ProblemException e) {
            return only(mapping, Deed.REFUSED, e.problem().what() + ": " + e.problem().why());
        }
    }

    /// What goes with columns that do not move, or move under other names.
    private static List<Loss> lost(TableMapping mapping, Table seen) {
        return mapping.leftOut(seen).stream()
                .map(what ->
                        new Loss(
                                "table " + mapping.source(),
                                what
                                        + " is left out: a column that it needs does not move, or moves under another name",
                                false))
                .toList();
    }

    private Line create(TableMapping mapping, SchemaPlan plan, List<Loss> more) {
        return new Line(
                mapping.withTarget(plan.table().name()),
                createsTables ? Deed.CREATE : Deed.REFUSED,
                createsTables ? statements(plan) : List.of(),
                Optional.empty(),
                Stream.concat(plan.losses().stream(), more.stream()).toList(),
                createsTables ? "" : "it does not exist, and the step schema is not chosen");
    }

    private static List<String> statements(SchemaPlan plan) {
        return Stream.concat(
                        plan.create().stream(),
                        Stream.concat(plan.laterKeys().stream(), plan.afterAll().stream())
                                .map(SchemaPlan.KeyBuild::statement))
                .toList();
    }

    private Line use(
            Snapshot rows, Table table, TableMapping mapping, SchemaPlan plan, Table existing) {
        var fit = TableFit.of(plan.table(), existing);
        var why = refusal(rows, table, existing);
        return new Line(
                mapping.withTarget(plan.table().name()),
                why.isEmpty() ? Deed.USE : Deed.REFUSED,
                List.of(),
                Optional.of(fit),
                List.of(),
                why);
    }

    private String refusal(Snapshot rows, Table table, Table existing) {
        var lacks =
                table.carried().stream()
                        .filter(column -> existing.indexOf(column.name()) < 0)
                        .map(Column::name)
                        .toList();
        if (!lacks.isEmpty()) {
            return "it lacks " + String.join(", ", lacks);
        }
        if (fillsTables
                && !SchemaBuilder.keepsRows(ends.settings(), table)
                && !rows.isEmpty(existing)) {
            return "it holds rows already";
        }
        return "";
    }

    /// True where an existing table may refuse rows or change values.
    public static boolean isRisky(Line line) {
        return line.deed() == Deed.USE
                && line.fit().filter(fit -> fit.verdict() == Verdict.NARROWER).isPresent();
    }
}
