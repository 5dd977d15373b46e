package ferry.dialects.mysql;

import ferry.engine.dialect.SchemaPlan.Loss;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The columns that a target gets for those of a source table, and what is lost on the way.
final class ColumnPlan {
    private static final Pattern INTRODUCED =
            Pattern.compile("_([a-z0-9]+) ?('(?:[^'\\\\\\x80-\\uffff]|''|\\\\.)*')");
    private static final Pattern NAME = Pattern.compile("`((?:[^`]|``)+)`");

    private final MySqlServer target;
    private final TypeMap types;
    private final Table source;
    private final List<Loss> losses;
    private final Set<String> uniqueColumns = new HashSet<>();
    private final Map<String, String> generated = new LinkedHashMap<>();

    ColumnPlan(MySqlServer target, Table source, List<Loss> losses) {
        this.target = target;
        this.source = source;
        this.losses = losses;
        types = new TypeMap(target);
        source.keys().stream()
                .filter(key -> key.kind().unique())
                .flatMap(key -> key.parts().stream())
                .forEach(part -> uniqueColumns.add(part.column()));
    }

    List<Column> columns() {
        var columns = new ArrayList<Column>();
        for (var column : source.columns()) {
            if (column.type() instanceof DataType.Unknown(var spelling)) {
                throw ProblemException.of(
                        ProblemCode.TYPE_NOT_SUPPORTED,
                        "Column " + object(column) + " has the type " + spelling,
                        "this type cannot be carried",
                        "Exclude the table, or change the column's type at the source");
            }
            if (!column.carried() && !target.version().generatedColumns()) {
                lost(column, "generated columns do not exist here: the column is left out", true);
            } else {
                columns.add(column(column));
            }
        }
        return columns;
    }

    private Column column(Column column) {
        var choice = types.of(column.nativeType(), column.type());
        choice.loss().ifPresent(loss -> lost(column, loss, choice.severe()));
        choice.collation().ifPresent(collation -> collated(column, collation));
        if (column.invisible() && !target.version().invisibleColumns()) {
            lost(column, "invisible columns do not exist here: the column is visible", false);
        }
        return new Column(
                column.name(),
                choice.type(),
                choice.nativeType(),
                column.nullable() || !column.carried() && target.version().isMariaDb(),
                column.defaultSql().flatMap(value -> defaultSql(column, choice.type(), value)),
                column.onUpdateSql(),
                column.autoIncrement(),
                column.generation(),
                column.generatedSql().map(expression -> generated(column, expression)),
                column.invisible() && target.version().invisibleColumns(),
                column.comment());
    }

    private void collated(Column column, CollationMap.Choice choice) {
        if (choice.sameCollation()) {
            return;
        }
        var from = source(column.type());
        var severe = choice.merges() && uniqueColumns.contains(column.name());
        var words =
                (choice.sameCharset() ? "" : "character set becomes " + choice.charset() + ", ")
                        + "collation "
                        + from
                        + " becomes "
                        + choice.collation();
        lost(
                column,
                severe ? words + ": unique values of the source may be equal here" : words,
                severe);
    }

    private static String source(DataType type) {
        return switch (type) {
            case DataType.Text(_, var collation, _, _) -> collation;
            case DataType.Enumeration(_, _, var collation) -> collation;
            case DataType.Members(_, _, var collation) -> collation;
            default -> "";
        };
    }

    private Optional<String> defaultSql(Column column, DataType type, String value) {
        var expression = value.startsWith("(");
        if (expression && !knowsDefault(value)) {
            lost(
                    column,
                    "the default " + value + " does not exist here: new rows must name a value",
                    false);
            return Optional.empty();
        }
        if (isLarge(column, type) && target.version().isOceanBase()) {
            lost(
                    column,
                    "a default of this type is refused here: new rows must name a value",
                    false);
            return Optional.empty();
        }
        if (isLarge(column, type) && !expression && target.version().isMySql()) {
            if (!target.version().expressionDefaults()) {
                lost(
                        column,
                        "a default of this type is refused here: new rows must name a value",
                        false);
                return Optional.empty();
            }
            return Optional.of("(" + value + ")");
        }
        return Optional.of(expression ? introduced(value) : value);
    }

    /// A default may use other columns in MySQL and MariaDB, and sequences in MariaDB.
    private boolean knowsDefault(String expression) {
        return target.version().expressionDefaults()
                && (target.version().isMariaDb()
                        || !expression.toLowerCase(Locale.ROOT).contains("nextval("))
                && (!target.version().isOceanBase() || expression.indexOf('`') < 0);
    }

    private static boolean isLarge(Column column, DataType type) {
        return switch (type) {
            case DataType.Json _, DataType.Geometry _ -> true;
            case DataType.Text _, DataType.Bytes _ ->
                    column.nativeType().endsWith("text") || column.nativeType().endsWith("blob");
            default -> false;
        };
    }

    /// OceanBase refuses a generated column that uses another one: there the other's expression is
    /// written in its place.
    private String generated(Column column, String expression) {
        var mapped = introduced(expression);
        if (target.version().isOceanBase()) {
            mapped =
                    NAME.matcher(mapped)
                            .replaceAll(match ->
                                    Matcher.quoteReplacement(
                                            generated.containsKey(match.group(1))
                                                    ? "(" + generated.get(match.group(1)) + ")"
                                                    : match.group()));
            generated.put(column.name(), mapped);
        }
        return mapped;
    }

    /// A literal in ASCII means the same in every character set, so one that the target lacks need
    /// not be named. MariaDB cannot parse `_utf8mb4'it\\'s'`, and without the name it means the
    /// same, since our sessions speak utf8mb4.
    String introduced(String expression) {
        return INTRODUCED
                .matcher(expression)
                .replaceAll(match -> {
                    var charset = MySqlCollation.modern(match.group(1));
                    if (charset.equals("utf8mb4") && target.version().isMariaDb()) {
                        return Matcher.quoteReplacement(match.group(2));
                    }
                    return Matcher.quoteReplacement(
                            target.charsets().containsKey(charset) || !isAsciiBased(charset)
                                    ? match.group()
                                    : "_utf8mb4" + match.group(2));
                });
    }

    private static boolean isAsciiBased(String charset) {
        return !Set.of("ucs2", "utf16", "utf16le", "utf32", "swe7").contains(charset);
    }

    private String object(Column column) {
        return source.name() + "." + column.name();
    }

    private void lost(Column column, String what, boolean severe) {
        losses.add(new Loss("column " + object(column), what, severe));
    }
}
