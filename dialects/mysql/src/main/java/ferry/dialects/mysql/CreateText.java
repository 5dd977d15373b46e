package ferry.dialects.mysql;

import ferry.engine.model.Column.Generation;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What SHOW CREATE TABLE says about a table, before the dictionary adds character sets and types
/// get their meaning.
record CreateText(
        List<ColumnText> columns,
        List<Key> keys,
        List<ForeignKey> foreignKeys,
        Map<String, String> options,
        Optional<String> partitioning) {
    CreateText {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
        foreignKeys = List.copyOf(foreignKeys);
        options = Map.copyOf(options);
    }

    /// One column. `type` is its native type without character set. `absent` attributes are those
    /// that the server did not print.
    record ColumnText(
            String name,
            String type,
            Optional<String> charset,
            Optional<String> collation,
            boolean notNull,
            Default defaultValue,
            Optional<String> onUpdate,
            boolean autoIncrement,
            Generation generation,
            Optional<String> generated,
            boolean invisible,
            String comment) {}

    /// What stands behind DEFAULT.
    sealed interface Default {
        record None() implements Default {}

        /// A quoted string: the bytes between the quotes, with escapes undone.
        record Literal(byte[] bytes) implements Default {}

        /// A hexadecimal literal: bytes of a binary column, or of a text in its column's character
        /// set (MySQL 9).
        record Hex(byte[] bytes) implements Default {}

        /// SQL that may stand behind DEFAULT as it is.
        record Sql(String text) implements Default {}
    }

    /// What the dictionary tells about a column and SHOW CREATE TABLE garbles: OceanBase prints the
    /// members of an ENUM and its default without escapes.
    record Raw(byte[] columnType, Optional<byte[]> defaultValue) {}
}
