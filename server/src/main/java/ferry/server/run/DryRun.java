package ferry.server.run;

import ferry.engine.filter.Decision;
import ferry.engine.model.TableName;
import ferry.engine.schema.Preview;
import ferry.engine.schema.Preview.Deed;
import ferry.engine.schema.TableFit;
import ferry.server.lifecycle.Choice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a project would do if it ran now: which rule decides about each table of the source, what
/// would become of those that move, and what stands in the way. Changes nothing anywhere.
public record DryRun(
        String project,
        Map<TableName, Decision> decisions,
        List<Preview.Line> lines,
        List<String> conflicts,
        List<String> idle) {
    public DryRun {
        lines = List.copyOf(lines);
        conflicts = List.copyOf(conflicts);
        idle = List.copyOf(idle);
    }

    public static DryRun of(Project project, Dialects dialects) {
        dialects.requireAbilities(project);
        var ends = Crossing.ends(project, dialects);
        try (var source = ends.sourceCatalog();
                var target = ends.targetCatalog()) {
            var tables = source.tables();
            var selection = Crossing.selection(project, tables, target);
            var preview =
                    new Preview(
                            ends,
                            project.choices().contains(Choice.SCHEMA),
                            project.choices().contains(Choice.FULL));
            return new DryRun(
                    project.name(),
                    tables.stream()
                            .collect(
                                    Collectors.toMap(
                                            Function.identity(),
                                            project.objects()::decide,
                                            (one, _) -> one,
                                            TreeMap::new)),
                    preview.of(source, target, selection),
                    Stream.concat(selection.conflicts().stream(), selection.unclear().stream())
                            .toList(),
                    selection.idle());
        }
    }

    /// The tables that the rules leave out, sorted.
    public List<Decision> leftOut() {
        return decisions.values().stream().filter(decision -> !decision.moves()).toList();
    }

    /// The rule that decided about a table.
    public String by(Preview.Line line) {
        var decision = Optional.ofNullable(decisions.get(line.source()));
        return decision.map(Decision::by).orElse("the source has no such table");
    }

    /// True when the project would not stop at anything that is known now.
    public boolean possible() {
        return conflicts.isEmpty()
                && !lines.isEmpty()
                && lines.stream().noneMatch(line -> line.deed() == Deed.REFUSED);
    }

    public long count(Deed deed) {
        return lines.stream().filter(line -> line.deed() == deed).count();
    }

    /// The same for a machine.
    public Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("project", project);
        fields.put("possible", possible());
        fields.put("tables", lines.stream().map(this::fields).toList());
        fields.put(
                "leftOut",
                leftOut().stream()
                        .map(decision ->
                                ordered("table", decision.table().toString(), "by", decision.by()))
                        .toList());
        fields.put("conflicts", conflicts);
        fields.put("idleRules", idle);
        return fields;
    }

    private Map<String, Object> fields(Preview.Line line) {
        var fields =
                ordered(
                        "source",
                        line.source().toString(),
                        "target",
                        line.target().toString(),
                        "where",
                        line.mapping().where(),
                        "columns",
                        line.mapping().columns().map(Object::toString),
                        "by",
                        by(line),
                        "deed",
                        line.deed(),
                        "why",
                        line.why(),
                        "fit",
                        line.fit().map(TableFit::verdict),
                        "differences",
                        line.fit().map(TableFit::differences).orElse(List.of()),
                        "statements",
                        line.statements());
        fields.put(
                "losses",
                line.losses().stream()
                        .map(loss ->
                                ordered(
                                        "object",
                                        loss.object(),
                                        "what",
                                        loss.what(),
                                        "severe",
                                        loss.severe()))
                        .toList());
        return fields;
    }

    private static Map<String, Object> ordered(Object... pairs) {
        var fields = new LinkedHashMap<String, Object>();
        for (var i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }
}
