package ferry.engine.filter;

import ferry.engine.model.Column;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which columns of a table move, and under which names: `id, amount, note=remark` these three, the
/// last one as `remark`; `*, -password, note=remark` all but one. A name with other signs (a comma,
/// a blank, a `-` at its beginning) stands in backticks, a backtick in it doubled. Letter case
/// tells no columns apart, as at the servers.
///
/// @param all whether what is not named moves too
/// @param left the columns that do not move, though others that are not named do
/// @param chosen the names in the target by the names at the source
public record ColumnChoice(boolean all, List<String> left, Map<String, String> chosen) {
    public ColumnChoice {
        left = left.stream().sorted().toList();
        chosen = Map.copyOf(chosen);
    }

    /// Throws IllegalArgumentException with a sentence for the operator.
    public static ColumnChoice parse(String text) {
        var all = false;
        var left = new ArrayList<String>();
        var chosen = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (var part : parts(text)) {
            if (part.equals("*")) {
                all = true;
            } else if (part.startsWith("-")) {
                left.add(name(RuleText.of(part.substring(1))));
            } else {
                var sides = RuleText.of(part).split('=');
                if (sides.size() > 2) {
                    throw new IllegalArgumentException("'" + part + "' has more than one '='");
                }
                var own = name(sides.getFirst());
                if (chosen.put(own, name(sides.getLast())) != null) {
                    throw new IllegalArgumentException(
                            "the column '" + own + "' stands twice in '" + text + "'");
                }
            }
        }
        requireSense(text, all, left, chosen);
        return new ColumnChoice(all, left, chosen);
    }

    private static void requireSense(
            String text, boolean all, List<String> left, Map<String, String> chosen) {
        if (!all && !left.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' leaves '%s' out of nothing; write '*, -%s' for all columns but that one"
                            .formatted(text, left.getFirst(), left.getFirst()));
        }
        for (var name : left) {
            if (chosen.containsKey(name)) {
                throw new IllegalArgumentException(
                        "the column '" + name + "' both moves and does not in '" + text + "'");
            }
        }
        chosen.forEach((own, name) -> {
            if (all && own.equals(name)) {
                throw new IllegalArgumentException(
                        "'" + own + "' is one of '*' already in '" + text + "'");
            }
        });
    }

    private static String name(RuleText text) {
        var name = text.literal("a column");
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text.whole() + "' has an empty name; write columns as id, amount=total");
        }
        return name;
    }

    /// The parts between commas outside of backticks, without the blanks around them.
    private static List<String> parts(String text) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        var quoted = false;
        for (var sign : text.toCharArray()) {
            quoted ^= sign == '`';
            if (sign == ',' && !quoted) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(sign);
            }
        }
        parts.add(part.toString().strip());
        if (parts.contains("")) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' has an empty place beside a comma; write columns as id, amount=total");
        }
        return parts;
    }

    /// The name in the target of a column of the source; empty if it does not move.
    public Optional<String> nameOf(String column) {
        for (var entry : chosen.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(column)) {
                return Optional.of(entry.getValue());
            }
        }
        return all && left.stream().noneMatch(column::equalsIgnoreCase)
                ? Optional.of(column)
                : Optional.empty();
    }

    /// The columns that are named here and that the table has not.
    List<String> unknown(Table table) {
        return unknown(table, Stream.concat(left.stream(), chosen.keySet().stream()));
    }

    /// Those of the columns that must not move.
    List<String> gone(Table table) {
        return unknown(table, left.stream());
    }

    private static List<String> unknown(Table table, Stream<String> names) {
        return names.filter(name ->
                        table.columns().stream()
                                .map(Column::name)
                                .noneMatch(name::equalsIgnoreCase))
                .sorted()
                .toList();
    }

    /// As [#parse] reads it, always the same for the same choice.
    @Override
    public String toString() {
        var parts =
                Stream.of(
                        all ? Stream.of("*") : Stream.<String>empty(),
                        left.stream().map(name -> "-" + quoted(name)),
                        chosen.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(ColumnChoice::entry));
        return parts.flatMap(part -> part).collect(Collectors.joining(", "));
    }

    private static String entry(Map.Entry<String, String> entry) {
        return entry.getKey().equals(entry.getValue())
                ? quoted(entry.getKey())
                : quoted(entry.getKey()) + "=" + quoted(entry.getValue());
    }

    private static String quoted(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_$]*") ? name : "`" + name.replace("`", "``") + "`";
    }
}
