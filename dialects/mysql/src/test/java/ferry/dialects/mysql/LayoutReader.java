package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a table's columns for the tests of the log side, apart from the catalog, so that one does
/// not hide the other's mistakes.
final class LayoutReader {
    private LayoutReader() {}

    static Table read(Connection connection, String database, String table) throws SQLException {
        var columns = new ArrayList<Column>();
        var sql =
                """
                SELECT column_name, column_type, data_type, character_set_name, collation_name,
                       character_maximum_length, is_nullable, extra
                FROM information_schema.columns
                WHERE table_schema = ? AND table_name = ?
                ORDER BY ordinal_position
                """;
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, database);
            statement.setString(2, table);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(column(rows));
                }
            }
        }
        return Table.of(new TableName(database, table), columns, List.of());
    }

    private static Column column(ResultSet row) throws SQLException {
        var extra = row.getString("extra").toUpperCase();
        var generated =
                extra.contains("VIRTUAL")
                        || extra.contains("STORED")
                        || extra.contains("PERSISTENT");
        return new Column(
                row.getString("column_name"),
                type(row),
                row.getString("column_type"),
                row.getString("is_nullable").equals("YES"),
                Optional.empty(),
                Optional.empty(),
                false,
                generated ? Column.Generation.VIRTUAL : Column.Generation.NONE,
                Optional.empty(),
                false,
                "");
    }

    private static DataType type(ResultSet row) throws SQLException {
        // MariaDB marks its older formats: `time /* mariadb-5.3 */`.
        var spelling = row.getString("column_type").replaceAll("/\\*.*?\\*/", "");
        var unsigned = spelling.contains("unsigned");
        var charset = row.getString("character_set_name");
        var collation = row.getString("collation_name");
        var length = row.getLong("character_maximum_length");
        return switch (row.getString("data_type").toLowerCase()) {
            case "tinyint" -> new DataType.Int(8, unsigned);
            case "smallint" -> new DataType.Int(16, unsigned);
            case "mediumint" -> new DataType.Int(24, unsigned);
            case "int" -> new DataType.Int(32, unsigned);
            case "bigint" -> new DataType.Int(64, unsigned);
            case "decimal" ->
                    new DataType.Decimal(number(spelling, 1), number(spelling, 2), unsigned);
            case "float" -> new DataType.Float(32, unsigned);
            case "double" -> new DataType.Float(64, unsigned);
            case "bit" -> new DataType.Bits(number(spelling, 1));
            case "char" -> new DataType.Text(charset, collation, length, true);
            case "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                    new DataType.Text(charset, collation, length, false);
            case "binary" -> new DataType.Bytes(length, true);
            case "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                    new DataType.Bytes(length, false);
            case "enum" -> new DataType.Enumeration(members(spelling), charset, collation);
            case "set" -> new DataType.Members(members(spelling), charset, collation);
            case "date" -> new DataType.Date();
            case "time" -> new DataType.Time(number(spelling, 1));
            case "datetime" -> new DataType.DateTime(number(spelling, 1));
            case "timestamp" -> new DataType.Timestamp(number(spelling, 1));
            case "year" -> new DataType.Year();
            case "json" -> new DataType.Json();
            case "vector" -> new DataType.Vector(number(spelling, 1));
            default ->
                    spelling.matches("(?i)geometry|point|linestring|polygon|multi.*|geom.*")
                            ? new DataType.Geometry()
                            : new DataType.Unknown(spelling);
        };
    }

    private static int number(String spelling, int which) {
        var found = Pattern.compile("\\d+").matcher(spelling);
        for (var i = 0; i < which; i++) {
            if (!found.find()) {
                return 0;
            }
        }
        return Integer.parseInt(found.group());
    }

    private static List<String> members(String spelling) {
        var members = new ArrayList<String>();
        var found = Pattern.compile("'((?:[^']|'')*)'").matcher(spelling);
        while (found.find()) {
            members.add(found.group(1).replace("''", "'"));
        }
        return members;
    }
}
