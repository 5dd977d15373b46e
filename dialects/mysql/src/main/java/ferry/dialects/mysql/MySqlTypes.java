package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The types of the family: which [DataType] a native spelling means. What becomes of them
/// elsewhere says [MySqlTypeTable].
final class MySqlTypes {
    private static final Pattern SHAPE =
            Pattern.compile("([a-z0-9_]+)(?:\\(([0-9, ]+)\\))?((?: [a-z0-9_ ]+)?)");

    private MySqlTypes() {}

    /// The meaning of a native type as the catalog spells it (`int(10) unsigned zerofill`,
    /// `enum('a','b')`, `point srid 4326`). Character set and collation are those of the column and
    /// count for text only. Whatever is not on the list is [DataType.Unknown].
    static DataType of(String nativeType, Optional<String> charset, Optional<String> collation) {
        var open = nativeType.indexOf('(');
        var head = (open < 0 ? nativeType : nativeType.substring(0, open)).toLowerCase(Locale.ROOT);
        if (head.equals("enum") || head.equals("set")) {
            return enumeration(
                    nativeType,
                    head,
                    charset.orElse("utf8mb4"),
                    collation.orElse("utf8mb4_general_ci"));
        }
        var matcher = SHAPE.matcher(nativeType.toLowerCase(Locale.ROOT).strip());
        if (!matcher.matches()) {
            return new DataType.Unknown(nativeType);
        }
        return of(nativeType, new Parts(matcher), charset, collation);
    }

    private static DataType of(
            String nativeType, Parts parts, Optional<String> charset, Optional<String> collation) {
        if (!parts.tail.isEmpty()
                && !parts.tail.matches(
                        "( unsigned)?( zerofill)?|( srid \\d+)|( ref_system_id \\d+)")) {
            return new DataType.Unknown(nativeType);
        }
        // A character type with the character set binary is what others call BINARY, VARBINARY and
        // BLOB.
        var bytes = charset.isPresent() && charset.get().equals("binary");
        return switch (parts.head) {
            case "tinyint", "bool", "boolean" -> new DataType.Int(8, parts.unsigned);
            case "smallint" -> new DataType.Int(16, parts.unsigned);
            case "mediumint" -> new DataType.Int(24, parts.unsigned);
            case "int", "integer" -> new DataType.Int(32, parts.unsigned);
            case "bigint" -> new DataType.Int(64, parts.unsigned);
            case "serial" -> new DataType.Int(64, true);
            case "decimal", "numeric", "dec", "fixed" ->
                    new DataType.Decimal(parts.number(0, 10), parts.number(1, 0), parts.unsigned);
            // FLOAT(p) with one number is a precision in bits: from 25 on it is a double.
            case "float" ->
                    new DataType.Float(
                            parts.numbers.size() == 1 && parts.number(0, 0) > 24 ? 64 : 32,
                            parts.unsigned);
            case "double", "real" -> new DataType.Float(64, parts.unsigned);
            case "bit" -> new DataType.Bits(parts.number(0, 1));
            case "char", "nchar" -> text(bytes, parts.number(0, 1), true, charset, collation);
            case "varchar", "nvarchar" ->
                    text(bytes, parts.number(0, 1), false, charset, collation);
            case "tinytext" -> text(bytes, 255, false, charset, collation);
            case "text" -> text(bytes, 65_535, false, charset, collation);
            case "mediumtext" -> text(bytes, 16_777_215, false, charset, collation);
            case "longtext" -> text(bytes, 4_294_967_295L, false, charset, collation);
            case "binary" -> new DataType.Bytes(parts.number(0, 1), true);
            case "varbinary" -> new DataType.Bytes(parts.number(0, 1), false);
            case "tinyblob" -> new DataType.Bytes(255, false);
            case "blob" -> new DataType.Bytes(65_535, false);
            case "mediumblob" -> new DataType.Bytes(16_777_215, false);
            case "longblob" -> new DataType.Bytes(4_294_967_295L, false);
            case "date" -> new DataType.Date();
            case "time" -> new DataType.Time(parts.number(0, 0));
            case "datetime" -> new DataType.DateTime(parts.number(0, 0));
            case "timestamp" -> new DataType.Timestamp(parts.number(0, 0));
            case "year" ->
                    parts.number(0, 4) == 4
                            ? new DataType.Year()
                            : new DataType.Unknown(nativeType);
            case "json" -> new DataType.Json();
            case "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geometrycollection",
                    "geomcollection" ->
                    new DataType.Geometry();
            case "vector" -> new DataType.Vector(parts.number(0, 2048));
            default -> new DataType.Unknown(nativeType);
        };
    }

    private static DataType text(
            boolean bytes,
            long length,
            boolean fixed,
            Optional<String> charset,
            Optional<String> collation) {
        return bytes
                ? new DataType.Bytes(length, fixed)
                : new DataType.Text(
                        charset.orElse("utf8mb4"),
                        collation.orElse("utf8mb4_general_ci"),
                        length,
                        fixed);
    }

    private static DataType enumeration(
            String nativeType, String head, String charset, String collation) {
        var members = members(nativeType);
        return head.equals("enum")
                ? new DataType.Enumeration(members, charset, collation)
                : new DataType.Members(members, charset, collation);
    }

    /// The members of `enum('a','b')`, in order, without quotes.
    static List<String> members(String nativeType) {
        var scanner = SqlScanner.of(nativeType.substring(nativeType.indexOf('(')));
        var members = new ArrayList<String>();
        scanner.expect('(');
        do {
            members.add(scanner.literalText());
        } while (scanner.accept(','));
        scanner.expect(')');
        return members;
    }

    /// The pieces of a spelling: `decimal`, (10, 2), ` unsigned`.
    private static final class Parts {
        private final String head;
        private final List<Integer> numbers = new ArrayList<>();
        private final String tail;
        private final boolean unsigned;

        Parts(Matcher matcher) {
            head = matcher.group(1);
            tail = matcher.group(3);
            unsigned = tail.contains(" unsigned") || tail.contains(" zerofill");
            if (matcher.group(2) != null) {
                for (var number : matcher.group(2).split(",")) {
                    numbers.add(Integer.parseInt(number.strip()));
                }
            }
        }

        int number(int index, int otherwise) {
            return index < numbers.size() ? numbers.get(index) : otherwise;
        }
    }
}
