package ferry.dialects.mysql;

import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The statements that change rows of one table. Columns whose value is absent are not named.
final class MySqlStatements {
    private static final int INDEXED_BYTES_MAX = 255;

    private final Table table;
    private final List<Column> columns;
    private final int[] keyIndexes;
    private final OddMembers odd;
    private final Optional<MySqlKeys> keys;
    private final int[] neverNull;

    private final Supplier<RowSql> pieces;

    MySqlStatements(Table table) {
        this(table, RowSql::new);
    }

    private MySqlStatements(Table table, Supplier<RowSql> pieces) {
        this.table = table;
        this.pieces = pieces;
        columns = table.carried();
        keyIndexes = table.rowKeyIndexes();
        keys = hasKey() ? Optional.of(MySqlKeys.of(table)) : Optional.empty();
        odd = OddMembers.of(table);
        neverNull =
                IntStream.range(0, columns.size())
                        .filter(i ->
                                !columns.get(i).nullable()
                                        && columns.get(i).type() instanceof DataType.Timestamp)
                        .toArray();
    }

    Table table() {
        return table;
    }

    /// Of a table with a key.
    MySqlKeys keys() {
        return keys.orElseThrow();
    }

    OddMembers odd() {
        return odd;
    }

    boolean hasKey() {
        return keyIndexes.length > 0;
    }

    Row key(Row row) {
        return row.project(keyIndexes);
    }

    boolean sameKey(Row one, Row other) {
        return one.sameValues(keyIndexes, other);
    }

    /// Adds `INSERT INTO t (a, b) VALUES `, for rows of the same shape as this one.
    RowSql insert(RowSql sql, String verb, Row shape) {
        sql.add(verb).add(" INTO ").add(MySqlSql.quote(table.name())).add(" (");
        var first = true;
        for (var i = 0; i < columns.size(); i++) {
            if (!shape.isAbsent(i)) {
                sql.add(first ? "" : ", ").add(MySqlSql.quote(columns.get(i).name()));
                first = false;
            }
        }
        return sql.add(") VALUES ");
    }

    /// Refuses NULL for a TIMESTAMP that must have a value, because servers make the present time
    /// of it without a word (LOAD DATA on all of them, INSERT where explicit_defaults_for_timestamp
    /// is off). Other types they refuse themselves.
    void requireValues(Row row) {
        for (var place : neverNull) {
            if (row.isNull(place)) {
                throw ProblemException.of(
                        ProblemCode.VALUE_REFUSED,
                        "Could not write a row of " + table.name(),
                        "its column " + columns.get(place).name() + " takes no NULL",
                        "Let the target's column take NULL, or correct the value at the source");
            }
        }
    }

    /// Adds `(1, 'x')`.
    RowSql values(RowSql sql, Row row) {
        requireValues(row);
        sql.add('(');
        var first = true;
        for (var i = 0; i < columns.size(); i++) {
            if (!row.isAbsent(i)) {
                sql.add(first ? "" : ",").stored(columns.get(i).type(), row, i);
                first = false;
            }
        }
        return sql.add(')');
    }

    /// True when both rows carry the same columns.
    boolean sameShape(Row one, Row other) {
        for (var i = 0; i < columns.size(); i++) {
            if (one.isAbsent(i) != other.isAbsent(i)) {
                return false;
            }
        }
        return true;
    }

    /// The columns that an update must set: what changed, and every column that the server would
    /// otherwise set by itself.
    BitSet set(Row before, Row after) {
        var set = new BitSet(columns.size());
        for (var i = 0; i < columns.size(); i++) {
            if (!after.isAbsent(i)
                    && (columns.get(i).onUpdateSql().isPresent()
                            || !after.sameValue(i, before, i))) {
                set.set(i);
            }
        }
        return set;
    }

    /// Sets what must be set; everything if that is nothing, so that the statement still finds its
    /// row.
    RowSql update(Row before, Row after) {
        requireValues(after);
        var sql = pieces.get().add("UPDATE ").add(MySqlSql.quote(table.name())).add(" SET ");
        var set = set(before, after);
        var all = set.isEmpty();
        var first = true;
        for (var i = 0; i < columns.size(); i++) {
            if (set.get(i) || all && !after.isAbsent(i)) {
                assign(sql, after, i, first);
                first = false;
            }
        }
        return sql.add(one(before));
    }

    private void assign(RowSql sql, Row row, int index, boolean first) {
        sql.add(first ? "" : ", ")
                .add(MySqlSql.quote(columns.get(index).name()))
                .add(" = ")
                .stored(columns.get(index).type(), row, index);
    }

    /// Deletes one row of a table without a key, or with one.
    RowSql delete(Row before) {
        return pieces.get().add("DELETE FROM ").add(MySqlSql.quote(table.name())).add(one(before));
    }

    /// Deletes the rows with these keys.
    String delete(List<Row> keys) {
        return "DELETE FROM " + MySqlSql.quote(table.name()) + " WHERE " + keys().anyOf(keys);
    }

    /// One statement that makes a change, for an operator to read: without parameters, however long
    /// it gets.
    static String of(Table table, Change change) {
        var statements = new MySqlStatements(table, () -> new RowSql(Integer.MAX_VALUE));
        return switch (change) {
            case Change.Insert(var after) ->
                    statements
                            .values(
                                    statements.insert(statements.pieces.get(), "INSERT", after),
                                    after)
                            .text();
            case Change.Update(var before, var after) -> statements.update(before, after).text();
            case Change.Delete(var before) -> statements.delete(before).text();
        };
    }

    String deleteSome(long rowsMax) {
        return "DELETE FROM " + MySqlSql.quote(table.name()) + " LIMIT " + rowsMax;
    }

    private RowSql one(Row row) {
        if (hasKey()) {
            return pieces.get().add(" WHERE ").add(keys().equal(key(row)));
        }
        var sql = pieces.get().add(" WHERE ");
        var first = true;
        for (var i = 0; i < columns.size(); i++) {
            if (!row.isAbsent(i)) {
                sql.add(first ? "" : " AND ").add(same(columns.get(i), row, i));
                first = false;
            }
        }
        return sql.add(" LIMIT 1");
    }

    /// A condition that only the same canonical value meets. Short text is compared by its
    /// collation, so that an index may help, and then as bytes, because 'a' equals 'A'.
    private RowSql same(Column column, Row row, int index) {
        var name = MySqlSql.quote(column.name());
        if (row.isNull(index)) {
            return pieces.get().add(name).add(" IS NULL");
        }
        return switch (column.type()) {
            case DataType.Text type when row.length(index) <= INDEXED_BYTES_MAX ->
                    equal(name, type, row, index)
                            .add(" AND ")
                            .add(bytes("CAST(" + name + " AS BINARY)", row, index));
            case DataType.Text _, DataType.Enumeration _, DataType.Members _ ->
                    bytes("CAST(" + name + " AS BINARY)", row, index);
            case DataType.Json _ ->
                    bytes(
                            "CAST(CAST(" + name + " AS CHAR CHARACTER SET utf8mb4) AS BINARY)",
                            row,
                            index);
            case DataType.Geometry _, DataType.Vector _ ->
                    bytes("CAST(" + name + " AS BINARY)", row, index);
            // Zero equals negative zero, but their texts differ.
            case DataType.Float _ when Double.parseDouble(row.text(index)) == 0 ->
                    pieces.get()
                            .add("CONCAT(" + name + " * 1e0) = '")
                            .add(row.text(index).startsWith("-") ? "-0'" : "0'");
            case DataType.Float type ->
                    pieces.get()
                            .add(name + " * 1e0 = ")
                            .add(MySqlLiterals.key(type, row.bytes(index)));
            case DataType.Int type -> equal(name, type, row, index);
            case DataType.Decimal type -> equal(name, type, row, index);
            case DataType.Bits type -> equal(name, type, row, index);
            case DataType.Bytes type -> equal(name, type, row, index);
            case DataType.Date type -> equal(name, type, row, index);
            case DataType.Time type -> equal(name, type, row, index);
            case DataType.DateTime type -> equal(name, type, row, index);
            case DataType.Timestamp type -> equal(name, type, row, index);
            case DataType.Year type -> equal(name, type, row, index);
            case DataType.Unknown(var spelling) ->
                    throw new IllegalStateException("type " + spelling + " is not carried");
        };
    }

    private RowSql equal(String name, DataType type, Row row, int index) {
        return pieces.get().add(name + " = ").value(type, row, index);
    }

    private RowSql bytes(String expression, Row row, int index) {
        return pieces.get()
                .add(expression + " = ")
                .value(new DataType.Bytes(Integer.MAX_VALUE, false), row, index);
    }
}
