package ferry.engine.model;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A key (index) of a table.
public record Key(String name, Kind kind, List<Part> parts, Optional<String> options) {
    public Key {
        parts = List.copyOf(parts);
    }

    /// What a key promises; FULLTEXT and SPATIAL promise nothing about uniqueness.
    public enum Kind {
        PRIMARY,
        UNIQUE,
        PLAIN,
        FULLTEXT,
        SPATIAL;

        public boolean unique() {
            return this == PRIMARY || this == UNIQUE;
        }
    }

    /// A column of a key, with its prefix length (characters or bytes; 0 = the whole column), or an
    /// expression.
    public record Part(
            String column, int prefixLength, boolean descending, Optional<String> expression) {
        public static Part column(String name) {
            return new Part(name, 0, false, Optional.empty());
        }

        /// The same with another name of its column; an expression stays.
        Part withColumnName(UnaryOperator<String> names) {
            return expression.isPresent()
                    ? this
                    : new Part(names.apply(column), prefixLength, descending, expression);
        }

        /// True when the part is a whole column, so that equality of the column decides equality of
        /// the part.
        public boolean whole() {
            return prefixLength == 0 && expression.isEmpty();
        }
    }

    /// The same over columns of other names.
    public Key withColumnNames(UnaryOperator<String> names) {
        return new Key(
                name,
                kind,
                parts.stream().map(part -> part.withColumnName(names)).toList(),
                options);
    }

    public static Key primary(String... columns) {
        return new Key("PRIMARY", Kind.PRIMARY, parts(columns), Optional.empty());
    }

    public static Key unique(String name, String... columns) {
        return new Key(name, Kind.UNIQUE, parts(columns), Optional.empty());
    }

    public static Key plain(String name, String... columns) {
        return new Key(name, Kind.PLAIN, parts(columns), Optional.empty());
    }

    private static List<Part> parts(String... columns) {
        return List.of(columns).stream().map(Part::column).toList();
    }
}
