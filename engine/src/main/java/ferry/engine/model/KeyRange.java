package ferry.engine.model;

import java.util.Optional;

/// The keys above `after` up to and including `upTo`, each a [Row] of the row key's values; empty
/// means no bound.
public record KeyRange(Optional<Row> after, Optional<Row> upTo) {
    public static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    @Override
    public String toString() {
        return "("
                + after.map(Row::toString).orElse("-∞")
                + ", "
                + upTo.map(Row::toString).orElse("∞")
                + "]";
    }
}
