package ferry.engine.filter;

import ferry.engine.model.DataType;
import ferry.engine.model.Term;

/// How many digits a number has at most, before and behind the point.
record Digits(int whole, int fraction) {
    /// What the family's servers calculate with exactly: 65 digits, 30 of them behind the point.
    private static final int ALL_MAX = 65;

    private static final int FRACTION_MAX = 30;

    private static final int INTEGER = 20;

    boolean fits() {
        return whole + fraction <= ALL_MAX && fraction <= FRACTION_MAX;
    }

    static Digits of(Term number) {
        return switch (number) {
            case Term.Number(var value) ->
                    new Digits(
                            Math.max(1, value.precision() - value.scale()),
                            Math.max(0, value.scale()));
            case Term.OfColumn(var _, DataType.Decimal type, var _) ->
                    new Digits(type.precision() - type.scale(), type.scale());
            case Term.Arithmetic(var operator, var left, var right) ->
                    of(operator, of(left), of(right));
            default -> new Digits(INTEGER, 0);
        };
    }

    static Digits of(Term.Operator operator, Digits left, Digits right) {
        var fraction = Math.max(left.fraction, right.fraction);
        return switch (operator) {
            case PLUS, MINUS -> new Digits(Math.max(left.whole, right.whole) + 1, fraction);
            case TIMES -> new Digits(left.whole + right.whole, left.fraction + right.fraction);
            case REST -> new Digits(Math.max(left.whole, right.whole), fraction);
        };
    }
}
