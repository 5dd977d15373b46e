package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Chooses the native type of a target for that of a source. Every value of the source fits, unless
/// `severe` says otherwise.
final class TypeMap {
    private static final Pattern INTEGER =
            Pattern.compile(
                    "(tinyint|smallint|mediumint|int|bigint)(?:\\((\\d+)\\))?( unsigned)?( zerofill)?");
    private static final Map<String, Integer> SIGNED_WIDTH =
            Map.of("tinyint", 4, "smallint", 6, "mediumint", 9, "int", 11, "bigint", 20);
    private static final Map<String, Integer> UNSIGNED_WIDTH =
            Map.of("tinyint", 3, "smallint", 5, "mediumint", 8, "int", 10, "bigint", 20);
    private static final long ROW_BYTES_MAX = 65_535;

    private final MySqlServer target;
    private final CollationMap collations;

    TypeMap(MySqlServer target) {
        this.target = target;
        collations = new CollationMap(target);
    }

    /// The target's type. `loss` says what is not kept; `collation` is what text gets.
    record Choice(
            String nativeType,
            DataType type,
            Optional<String> loss,
            boolean severe,
            Optional<CollationMap.Choice> collation) {
        static Choice same(String nativeType, DataType type) {
            return new Choice(nativeType, type, Optional.empty(), false, Optional.empty());
        }

        static Choice widened(String nativeType, DataType type, String loss) {
            return new Choice(nativeType, type, Optional.of(loss), false, Optional.empty());
        }
    }

    Choice of(String nativeType, DataType type) {
        return switch (type) {
            case DataType.Int _ -> Choice.same(integer(nativeType), type);
            case DataType.Year _ ->
                    Choice.same(target.version().hidesDisplayWidth() ? "year" : "year(4)", type);
            case DataType.Json _ when !target.version().json() ->
                    Choice.widened(
                            "longtext",
                            new DataType.Text("utf8mb4", "utf8mb4_bin", 4_294_967_295L, false),
                            "JSON becomes LONGTEXT of the same text");
            case DataType.Vector(var dimensions) when !target.version().vectors() ->
                    Choice.widened(
                            "varbinary(" + 4 * dimensions + ")",
                            new DataType.Bytes(4L * dimensions, false),
                            "VECTOR becomes VARBINARY of the same bytes");
            case DataType.Geometry _ -> geometry(nativeType, type);
            case DataType.Text text -> text(nativeType, text);
            case DataType.Enumeration(var members, var charset, var collation) -> {
                var choice = collations.of(charset, collation);
                yield collated(
                        nativeType,
                        new DataType.Enumeration(members, choice.charset(), choice.collation()),
                        choice);
            }
            case DataType.Members(var members, var charset, var collation) -> {
                var choice = collations.of(charset, collation);
                yield collated(
                        nativeType,
                        new DataType.Members(members, choice.charset(), choice.collation()),
                        choice);
            }
            default -> Choice.same(nativeType, type);
        };
    }

    /// Newer servers do not show the width of integers, older ones always do: this is the spelling
    /// that the target will show.
    private String integer(String nativeType) {
        var matcher = INTEGER.matcher(nativeType);
        if (!matcher.matches()) {
            return nativeType;
        }
        var name = matcher.group(1);
        var width = matcher.group(2);
        var unsigned = matcher.group(3) != null;
        var zerofill = matcher.group(4) != null;
        var sign = (unsigned ? " unsigned" : "") + (zerofill ? " zerofill" : "");
        if (target.version().hidesDisplayWidth()) {
            var shown = zerofill || name.equals("tinyint") && !unsigned && "1".equals(width);
            return name + (shown && width != null ? "(" + width + ")" : "") + sign;
        }
        var known =
                width != null
                        ? width
                        : String.valueOf((unsigned ? UNSIGNED_WIDTH : SIGNED_WIDTH).get(name));
        return name + "(" + known + ")" + sign;
    }

    private Choice geometry(String nativeType, DataType type) {
        var version = target.version();
        var name = nativeType.split(" ")[0];
        var rest = nativeType.contains(" ") ? nativeType.substring(nativeType.indexOf(' ')) : "";
        var kept =
                rest.isEmpty()
                        || rest.startsWith(" srid ")
                                && (version.columnSrid()
                                        || version.isOceanBase() && rest.equals(" srid 0"))
                        || rest.startsWith(" ref_system_id ") && version.isMariaDb();
        if (kept) {
            return Choice.same(nativeType, type);
        }
        var loss = rest.strip().toUpperCase(Locale.ROOT) + " is no longer demanded of values";
        return version.isOceanBase()
                ? new Choice(
                        name,
                        type,
                        Optional.of(
                                loss
                                        + "; values of a reference system that the target lacks are refused"),
                        true,
                        Optional.empty())
                : Choice.widened(name, type, loss);
    }

    private Choice text(String nativeType, DataType.Text text) {
        var choice = collations.of(text.charset(), text.collation());
        var bytesMax = target.bytesMax(choice.charset());
        var name =
                nativeType.contains("(")
                        ? nativeType.substring(0, nativeType.indexOf('('))
                        : nativeType;
        var blob = name.endsWith("text");
        // The length of a TEXT is counted in bytes: another character set may need more of them for
        // the same text.
        var grown = blob && !choice.sameCharset() && bytesMax > 1 ? larger(name) : name;
        if (!target.version().isOceanBase()
                && name.equals("varchar")
                && text.maxLength() * bytesMax > ROW_BYTES_MAX - 2) {
            grown = text.maxLength() * bytesMax <= 16_777_215 ? "mediumtext" : "longtext";
        }
        var same = grown.equals(name);
        var chosenType = same ? nativeType : grown;
        var mapped =
                new DataType.Text(
                        choice.charset(),
                        choice.collation(),
                        same ? text.maxLength() : bytes(grown),
                        text.fixed());
        var result = collated(chosenType, mapped, choice);
        return same
                ? result
                : new Choice(
                        chosenType,
                        mapped,
                        Optional.of(
                                nativeType.toUpperCase(Locale.ROOT)
                                        + " becomes "
                                        + grown.toUpperCase(Locale.ROOT)
                                        + result.loss().map(loss -> "; " + loss).orElse("")),
                        result.severe(),
                        Optional.of(choice));
    }

    private static Choice collated(String nativeType, DataType type, CollationMap.Choice choice) {
        return new Choice(nativeType, type, Optional.empty(), false, Optional.of(choice));
    }

    private static String larger(String text) {
        return switch (text) {
            case "tinytext" -> "text";
            case "text" -> "mediumtext";
            default -> "longtext";
        };
    }

    private static long bytes(String text) {
        return switch (text) {
            case "tinytext" -> 255;
            case "text" -> 65_535;
            case "mediumtext" -> 16_777_215;
            default -> 4_294_967_295L;
        };
    }
}
