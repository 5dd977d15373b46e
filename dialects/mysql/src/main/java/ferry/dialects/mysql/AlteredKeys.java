package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one action of an ALTER TABLE makes of a table's keys, in the order and with the names that
/// the dictionary then lists. Empty results: the outcome is unknown. Immutable.
final class AlteredKeys {
    private final Table table;

    AlteredKeys(Table table) {
        this.table = table;
    }

    // ---- adding

    /// With a primary key over the columns that stand next in `in`.
    Optional<List<Key>> withPrimary(SqlTokens in) {
        return parts(in)
                .map(parts -> new Key("PRIMARY", Key.Kind.PRIMARY, parts, Optional.empty()))
                .flatMap(this::with);
    }

    /// With a key over the columns that stand next in `in`.
    Optional<List<Key>> with(SqlTokens in, Optional<String> name, boolean unique) {
        return read(in, name, unique).flatMap(this::with);
    }

    private Optional<Key> read(SqlTokens in, Optional<String> name, boolean unique) {
        return parts(in)
                .map(parts ->
                        new Key(
                                name.orElseGet(() -> freeName(parts.getFirst().column())),
                                unique ? Key.Kind.UNIQUE : Key.Kind.PLAIN,
                                parts,
                                Optional.empty()));
    }

    private Optional<List<Key.Part>> parts(SqlTokens in) {
        var parts = new ArrayList<Key.Part>();
        in.expect("(");
        do {
            if (in.stands("(")) {
                // an expression, which the dictionary prints in its own way
                return Optional.empty();
            }
            var column = TableAlteration.find(table, in.name());
            if (column.isEmpty()) {
                return Optional.empty();
            }
            if (in.accept("(")) {
                // a prefix, which the server leaves out if it is the whole column
                return Optional.empty();
            }
            if (in.stands("DESC")) {
                return Optional.empty(); // ignored before 8.0
            }
            in.accept("ASC");
            parts.add(Key.Part.column(column.get().name()));
        } while (in.accept(","));
        in.expect(")");
        return Optional.of(parts);
    }

    /// The name that the server gives to a key without one: its first column's, with a number if
    /// that is taken.
    private String freeName(String column) {
        for (var number = 1; ; number++) {
            var name = number == 1 ? column : column + "_" + number;
            if (find(name).isEmpty() && !name.equalsIgnoreCase("PRIMARY")) {
                return name;
            }
        }
    }

    private Optional<Key> find(String name) {
        return table.keys().stream().filter(key -> key.name().equalsIgnoreCase(name)).findFirst();
    }

    /// The dictionary lists the primary key first, then unique keys, then the others; unique keys
    /// without NULL come before those with.
    private Optional<List<Key>> with(Key added) {
        if (find(added.name()).isPresent()) {
            return Optional.empty();
        }
        if (added.kind() == Key.Kind.PRIMARY && added.parts().stream().anyMatch(this::nullable)) {
            // it makes the column NOT NULL, and 5.6 invents a default for it
            return Optional.empty();
        }
        var keys = new ArrayList<>(table.keys());
        keys.add(place(added, keys), added);
        return Optional.of(keys);
    }

    private int place(Key added, List<Key> keys) {
        for (var i = 0; i < keys.size(); i++) {
            if (rank(keys.get(i)) > rank(added)) {
                return i;
            }
        }
        return keys.size();
    }

    private int rank(Key key) {
        return switch (key.kind()) {
            case PRIMARY -> 0;
            case UNIQUE -> key.parts().stream().noneMatch(this::nullable) ? 1 : 2;
            case PLAIN -> 3;
            case FULLTEXT -> 4;
            case SPATIAL -> 3;
        };
    }

    private boolean nullable(Key.Part part) {
        return TableAlteration.find(table, part.column()).map(Column::nullable).orElse(true);
    }

    // ---- dropping and renaming

    Optional<List<Key>> without(String name) {
        return find(name).map(found -> table.keys().stream().filter(key -> key != found).toList());
    }

    Optional<List<Key>> renamed(String old, String name) {
        return find(old)
                .map(_ ->
                        table.keys().stream()
                                .map(key ->
                                        key.name().equalsIgnoreCase(old)
                                                ? new Key(
                                                        name,
                                                        key.kind(),
                                                        key.parts(),
                                                        key.options())
                                                : key)
                                .toList());
    }

    // ---- columns

    boolean primaryHolds(Column column) {
        return find("PRIMARY")
                .map(key ->
                        key.parts().stream().anyMatch(part -> part.column().equals(column.name())))
                .orElse(false);
    }

    /// A column leaves all its keys too, and a key that has no column left goes.
    Optional<List<Key>> withoutColumn(String name) {
        var keys = new ArrayList<Key>();
        for (var key : table.keys()) {
            var parts =
                    key.parts().stream()
                            .filter(part -> !part.column().equalsIgnoreCase(name))
                            .toList();
            if (parts.size() < key.parts().size() && key.kind().unique()) {
                // fewer columns may no longer be unique, and the server's rules differ
                return Optional.empty();
            }
            if (!parts.isEmpty()) {
                keys.add(new Key(key.name(), key.kind(), parts, key.options()));
            }
        }
        return Optional.of(keys);
    }

    /// With a column replaced by another, which may have another name.
    List<Key> withColumn(Column old, Column now) {
        return table.keys().stream()
                .map(key ->
                        new Key(
                                key.name(),
                                key.kind(),
                                key.parts().stream().map(part -> renamed(part, old, now)).toList(),
                                key.options()))
                .toList();
    }

    private static Key.Part renamed(Key.Part part, Column old, Column now) {
        return part.column().equals(old.name())
                ? new Key.Part(
                        now.name(), part.prefixLength(), part.descending(), part.expression())
                : part;
    }
}
