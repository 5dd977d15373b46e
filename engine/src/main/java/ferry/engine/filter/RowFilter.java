package ferry.engine.filter;

import ferry.engine.model.Change;
import ferry.engine.model.Condition;
import ferry.engine.model.Condition.Truth;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.Term;
import ferry.engine.model.TextDecoder;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Answers a [Condition] for rows in their canonical form, as a server answers it for the rows that
/// it holds. Safe for several threads.
public final class RowFilter implements Predicate<Row> {
    @FunctionalInterface
    private interface Test {
        Truth of(Row row);
    }

    /// A value of its kind's class: BigDecimal, String (texts, dates and moments, these with six
    /// digits of a second), Long (times, in microseconds); null is NULL.
    @FunctionalInterface
    private interface Value {
        Object of(Row row);
    }

    private static final int FRACTION = 6;
    private static final int SECOND = 19; // characters up to the seconds of a moment

    private final Table table;
    private final TextDecoder decoder;
    private final Test test;

    private RowFilter(Condition condition, Table table, TextDecoder decoder) {
        this.table = table;
        this.decoder = decoder;
        this.test = compile(condition);
    }

    /// A filter of this table's rows.
    public static RowFilter of(Condition condition, Table table, TextDecoder decoder) {
        return new RowFilter(condition, table, decoder);
    }

    /// True if the row moves.
    @Override
    public boolean test(Row row) {
        return test.of(row) == Truth.TRUE;
    }

    /// These changes for whoever sees only the rows that move: an UPDATE that lets a row in is an
    /// INSERT, and one that puts it out a DELETE.
    public List<Change> moved(List<Change> changes) {
        var moved = new ArrayList<Change>(changes.size());
        for (var change : changes) {
            moved(change).ifPresent(moved::add);
        }
        return moved;
    }

    private Optional<Change> moved(Change change) {
        return switch (change) {
            case Change.Insert(var after) -> test(after) ? Optional.of(change) : Optional.empty();
            case Change.Delete(var before) -> test(before) ? Optional.of(change) : Optional.empty();
            case Change.Update(var before, var after) -> {
                var was = test(before);
                var is = test(after);
                yield was && is
                        ? Optional.of(change)
                        : was
                                ? Optional.of(new Change.Delete(before))
                                : is ? Optional.of(new Change.Insert(after)) : Optional.empty();
            }
        };
    }

    private Test compile(Condition condition) {
        return switch (condition) {
            case Condition.Constant(var truth) -> _ -> truth;
            case Condition.Not(var inner) -> {
                var test = compile(inner);
                yield row -> test.of(row).not();
            }
            case Condition.And(var parts) -> decided(parts, Truth.FALSE);
            case Condition.Or(var parts) -> decided(parts, Truth.TRUE);
            case Condition.Xor(var left, var right) -> xor(compile(left), compile(right));
            case Condition.Is(var inner, var truth) -> {
                var test = compile(inner);
                yield row -> Truth.of(test.of(row) == truth);
            }
            case Condition.IsNull(var term) -> {
                var value = compile(term);
                yield row -> Truth.of(value.of(row) == null);
            }
            case Condition.Compare compare -> compile(compare);
        };
    }

    /// One part that comes to `decides` decides; otherwise one that is unknown does.
    private Test decided(List<Condition> parts, Truth decides) {
        var tests = parts.stream().map(this::compile).toArray(Test[]::new);
        return row -> {
            var found = decides.not();
            for (var test : tests) {
                var truth = test.of(row);
                if (truth == decides) {
                    return decides;
                }
                if (truth == Truth.UNKNOWN) {
                    found = Truth.UNKNOWN;
                }
            }
            return found;
        };
    }

    private static Test xor(Test left, Test right) {
        return row -> {
            var one = left.of(row);
            var other = right.of(row);
            return one == Truth.UNKNOWN || other == Truth.UNKNOWN
                    ? Truth.UNKNOWN
                    : Truth.of(one != other);
        };
    }

    private Test compile(Condition.Compare compare) {
        var how = compare.how();
        var left = compile(compare.left());
        var right = compile(compare.right());
        var order = order(compare.left().kind());
        return row -> {
            var one = left.of(row);
            var other = right.of(row);
            return one == null || other == null
                    ? Truth.UNKNOWN
                    : Truth.of(how.holds(order.compare(one, other)));
        };
    }

    private static Comparator<Object> order(Term.Kind kind) {
        return switch (kind) {
            case NUMBER -> (one, other) -> ((BigDecimal) one).compareTo((BigDecimal) other);
            case TEXT -> (one, other) -> compareTexts((String) one, (String) other);
            case DATE, MOMENT -> (one, other) -> ((String) one).compareTo((String) other);
            case TIME -> (one, other) -> ((Long) one).compareTo((Long) other);
        };
    }

    /// In the order of code points; the shorter one goes on with blanks.
    private static int compareTexts(String one, String other) {
        var i = 0;
        var j = 0;
        while (i < one.length() || j < other.length()) {
            var a = i < one.length() ? one.codePointAt(i) : ' ';
            var b = j < other.length() ? other.codePointAt(j) : ' ';
            if (a != b) {
                return Integer.compare(a, b);
            }
            i += i < one.length() ? Character.charCount(a) : 0;
            j += j < other.length() ? Character.charCount(b) : 0;
        }
        return 0;
    }

    private Value compile(Term term) {
        return switch (term) {
            case Term.Null _ -> _ -> null;
            case Term.Number(var value) -> _ -> value;
            case Term.Text(var value) -> _ -> value;
            case Term.Temporal(var kind, var value) -> {
                var constant = temporal(kind, value);
                yield _ -> constant;
            }
            case Term.OfColumn column -> column(column);
            case Term.Midnight(var date) -> mapped(date, value -> moment(value + " 00:00:00"));
            case Term.Arithmetic arithmetic -> arithmetic(arithmetic);
            case Term.Concat(var left, var right) -> concat(compile(left), compile(right));
            case Term.Substring(var text, var start, var length) ->
                    substring(compile(text), compile(start), length.map(this::compile));
            case Term.Replace(var text, var what, var by) ->
                    replace(compile(text), compile(what), compile(by));
        };
    }

    private Value mapped(Term term, Function<Object, Object> mapping) {
        var inner = compile(term);
        return row -> {
            var value = inner.of(row);
            return value == null ? null : mapping.apply(value);
        };
    }

    private Value column(Term.OfColumn column) {
        var place = table.indexOf(column.column());
        Function<Row, Object> read =
                switch (column.kind()) {
                    case NUMBER -> row -> new BigDecimal(row.text(place));
                    case TEXT -> row -> text(column, row.bytes(place));
                    case DATE, TIME, MOMENT -> row -> temporal(column.kind(), row.text(place));
                };
        return row -> {
            if (row.isAbsent(place)) {
                throw refused(column, "a logged row carries no value of it");
            }
            return row.isNull(place) ? null : read.apply(row);
        };
    }

    private String text(Term.OfColumn column, byte[] bytes) {
        var charset = charset(column.type());
        return decoder.decode(bytes, charset)
                .orElseThrow(() -> refused(column, "a value of it is no text of " + charset));
    }

    private ProblemException refused(Term.OfColumn column, String why) {
        return ProblemException.of(
                        ProblemCode.ROW_CONDITION,
                        "whether a row of %s moves cannot be decided".formatted(table.name()),
                        "its condition asks for column %s, and %s".formatted(column.column(), why),
                        "use another column in the condition, or correct the value at the source")
                .concerning(table.name());
    }

    private static String charset(DataType type) {
        return switch (type) {
            case DataType.Text text -> text.charset();
            case DataType.Enumeration enumeration -> enumeration.charset();
            default -> throw new IllegalArgumentException(type + " is no text");
        };
    }

    private static Object temporal(Term.Kind kind, String canonical) {
        return switch (kind) {
            case DATE -> canonical;
            case MOMENT -> moment(canonical);
            case TIME -> micros(canonical);
            default -> throw new IllegalArgumentException(kind + " is no time");
        };
    }

    /// With six digits of a second, so that texts are in the order of what they mean.
    private static String moment(String canonical) {
        var digits = canonical.length() > SECOND ? canonical.length() - SECOND - 1 : 0;
        return digits == FRACTION
                ? canonical
                : canonical + (digits == 0 ? "." : "") + "0".repeat(FRACTION - digits);
    }

    private static Long micros(String canonical) {
        var negative = canonical.startsWith("-");
        var parts = canonical.substring(negative ? 1 : 0).split(":");
        var seconds = new BigDecimal(parts[2]);
        var whole = Long.parseLong(parts[0]) * 3_600 + Long.parseLong(parts[1]) * 60;
        var micros = whole * 1_000_000 + seconds.movePointRight(FRACTION).longValueExact();
        return negative ? -micros : micros;
    }

    private Value arithmetic(Term.Arithmetic arithmetic) {
        var left = compile(arithmetic.left());
        var right = compile(arithmetic.right());
        var operator = arithmetic.operator();
        return row -> {
            var one = (BigDecimal) left.of(row);
            var other = (BigDecimal) right.of(row);
            return one == null || other == null ? null : calculated(operator, one, other);
        };
    }

    /// Null where there is no result.
    static BigDecimal calculated(Term.Operator operator, BigDecimal one, BigDecimal other) {
        return switch (operator) {
            case PLUS -> one.add(other);
            case MINUS -> one.subtract(other);
            case TIMES -> one.multiply(other);
            case REST -> other.signum() == 0 ? null : one.remainder(other);
        };
    }

    private static Value concat(Value left, Value right) {
        return row -> {
            var one = (String) left.of(row);
            var other = (String) right.of(row);
            return one == null ? other : other == null ? one : one + other;
        };
    }

    private static Value substring(Value text, Value start, Optional<Value> length) {
        return row -> {
            var whole = (String) text.of(row);
            var from = (BigDecimal) start.of(row);
            var count = length.isEmpty() ? null : (BigDecimal) length.get().of(row);
            return whole == null || from == null || length.isPresent() && count == null
                    ? null
                    : cut(whole, place(from), count == null ? Integer.MAX_VALUE : place(count));
        };
    }

    /// Whole characters; a fraction is rounded as servers do.
    private static int place(BigDecimal number) {
        return number.setScale(0, RoundingMode.HALF_UP)
                .max(BigDecimal.valueOf(-Integer.MAX_VALUE))
                .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                .intValue();
    }

    private static String cut(String text, int start, int count) {
        var points = text.codePointCount(0, text.length());
        var from = start > 0 ? start - 1 : points + start;
        if (start == 0 || from < 0 || from >= points || count <= 0) {
            return "";
        }
        var to = (int) Math.min(points, (long) from + count);
        var begin = text.offsetByCodePoints(0, from);
        return text.substring(begin, text.offsetByCodePoints(begin, to - from));
    }

    private static Value replace(Value text, Value what, Value by) {
        return row -> {
            var whole = (String) text.of(row);
            var old = (String) what.of(row);
            if (whole == null || old == null || old.isEmpty()) {
                return whole;
            }
            var other = (String) by.of(row);
            return whole.replace(old, other == null ? "" : other);
        };
    }
}
