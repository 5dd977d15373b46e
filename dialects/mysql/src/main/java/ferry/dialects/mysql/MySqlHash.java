package ferry.dialects.mysql;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Expressions that hash a row inside a server, with the same result on both ends for the same
/// values.
///
/// A row's hash is the SHA-224 of its columns, each in a form in which no value is the beginning of
/// another: `N` for NULL, digits and a semicolon, the length and the bytes, or the hash of a long
/// value. MySQL 9.6 has no MD5 and SHA1 any more; SHA2 takes as long as they did (65,000 rows of
/// 300 bytes in milliseconds, MD5 and SHA-224: MySQL 8.0 227 and 282, OceanBase kernel 400 and
/// 350). So nothing comes near max_allowed_packet, where CONCAT would be NULL; a NULL by any other
/// way makes the row's hash NULL, which is counted. Text is hashed as UTF-8 unless both ends have
/// the same character set, and as bytes, so that no collation takes part.
final class MySqlHash {
    /// Longer columns are hashed by themselves.
    private static final long INLINE_BYTES_MAX = 255;

    private static final Set<String> UTF8 = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii");

    private MySqlHash() {}

    /// The hash over the columns that both tables carry, in the order of their names.
    static String row(Table table, Table counterpart) {
        return hash(pairs(table, counterpart));
    }

    /// The hash over the row key's columns, of the whole row if not both have the same key. A text
    /// that became JSON is left out: the two ends print it differently, and still must find the row
    /// in the same bucket.
    static String key(Table table, Table counterpart) {
        var own = keyColumns(table);
        if (own.isEmpty() || !own.equals(keyColumns(counterpart))) {
            var alike =
                    pairs(table, counterpart).stream().filter(pair -> !pair.becameJson()).toList();
            return alike.isEmpty() ? row(table, counterpart) : hash(alike);
        }
        return hash(
                pairs(table, counterpart).stream()
                        .filter(pair -> own.contains(pair.name()))
                        .toList());
    }

    /// A bucket from 0 to `buckets` - 1 out of a hash's first 60 bits.
    static String bucket(String hash, int buckets) {
        return "MOD(" + unsigned("LEFT(" + hash + ", 15)") + ", " + buckets + ")";
    }

    /// The two halves of a hash as numbers whose sums tell two sets of rows apart, rows that stand
    /// twice included.
    static String sums(String hash) {
        return "COUNT(*), COUNT("
                + hash
                + "), SUM("
                + unsigned("LEFT(" + hash + ", 16)")
                + "), SUM("
                + unsigned("RIGHT(" + hash + ", 16)")
                + ")";
    }

    private static String unsigned(String hexadecimal) {
        return "CAST(CONV(" + hexadecimal + ", 16, 10) AS UNSIGNED)";
    }

    /// A column as its own server knows it and its counterpart, under the name by which they met.
    private record Pair(String name, Column own, Column other) {
        boolean becameJson() {
            return own.type() instanceof DataType.Json != other.type() instanceof DataType.Json;
        }
    }

    private static List<Pair> pairs(Table table, Table counterpart) {
        var pairs = new ArrayList<Pair>();
        var columns = table.carried();
        var own = table.underOwnNames().carried();
        for (var i = 0; i < columns.size(); i++) {
            var name = columns.get(i).name();
            var column = own.get(i);
            counterpart.carried().stream()
                    .filter(other -> other.name().equalsIgnoreCase(name))
                    .findFirst()
                    .ifPresent(other ->
                            pairs.add(new Pair(name.toLowerCase(Locale.ROOT), column, other)));
        }
        if (pairs.isEmpty()) {
            throw new IllegalStateException(
                    table.name() + " and " + counterpart.name() + " have no column in common");
        }
        pairs.sort(Comparator.comparing(Pair::name));
        return pairs;
    }

    private static List<String> keyColumns(Table table) {
        return table.rowKey().stream()
                .flatMap(key -> key.parts().stream())
                .map(part -> part.column().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    private static String hash(List<Pair> pairs) {
        return pairs.stream()
                .map(MySqlHash::piece)
                .collect(Collectors.joining(", ", "SHA2(CONCAT(", "), 224)"));
    }

    private static String piece(Pair pair) {
        var name = MySqlSql.quote(pair.own().name());
        return "IF(" + name + " IS NULL, 'N', " + present(name, pair) + ")";
    }

    private static String present(String name, Pair pair) {
        var other = pair.other().type();
        return switch (pair.own().type()) {
            case DataType.Int _, DataType.Bits _, DataType.Year _ -> digits(name + " + 0");
            case DataType.Decimal decimal -> digits(decimal(name, decimal, other, pair.own()));
            case DataType.Float _ -> digits(floating(name, pair.own()));
            case DataType.Date _ -> digits(name);
            case DataType.Time(var fraction) -> digits(fraction(name, "TIME", fraction, other));
            case DataType.DateTime(var fraction) ->
                    digits(fraction(name, "DATETIME", fraction, other));
            case DataType.Timestamp(var fraction) ->
                    digits(fraction(name, "DATETIME", fraction, other));
            case DataType.Text text -> bytes(text(name, text.charset(), other), pair);
            case DataType.Enumeration enumeration ->
                    bytes(text(name, enumeration.charset(), other), pair);
            case DataType.Members members -> bytes(text(name, members.charset(), other), pair);
            case DataType.Json _ ->
                    bytes("CAST(CAST(" + name + " AS CHAR CHARACTER SET utf8mb4) AS BINARY)", pair);
            case DataType.Bytes _, DataType.Geometry _ -> bytes(name, pair);
            case DataType.Vector _ -> bytes("CAST(" + name + " AS BINARY)", pair);
            case DataType.Unknown(var spelling) ->
                    throw new IllegalStateException("type " + spelling + " is not carried");
        };
    }

    private static String digits(String expression) {
        return "CONCAT(" + expression + ", ';')";
    }

    /// Both ends must choose alike, though their columns may be of different lengths.
    private static String bytes(String expression, Pair pair) {
        return inlined(pair.own().type()) && inlined(pair.other().type())
                ? "CONCAT(LENGTH(" + expression + "), ':', " + expression + ")"
                : "SHA2(" + expression + ", 224)";
    }

    private static boolean inlined(DataType type) {
        return switch (type) {
            case DataType.Text text -> text.maxLength() * 4 <= INLINE_BYTES_MAX;
            case DataType.Bytes bytes -> bytes.maxLength() <= INLINE_BYTES_MAX;
            default -> false;
        };
    }

    /// A FLOAT prints 6 digits, FLOAT(m,d) d of them; as a double it prints all. MySQL 9.7 gives
    /// the text of a computed double 22 characters and cuts digits off those that need 23: so a
    /// plain DOUBLE is taken as it is, and the sign is written apart (zero keeps its own).
    private static String floating(String name, Column column) {
        if (column.nativeType().equalsIgnoreCase("double")) {
            return name;
        }
        var wide = name + " * 1e0";
        return "IF(" + name + " < 0, CONCAT('-', ABS(" + wide + ")), " + wide + ")";
    }

    /// ZEROFILL shows itself in text, and adding zero takes it off.
    private static String decimal(
            String name, DataType.Decimal own, DataType other, Column column) {
        if (other instanceof DataType.Decimal(_, var scale, _) && scale != own.scale()) {
            return "CAST(" + name + " AS DECIMAL(65, " + Math.max(scale, own.scale()) + "))";
        }
        return column.nativeType().contains("zerofill") ? name + " + 0" : name;
    }

    private static String fraction(String name, String type, int own, DataType other) {
        var theirs = fraction(other, own);
        return theirs == own
                ? name
                : "CAST(" + name + " AS " + type + "(" + Math.max(own, theirs) + "))";
    }

    private static int fraction(DataType type, int otherwise) {
        return switch (type) {
            case DataType.Time(var fraction) -> fraction;
            case DataType.DateTime(var fraction) -> fraction;
            case DataType.Timestamp(var fraction) -> fraction;
            default -> otherwise;
        };
    }

    private static String text(String name, String charset, DataType other) {
        var asItIs = UTF8.contains(charset) || charset.equals(charset(other));
        return "CAST(" + (asItIs ? name : "CONVERT(" + name + " USING utf8mb4)") + " AS BINARY)";
    }

    private static String charset(DataType type) {
        return switch (type) {
            case DataType.Text text -> text.charset();
            case DataType.Enumeration enumeration -> enumeration.charset();
            case DataType.Members members -> members.charset();
            default -> "";
        };
    }
}
