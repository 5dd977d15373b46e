package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a column's type as a statement spells it, with its own character set and collation if it names them.
final class NativeTypes {
    private static final Pattern CHARSET = Pattern.compile("\\s+(?:character\\s+set|charset)\\s+(\\w+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern COLLATION = Pattern.compile("\\s+collate\\s+(\\w+)", Pattern.CASE_INSENSITIVE);

    private NativeTypes() {}

    /// Under the table's default character set and collation. Empty if it cannot be told exactly: an unknown type, or a character set
    /// without collation, whose default each server chooses.
    static Optional<DataType> parse(String nativeType, String charset, String collation) {
        var named = CHARSET.matcher(nativeType);
        var sorted = COLLATION.matcher(nativeType);
        var hasCharset = named.find();
        var hasCollation = sorted.find();
        if (hasCharset && !hasCollation) {
            return Optional.empty();
        }
        var chosen = MySqlCollation.of(hasCollation ? sorted.group(1).toLowerCase(Locale.ROOT) : collation);
        var bare = COLLATION.matcher(CHARSET.matcher(nativeType).replaceFirst("")).replaceFirst("");
        var type = MySqlTypes.of(bare, Optional.of(hasCollation ? chosen.charset() : charset), Optional.of(chosen.name()));
        return type instanceof DataType.Unknown ? Optional.empty() : Optional.of(type);
    }
}
