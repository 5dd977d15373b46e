package ferry.engine.filter;

import ferry.engine.model.Condition;
import ferry.engine.model.Condition.Comparison;
import ferry.engine.model.Condition.Truth;
import ferry.engine.model.DataType;
import ferry.engine.model.Table;
import ferry.engine.model.Term;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.conditional.XorExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.IsUnknownExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.parser.ASTNodeAccess;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.ParseException;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;
import net.sf.jsqlparser.schema.Column;

/// Reads a row condition as an operator writes it, in the SQL of the specification's row filters,
/// and binds it to a table. What would mean one thing to a server and another to Ferry (floating
/// point numbers, functions of the server) is refused; a refusal is an IllegalArgumentException
/// with a sentence for the operator that names the place.
public final class ConditionReader {
    private static final int LENGTH_MAX = 10_000;

    /// A function's arguments stand in the servers' SQL more than once.
    private static final int NESTED_MAX = 5;

    private final Table table;

    private ConditionReader(Table table) {
        this.table = table;
    }

    /// The condition over this table's rows.
    public static Condition read(String text, Table table) {
        var written = parsed(text);
        ConditionWords.require(text, table);
        return new ConditionReader(table).condition(written);
    }

    /// Refuses what is a condition of no table at all.
    static void requireSyntax(String text) {
        parsed(text);
    }

    private static Expression parsed(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("an empty condition; leave it out instead");
        }
        if (text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "a condition of more than %,d characters", LENGTH_MAX));
        }
        try {
            return CCJSqlParserUtil.parseCondExpression(text, false);
        } catch (JSQLParserException e) {
            throw new IllegalArgumentException(syntax(text, e), e);
        } catch (TokenMgrException e) {
            throw new IllegalArgumentException(
                    "a text in quotes is not closed, or a sign is not known: " + e.getMessage(), e);
        }
    }

    private static String syntax(String text, JSQLParserException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ParseException parse && parse.currentToken != null) {
                var current = parse.currentToken;
                return unexpected(current.next == null ? current : current.next);
            }
        }
        // It is a condition, and something stands behind it.
        try {
            var parser = CCJSqlParserUtil.newParser(text).withAllowComplexParsing(true);
            parser.Expression();
            return unexpected(parser.getNextToken());
        } catch (ParseException | TokenMgrException other) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("it is no condition");
        }
    }

    private static String unexpected(Token token) {
        return "line %d, column %d: %s is not expected here"
                .formatted(
                        token.beginLine,
                        token.beginColumn,
                        token.image.isEmpty() ? "the end" : "'" + token.image + "'");
    }

    // Conditions

    private Condition condition(Expression written) {
        return switch (written) {
            case AndExpression and -> new Condition.And(chain(and, AndExpression.class));
            case OrExpression or -> new Condition.Or(chain(or, OrExpression.class));
            case XorExpression xor ->
                    new Condition.Xor(
                            besideXor(xor.getLeftExpression()),
                            besideXor(xor.getRightExpression()));
            case NotExpression not -> new Condition.Not(condition(not.getExpression()));
            case ParenthesedExpressionList<?> inner when inner.size() == 1 ->
                    condition(inner.getFirst());
            case ComparisonOperator comparison -> comparison(comparison);
            case Between between -> between(between);
            case InExpression in -> in(in);
            case IsNullExpression isNull ->
                    negated(isNull.isNot(), new Condition.IsNull(term(isNull.getLeftExpression())));
            case IsBooleanExpression is ->
                    negated(
                            is.isNot(),
                            new Condition.Is(
                                    condition(is.getLeftExpression()), Truth.of(is.isTrue())));
            case IsUnknownExpression is ->
                    negated(
                            is.isNot(),
                            new Condition.Is(condition(is.getLeftExpression()), Truth.UNKNOWN));
            case BooleanValue value -> new Condition.Constant(Truth.of(value.getValue()));
            case NullValue _ -> new Condition.Constant(Truth.UNKNOWN);
            default ->
                    throw refused(
                            written,
                            "is no condition; compare it with something, for instance = or IS NULL");
        };
    }

    /// Many parts joined by the same word come as a tree that leans to the left.
    private List<Condition> chain(BinaryExpression last, Class<?> word) {
        var parts = new ArrayDeque<Expression>();
        var rest = (Expression) last;
        while (word.isInstance(rest)) {
            var joined = (BinaryExpression) rest;
            parts.addFirst(joined.getRightExpression());
            rest = joined.getLeftExpression();
        }
        parts.addFirst(rest);
        if (last instanceof OrExpression) {
            parts.forEach(part -> requireApart(part, XorExpression.class));
        }
        return parts.stream().map(this::condition).toList();
    }

    private Condition besideXor(Expression side) {
        requireApart(side, OrExpression.class);
        return condition(side);
    }

    /// To servers XOR binds closer than OR, to the parser it does not.
    private static void requireApart(Expression part, Class<?> other) {
        if (other.isInstance(part)) {
            throw refused(part, "stands beside OR and XOR; put it in parentheses");
        }
    }

    private static Condition negated(boolean not, Condition condition) {
        return not ? new Condition.Not(condition) : condition;
    }

    private Condition comparison(ComparisonOperator written) {
        requireNoJoin(written.getOldOracleJoinSyntax(), written);
        var how =
                switch (written.getStringExpression()) {
                    case "=" -> Comparison.EQUAL;
                    case "<>", "!=" -> Comparison.UNEQUAL;
                    case "<" -> Comparison.LESS;
                    case "<=" -> Comparison.LESS_OR_EQUAL;
                    case ">" -> Comparison.GREATER;
                    case ">=" -> Comparison.GREATER_OR_EQUAL;
                    default ->
                            throw refused(
                                    written,
                                    "compares by '"
                                            + written.getStringExpression()
                                            + "', which row conditions do not know; use = <> < <= > >= BETWEEN IN or IS NULL");
                };
        return compare(how, written.getLeftExpression(), written.getRightExpression(), written);
    }

    private static void requireNoJoin(int oracleJoin, Expression written) {
        if (oracleJoin != ComparisonOperator.NO_ORACLE_JOIN) {
            throw refused(written, "has a (+), which row conditions do not know");
        }
    }

    private Condition between(Between written) {
        var value = written.getLeftExpression();
        return negated(
                written.isNot(),
                new Condition.And(
                        List.of(
                                compare(
                                        Comparison.GREATER_OR_EQUAL,
                                        value,
                                        written.getBetweenExpressionStart(),
                                        written),
                                compare(
                                        Comparison.LESS_OR_EQUAL,
                                        value,
                                        written.getBetweenExpressionEnd(),
                                        written))));
    }

    private Condition in(InExpression written) {
        if (!(written.getRightExpression() instanceof ExpressionList<?> values)
                || values.isEmpty()) {
            throw refused(written, "needs a list of values in parentheses");
        }
        var parts = new ArrayList<Condition>();
        for (var value : values) {
            parts.add(compare(Comparison.EQUAL, written.getLeftExpression(), value, written));
        }
        return negated(written.isNot(), new Condition.Or(parts));
    }

    private Condition compare(
            Comparison how, Expression left, Expression right, Expression written) {
        var one = term(left);
        var other = term(right);
        requireZoneFits(one, other, written);
        requireZoneFits(other, one, written);
        var kind = common(one, other, written);
        return new Condition.Compare(how, as(kind, one, left), as(kind, other, right));
    }

    /// Only a column that holds moments of all zones says what a zone means.
    private static void requireZoneFits(Term literal, Term other, Expression written) {
        if (literal instanceof Term.Text(var value)
                && other.kind() == Term.Kind.MOMENT
                && Literals.namesZone(value)
                && !(other instanceof Term.OfColumn(var _, DataType.Timestamp _, var _))) {
            throw refused(written, "names a time zone, which only columns of type TIMESTAMP have");
        }
    }

    /// The kind in which two terms are compared: a literal follows the other one.
    private static Term.Kind common(Term one, Term other, Expression written) {
        if (one.kind() == other.kind() || isLiteral(other)) {
            return one.kind() == Term.Kind.DATE && other.kind() == Term.Kind.TEXT && isMoment(other)
                    ? Term.Kind.MOMENT
                    : one.kind();
        }
        if (isLiteral(one)) {
            return common(other, one, written);
        }
        if (isDay(one.kind()) && isDay(other.kind())) {
            return Term.Kind.MOMENT;
        }
        throw refused(
                written,
                "compares %s with %s; servers and Ferry would not agree on that"
                        .formatted(told(one.kind()), told(other.kind())));
    }

    private static boolean isDay(Term.Kind kind) {
        return kind == Term.Kind.DATE || kind == Term.Kind.MOMENT;
    }

    private static boolean isLiteral(Term term) {
        return term instanceof Term.Text || term instanceof Term.Null;
    }

    private static boolean isMoment(Term term) {
        return term instanceof Term.Text text && text.value().strip().indexOf(' ') > 0;
    }

    private static String told(Term.Kind kind) {
        return switch (kind) {
            case NUMBER -> "a number";
            case TEXT -> "a text";
            case DATE -> "a date";
            case TIME -> "a time";
            case MOMENT -> "a date and time";
        };
    }

    private static Term as(Term.Kind kind, Term term, Expression written) {
        if (term instanceof Term.Null) {
            return new Term.Null(kind);
        }
        if (term.kind() == kind) {
            return term;
        }
        if (term.kind() == Term.Kind.DATE && kind == Term.Kind.MOMENT) {
            return new Term.Midnight(term);
        }
        if (term instanceof Term.Text(var value)) {
            return Literals.of(kind, value)
                    .orElseThrow(() -> refused(written, "is not " + told(kind)));
        }
        throw refused(written, "is " + told(term.kind()) + " and not " + told(kind));
    }

    // Terms

    private Term term(Expression written) {
        return switch (written) {
            case Column column -> column(column);
            case StringValue text -> text(text);
            case LongValue number -> new Term.Number(new BigDecimal(number.getStringValue()));
            case DoubleValue number -> decimal(number);
            case NullValue _ -> new Term.Null(Term.Kind.TEXT);
            case SignedExpression signed -> signed(signed);
            case ParenthesedExpressionList<?> inner when inner.size() == 1 ->
                    term(inner.getFirst());
            case Addition sum -> arithmetic(Term.Operator.PLUS, sum);
            case Subtraction difference -> arithmetic(Term.Operator.MINUS, difference);
            case Multiplication product -> arithmetic(Term.Operator.TIMES, product);
            case Modulo rest -> arithmetic(Term.Operator.REST, rest);
            case Function function -> function(function);
            // Words that are something else to the parser, like DAY.
            default ->
                    named(written.toString())
                            .map(column -> column(column, written))
                            .orElseThrow(() ->
                                    refused(
                                            written,
                                            "is nothing that a row condition can compare: columns, numbers, texts in single quotes, + - * %, CONCAT, SUBSTR and REPLACE are"));
        };
    }

    private Term column(Column written) {
        requireNoJoin(written.getOldOracleJoinSyntax(), written);
        if (written.getTable() != null && !written.getTable().getFullyQualifiedName().isEmpty()) {
            throw refused(written, "names a table; write the column alone");
        }
        var name = written.getColumnName();
        if (name.startsWith("\"")) {
            throw refused(written, "is a name here; texts stand in single quotes");
        }
        var bare =
                name.startsWith("`")
                        ? name.substring(1, name.length() - 1).replace("``", "`")
                        : name;
        return column(
                named(bare)
                        .orElseThrow(() ->
                                refused(
                                        written,
                                        "is no column of " + table.name() + " that rows carry")),
                written);
    }

    private Optional<ferry.engine.model.Column> named(String name) {
        return table.carried().stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }

    private static Term column(ferry.engine.model.Column found, Expression written) {
        var kind =
                kind(found.type())
                        .orElseThrow(() ->
                                refused(
                                        written,
                                        "is of type "
                                                + found.nativeType()
                                                + ", which row conditions cannot compare exactly"));
        return new Term.OfColumn(found.name(), found.type(), kind);
    }

    private static Optional<Term.Kind> kind(DataType type) {
        return switch (type) {
            case DataType.Int _, DataType.Decimal _, DataType.Year _ ->
                    Optional.of(Term.Kind.NUMBER);
            case DataType.Text _, DataType.Enumeration _ -> Optional.of(Term.Kind.TEXT);
            case DataType.Date _ -> Optional.of(Term.Kind.DATE);
            case DataType.Time _ -> Optional.of(Term.Kind.TIME);
            case DataType.DateTime _, DataType.Timestamp _ -> Optional.of(Term.Kind.MOMENT);
            default -> Optional.empty();
        };
    }

    private static Term text(StringValue written) {
        if (written.getPrefix() != null || written.getValue().indexOf('\\') >= 0) {
            throw refused(written, "has a prefix or a backslash; write its characters as they are");
        }
        return new Term.Text(written.getValue().replace("''", "'"));
    }

    private static Term decimal(DoubleValue written) {
        var text = written.toString();
        if (text.toLowerCase(Locale.ROOT).indexOf('e') >= 0) {
            throw refused(written, "is a floating point number; write it without an exponent");
        }
        return new Term.Number(new BigDecimal(text));
    }

    private Term signed(SignedExpression written) {
        var term = number(written.getExpression());
        return switch (written.getSign()) {
            case '+' -> term;
            case '-' ->
                    term instanceof Term.Number(var value)
                            ? new Term.Number(value.negate())
                            : new Term.Arithmetic(
                                    Term.Operator.MINUS, new Term.Number(BigDecimal.ZERO), term);
            default ->
                    throw refused(
                            written,
                            "has the sign '"
                                    + written.getSign()
                                    + "', which row conditions do not know");
        };
    }

    private Term arithmetic(Term.Operator operator, BinaryExpression written) {
        var left = number(written.getLeftExpression());
        var right = number(written.getRightExpression());
        var size = Digits.of(operator, Digits.of(left), Digits.of(right));
        if (!size.fits()) {
            throw refused(written, "may have more digits than servers calculate with");
        }
        if (left instanceof Term.Number(var one) && right instanceof Term.Number(var other)) {
            var result = RowFilter.calculated(operator, one, other);
            return result == null ? new Term.Null(Term.Kind.NUMBER) : new Term.Number(result);
        }
        return new Term.Arithmetic(operator, left, right);
    }

    private Term number(Expression written) {
        return as(Term.Kind.NUMBER, term(written), written);
    }

    private Term function(Function written) {
        if (written.getAttribute() != null
                || written.getChainedParameters() != null
                || written.getKeywordArguments() != null
                        && !written.getKeywordArguments().isEmpty()) {
            throw refused(written, "has something behind its parentheses or between its arguments");
        }
        var parameters = written.getParameters();
        var count = parameters == null ? 0 : parameters.size();
        var name = written.getName().toUpperCase(Locale.ROOT);
        if (name.equals("CONCAT") && count == 2) {
            return built(written, new Term.Concat(textOf(written, 0), textOf(written, 1)));
        }
        if ((name.equals("SUBSTR") || name.equals("SUBSTRING")) && (count == 2 || count == 3)) {
            return built(
                    written,
                    new Term.Substring(
                            textOf(written, 0),
                            number(parameters.get(1)),
                            count == 3
                                    ? Optional.of(number(parameters.get(2)))
                                    : Optional.empty()));
        }
        if (name.equals("REPLACE") && count == 3) {
            var text = textOf(written, 0);
            if (!(text instanceof Term.OfColumn)) {
                // MySQL 5.6 and MariaDB replace inside of constants that make up such a text, and
                // the rows behind it see them changed.
                throw refused(written, "replaces in something else than a column");
            }
            return built(written, new Term.Replace(text, textOf(written, 1), textOf(written, 2)));
        }
        throw refused(
                written,
                "is no function of row conditions; CONCAT(a, b), SUBSTR(text, start, length) and REPLACE(text, a, b) are");
    }

    private static Term built(Function written, Term term) {
        var size = TextSize.of(term);
        if (!size.fits() && !(term instanceof Term.Substring)) {
            throw refused(
                    written,
                    "may become longer than a server's max_allowed_packet: then it would be NULL");
        }
        if (size.functions() > NESTED_MAX) {
            throw refused(written, "has more than " + NESTED_MAX + " functions inside one another");
        }
        return term;
    }

    private Term textOf(Function written, int parameter) {
        var expression = written.getParameters().get(parameter);
        return as(Term.Kind.TEXT, term(expression), expression);
    }

    private static IllegalArgumentException refused(Expression written, String why) {
        return new IllegalArgumentException(place(written) + "'" + written + "' " + why);
    }

    private static String place(Expression written) {
        var node = written instanceof ASTNodeAccess access ? access.getASTNode() : null;
        var token = node == null ? null : node.jjtGetFirstToken();
        return token == null
                ? ""
                : "line %d, column %d: ".formatted(token.beginLine, token.beginColumn);
    }
}
