package ferry.dialects.mysql;

import ferry.engine.model.Condition;
import ferry.engine.model.DataType;
import ferry.engine.model.Term;
import java.util.List;
import java.util.stream.Collectors;

/// A row condition in the family's SQL, made so that the server's answer is the one of the
/// condition's definition: texts are compared by their code points whatever the column's collation
/// says, whole numbers never overflow, and nothing is converted that the condition does not
/// convert.
final class MySqlCondition {
    private static final String AS_CODE_POINTS = " COLLATE utf8mb4_bin";

    private MySqlCondition() {}

    /// For a session in UTC.
    static String sql(Condition condition) {
        return switch (condition) {
            case Condition.Constant(var truth) ->
                    switch (truth) {
                        case TRUE -> "(1 = 1)";
                        case FALSE -> "(1 = 0)";
                        case UNKNOWN -> "(NULL = 1)";
                    };
            case Condition.Not(var inner) -> "(NOT " + sql(inner) + ")";
            case Condition.And(var parts) -> joined(parts, " AND ");
            case Condition.Or(var parts) -> joined(parts, " OR ");
            case Condition.Xor(var left, var right) -> joined(List.of(left, right), " XOR ");
            case Condition.Is(var inner, var truth) -> "(" + sql(inner) + " IS " + truth + ")";
            // A column that cannot be NULL IS NULL to MySQL where its date is zero.
            case Condition.IsNull(var term) -> "(" + sql(term) + " <=> NULL)";
            case Condition.Compare(var how, var left, var right) ->
                    "(%s %s %s)".formatted(besides(left, right), how.sql(), besides(right, left));
        };
    }

    private static String joined(List<Condition> parts, String word) {
        return parts.stream().map(MySqlCondition::sql).collect(Collectors.joining(word, "(", ")"));
    }

    /// Old servers round parts of a second to what the column beside them can hold.
    private static String besides(Term term, Term other) {
        return other instanceof Term.Temporal(var kind, var value)
                        && value.indexOf('.') >= 0
                        && !(term instanceof Term.Temporal)
                ? "CAST(%s AS %s(6))"
                        .formatted(sql(term), kind == Term.Kind.TIME ? "TIME" : "DATETIME")
                : sql(term);
    }

    private static String sql(Term term) {
        return switch (term) {
            case Term.OfColumn column -> column(column);
            case Term.Null _ -> "NULL";
            case Term.Number(var value) -> value.toPlainString();
            case Term.Text(var value) -> text(value);
            case Term.Temporal(var kind, var value) ->
                    (kind == Term.Kind.MOMENT ? "TIMESTAMP" : kind.name()) + "'" + value + "'";
            case Term.Midnight(var date) -> "CAST(" + sql(date) + " AS DATETIME)";
            case Term.Arithmetic(var operator, var left, var right) ->
                    "(" + exact(left) + " " + operator.sql() + " " + exact(right) + ")";
            case Term.Concat(var left, var right) -> {
                var one = sql(left);
                var other = sql(right);
                yield "IF(%1$s IS NULL AND %2$s IS NULL, NULL, CONCAT(COALESCE(%1$s, %3$s), COALESCE(%2$s, %3$s)))"
                        .formatted(one, other, text(""));
            }
            case Term.Substring(var text, var start, var length) ->
                    "SUBSTRING(%s, %s%s)"
                            .formatted(
                                    sql(text),
                                    place(start),
                                    length.map(count -> ", " + place(count)).orElse(""));
            case Term.Replace(var text, var what, var by) ->
                    "REPLACE(%s, COALESCE(%s, %s), COALESCE(%s, %s))"
                            .formatted(sql(text), sql(what), text(""), sql(by), text(""));
        };
    }

    /// No text is longer, and what does not fit into a signed number would become negative.
    private static String place(Term number) {
        return "CAST(LEAST(GREATEST(CAST(ROUND(%s) AS DECIMAL(65, 0)), -%2$d), %2$d) AS SIGNED)"
                .formatted(sql(number), Integer.MAX_VALUE);
    }

    private static String column(Term.OfColumn column) {
        var name = MySqlSql.quote(column.column());
        return switch (column.type()) {
            case DataType.Text _, DataType.Enumeration _ ->
                    "CONVERT(" + name + " USING utf8mb4)" + AS_CODE_POINTS;
            // Compared with a number of two digits a year is taken for another one.
            case DataType.Year _ -> "CAST(" + name + " AS UNSIGNED)";
            default -> name;
        };
    }

    /// A whole number of the server's own arithmetic may overflow.
    private static String exact(Term term) {
        return term instanceof Term.OfColumn column && !(column.type() instanceof DataType.Decimal)
                ? "CAST(" + sql(term) + " AS DECIMAL(20, 0))"
                : sql(term);
    }

    private static String text(String value) {
        return MySqlSql.literal(value) + AS_CODE_POINTS;
    }
}
