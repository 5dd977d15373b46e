package ferry.engine.filter;

import ferry.engine.model.DataType;
import ferry.engine.model.Term;
import java.math.BigDecimal;

/// How many characters a text has at most, and how many functions inside one another make it.
record TextSize(long characters, int functions) {
    /// A server makes NULL of a text that it puts together and that is longer than its
    /// `max_allowed_packet`; nobody has less than 1 MiB.
    private static final long BUILT_MAX = (1 << 20) / 4;

    boolean fits() {
        return characters <= BUILT_MAX;
    }

    static TextSize of(Term text) {
        return switch (text) {
            case Term.Text(var value) -> new TextSize(value.length(), 0);
            case Term.OfColumn(var _, DataType.Text type, var _) ->
                    new TextSize(type.maxLength(), 0);
            case Term.OfColumn(var _, DataType.Enumeration type, var _) ->
                    new TextSize(
                            type.members().stream().mapToInt(String::length).max().orElse(0), 0);
            case Term.Concat(var left, var right) -> {
                var one = of(left);
                var other = of(right);
                yield one.beside(other).within(one.characters + other.characters);
            }
            case Term.Substring(var whole, var _, var length) -> {
                var size = of(whole);
                yield size.within(
                        length.filter(Term.Number.class::isInstance)
                                .map(number -> ((Term.Number) number).value())
                                .map(most -> most.min(BigDecimal.valueOf(size.characters)))
                                .map(most -> Math.max(0, most.longValue()))
                                .orElse(size.characters));
            }
            case Term.Replace(var whole, var what, var by) -> {
                var size = of(whole);
                var other = of(by);
                // Every character may be replaced.
                var length =
                        Math.min(size.characters, Integer.MAX_VALUE)
                                * Math.clamp(other.characters, 1, Integer.MAX_VALUE);
                yield size.beside(other).beside(of(what)).within(length);
            }
            default -> new TextSize(0, 0);
        };
    }

    private TextSize beside(TextSize other) {
        return new TextSize(characters, Math.max(functions, other.functions));
    }

    /// A function's value, with these as its arguments.
    private TextSize within(long length) {
        return new TextSize(length, functions + 1);
    }
}
