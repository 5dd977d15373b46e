package ferry.dialects.mysql;

import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The tables whose rows are wanted, by name as the server compares names, each with the decoder
/// for the table map that was logged last.
final class AdmittedTables {
    private final boolean lowerCase;
    private final RowDecoder.Style style;
    private final Map<TableName, Admitted> byName = new HashMap<>();
    private long version;

    AdmittedTables(boolean lowerCase, RowDecoder.Style style) {
        this.lowerCase = lowerCase;
        this.style = style;
    }

    /// One table's layout, and what follows from it and the last table map.
    static final class Admitted {
        private final Table layout;
        private final RowDecoder.Style style;
        private byte[] map = {};
        private Optional<RowDecoder> decoder = Optional.empty();
        private final Map<RowDecoder.Kind, RowEventCode> codes =
                new EnumMap<>(RowDecoder.Kind.class);

        private Admitted(Table layout, RowDecoder.Style style) {
            this.layout = layout;
            this.style = style;
        }

        Table layout() {
            return layout;
        }

        Admitted mapped(byte[] tableMap) {
            if (map != tableMap && !Arrays.equals(map, tableMap)) {
                map = tableMap;
                decoder = Optional.empty();
                codes.clear();
            }
            return this;
        }

        /// Made when the first rows come, because a table map alone harms nobody. Throws
        /// LAYOUT_MISMATCH.
        RowDecoder decoder() {
            if (decoder.isEmpty()) {
                decoder =
                        Optional.of(
                                new RowDecoder(TableMap.read(new EventBytes(map)), layout, style));
            }
            return decoder.get();
        }

        /// How rows under this table map are written. Throws LAYOUT_MISMATCH.
        RowEventCode code(RowDecoder.Kind kind) {
            return codes.computeIfAbsent(kind, _ -> RowEventCode.of(kind, decoder(), style, map));
        }
    }

    /// The name under which the server finds a table: in lower case if lower_case_table_names says
    /// so.
    TableName normal(TableName name) {
        return lowerCase
                ? new TableName(
                        name.database().toLowerCase(Locale.ROOT),
                        name.table().toLowerCase(Locale.ROOT))
                : name;
    }

    /// Another number after each change.
    long version() {
        return version;
    }

    void admit(Table layout) {
        version++;
        byName.put(normal(layout.name()), new Admitted(layout, style));
    }

    void forget(TableName name) {
        version++;
        byName.remove(normal(name));
    }

    Optional<Admitted> find(TableName name) {
        return Optional.ofNullable(byName.get(normal(name)));
    }

    Collection<Table> layouts() {
        return byName.values().stream().map(Admitted::layout).toList();
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /// True when a table of this database is admitted.
    boolean hasAny(String database) {
        return byName.keySet().stream()
                .anyMatch(name -> name.database().equalsIgnoreCase(database));
    }

    /// True when the table is admitted, or an admitted one refers to it by a foreign key.
    boolean dependOn(TableName name) {
        var parent = normal(name);
        return byName.containsKey(parent)
                || byName.values().stream()
                        .flatMap(admitted -> admitted.layout().foreignKeys().stream())
                        .anyMatch(key -> normal(key.parent()).equals(parent));
    }

    /// True when a table's name occurs anywhere in the text.
    static boolean mentions(String text, TableName name) {
        return text.toLowerCase(Locale.ROOT).contains(name.table().toLowerCase(Locale.ROOT));
    }

    /// What a schema change leaves: a new layout if it is known, otherwise nothing until the table
    /// is admitted again.
    void apply(List<SchemaEffect> effects) {
        for (var effect : effects) {
            switch (effect) {
                case SchemaEffect.Created(var table) -> forget(table);
                case SchemaEffect.Dropped(var table) -> forget(table);
                case SchemaEffect.Renamed(var table, var to) -> {
                    forget(table);
                    forget(to);
                }
                case SchemaEffect.Truncated _ -> {}
                case SchemaEffect.Altered(var table, var after, _) -> {
                    if (find(table).isPresent()) {
                        forget(table);
                        after.ifPresent(this::admit);
                    }
                }
            }
        }
    }
}
