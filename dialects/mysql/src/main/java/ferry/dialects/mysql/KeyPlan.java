package ferry.dialects.mysql;

import ferry.engine.dialect.SchemaPlan.Loss;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The keys that a target gets for those of a source table, and what is lost on the way.
final class KeyPlan {
    private static final Set<String> OCEANBASE_PARSERS = Set.of("ngram", "space", "beng", "ik");

    private static final String PREFIX_PRIMARY = "primary_prefix";

    private final MySqlServer target;
    private final Table source;
    private final Map<String, Column> columns;
    private final List<Loss> losses;

    /// `columns` are those of the target's table.
    KeyPlan(MySqlServer target, Table source, List<Column> columns, List<Loss> losses) {
        this.target = target;
        this.source = source;
        this.losses = losses;
        this.columns =
                columns.stream().collect(Collectors.toMap(Column::name, Function.identity()));
    }

    List<Key> keys() {
        var rowKey = source.rowKey();
        var keys = new ArrayList<Key>();
        for (var key : source.keys()) {
            key(key, rowKey.equals(Optional.of(key))).ifPresent(keys::add);
        }
        return keys;
    }

    private Optional<Key> key(Key key, boolean isRowKey) {
        var functional = key.parts().stream().anyMatch(part -> part.expression().isPresent());
        if (functional && !target.version().functionalKeys()) {
            lost(key, "keys on expressions do not exist here: it is left out", key.kind().unique());
            return Optional.empty();
        }
        if (key.kind() == Key.Kind.SPATIAL && !target.version().spatialKeys()) {
            lost(key, "spatial keys do not exist here: it is left out", false);
            return Optional.empty();
        }
        if (key.parts().stream()
                .anyMatch(part ->
                        part.expression().isEmpty() && !columns.containsKey(part.column()))) {
            lost(key, "a column of it is left out, and so is it", key.kind().unique());
            return Optional.empty();
        }
        if (key.kind().unique()
                && key.parts().stream().anyMatch(part -> part.whole() && isLarge(part))
                && !target.version().isMariaDb()) {
            lost(
                    key,
                    "a unique key over a whole TEXT or BLOB does not exist here: it is left out",
                    true);
            return Optional.empty();
        }
        var parts = new ArrayList<Key.Part>();
        for (var part : key.parts()) {
            parts.add(directed(key, part));
        }
        var mapped = primary(new Key(key.name(), key.kind(), parts, options(key)));
        return key.kind() == Key.Kind.FULLTEXT || key.kind() == Key.Kind.SPATIAL || functional
                ? Optional.of(mapped)
                : Optional.of(fitted(mapped, isRowKey));
    }

    /// OceanBase has no primary key on prefixes.
    private Key primary(Key key) {
        if (key.kind() != Key.Kind.PRIMARY
                || !target.version().isOceanBase()
                || key.parts().stream().allMatch(Key.Part::whole)) {
            return key;
        }
        lost(
                key,
                "a primary key on prefixes does not exist here: it becomes the unique key "
                        + PREFIX_PRIMARY,
                false);
        return new Key(PREFIX_PRIMARY, Key.Kind.UNIQUE, key.parts(), key.options());
    }

    private Key.Part directed(Key key, Key.Part part) {
        if (!part.descending() || target.version().descendingKeys()) {
            return part;
        }
        lost(key, "descending order does not exist here: the key is ascending", false);
        return new Key.Part(part.column(), part.prefixLength(), false, part.expression());
    }

    private Optional<String> options(Key key) {
        var options = KeyOptions.parse(key.options());
        var invisible = options.invisible() && target.version().invisibleKeys();
        if (options.invisible() && !invisible) {
            lost(key, "invisible keys do not exist here: the key is visible", false);
        }
        var parser = options.parser();
        var parserLost =
                parser.isPresent()
                        && target.version().isOceanBase()
                        && !OCEANBASE_PARSERS.contains(parser.get());
        if (parserLost) {
            lost(
                    key,
                    "the parser "
                            + parser.get()
                            + " does not exist here: the default parser is used",
                    false);
        }
        // USING and the block size are storage: OceanBase has neither.
        var using = target.version().isOceanBase() ? Optional.<String>empty() : options.using();
        var others = target.version().isOceanBase() ? List.<String>of() : options.others();
        return new KeyOptions(
                        using,
                        parserLost ? Optional.empty() : parser,
                        options.comment(),
                        invisible,
                        others)
                .text();
    }

    // Length

    private Key fitted(Key key, boolean isRowKey) {
        var max = target.keyBytesMax();
        var total = key.parts().stream().mapToLong(this::bytes).sum();
        // A server with the small limit means it for each part; the others for the whole key as
        // well.
        var whole = Math.max(max, 3_072);
        if (key.parts().stream().allMatch(part -> bytes(part) <= max) && total <= whole) {
            return key;
        }
        if (isRowKey) {
            throw ProblemException.of(
                    ProblemCode.SCHEMA_OBJECT,
                    "The key " + key.name() + " of " + source.name() + " needs " + total + " bytes",
                    target.version() + " allows " + max,
                    "Shorten the key's columns at the source, or exclude the table");
        }
        var shortened = new ArrayList<Key.Part>();
        var left = (long) whole;
        for (var i = 0; i < key.parts().size(); i++) {
            var part = key.parts().get(i);
            var fair = Math.min(max, left / (key.parts().size() - i));
            var cut = cut(part, fair);
            left -= bytes(cut);
            shortened.add(cut);
        }
        if (key.kind().unique()) {
            lost(
                    key,
                    "it needs "
                            + total
                            + " bytes of "
                            + max
                            + " that a key may have here: it becomes a plain key on prefixes, and nothing keeps its values unique",
                    true);
        } else {
            lost(
                    key,
                    "it needs "
                            + total
                            + " bytes of "
                            + max
                            + " that a key may have here: it is on prefixes",
                    false);
        }
        return new Key(
                key.name(),
                key.kind().unique() ? Key.Kind.PLAIN : key.kind(),
                shortened,
                key.options());
    }

    private Key.Part cut(Key.Part part, long bytesMax) {
        var column = columns.get(part.column());
        if (bytes(part) <= bytesMax) {
            return part;
        }
        return switch (column.type()) {
            case DataType.Text(var charset, _, _, _) ->
                    new Key.Part(
                            part.column(),
                            (int) (bytesMax / target.bytesMax(charset)),
                            part.descending(),
                            Optional.empty());
            case DataType.Bytes _ ->
                    new Key.Part(
                            part.column(), (int) bytesMax, part.descending(), Optional.empty());
            default -> part;
        };
    }

    private long bytes(Key.Part part) {
        return switch (columns.get(part.column()).type()) {
            case DataType.Text(var charset, _, var length, _) ->
                    (part.prefixLength() > 0 ? part.prefixLength() : length)
                            * target.bytesMax(charset);
            case DataType.Bytes(var length, _) ->
                    part.prefixLength() > 0 ? part.prefixLength() : length;
            case DataType.Decimal(var precision, _, _) -> precision / 2 + 1;
            default -> 8;
        };
    }

    private boolean isLarge(Key.Part part) {
        var type = columns.get(part.column()).nativeType();
        return type.endsWith("text") || type.endsWith("blob");
    }

    private void lost(Key key, String what, boolean severe) {
        losses.add(new Loss("key " + key.name() + " of " + source.name(), what, severe));
    }
}
