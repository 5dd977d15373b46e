package ferry.dialects.mysql;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The forms in which the values of a unique key's column are compared, so that what the server
/// holds equal is equal here too. Nothing more is promised: where it costs nothing, different
/// values have the same form.
final class MySqlUniqueForms {
    private static final byte[] NOTHING = {};

    private MySqlUniqueForms() {}

    /// Empty for types that cannot stand in a unique key, and where the server compares something
    /// else than the value that a row holds.
    static Optional<UniqueForm> of(Column column) {
        return switch (column.type()) {
            // One value, one text. Servers pad neither VARBINARY nor, once it is padded with zeros,
            // BINARY.
            case DataType.Int _,
                    DataType.Year _,
                    DataType.Bits _,
                    DataType.Bytes _,
                    DataType.Date _,
                    DataType.Time _,
                    DataType.DateTime _,
                    DataType.Timestamp _ ->
                    Optional.of(UniqueForm.BYTES);
            case DataType.Decimal(_, var scale, _) ->
                    Optional.of(signless(scale == 0 ? "0" : "0." + "0".repeat(scale)));
            // FLOAT(7,2) rounds what is written into it, without a word.
            case DataType.Float _ ->
                    column.nativeType().contains(",")
                            ? Optional.empty()
                            : Optional.of(signless("0.0"));
            case DataType.Enumeration(var members, var charset, _) -> member(members, charset);
            case DataType.Members(var members, var charset, _) -> members(members, charset);
            case DataType.Text(var charset, var collation, _, _) ->
                    MySqlTextForm.of(charset, collation);
            case DataType.Json _, DataType.Geometry _, DataType.Vector _, DataType.Unknown _ ->
                    Optional.empty();
        };
    }

    /// Zero and negative zero are one key.
    private static UniqueForm signless(String zero) {
        var positive = hash(zero.getBytes(StandardCharsets.US_ASCII));
        var negative = hash(("-" + zero).getBytes(StandardCharsets.US_ASCII));
        return (row, index) -> {
            var hash = row.hash(index);
            return hash == negative ? positive : hash;
        };
    }

    /// The server compares numbers. A text that is no member to the letter may still become one
    /// when it is written; the empty one that was refused has the number 0.
    private static Optional<UniqueForm> member(List<String> members, String charset) {
        var known = Arrays.copyOf(hashes(members, charset), members.size() + 1);
        known[members.size()] = Hash.of(NOTHING, 0, 0);
        Arrays.sort(known);
        return Optional.of((row, index) -> {
            var hash = row.hash(index);
            return Arrays.binarySearch(known, hash) < 0 ? UniqueForm.ANY : hash;
        });
    }

    /// In whatever order the members stand.
    private static Optional<UniqueForm> members(List<String> members, String charset) {
        if (!MySqlConversion.asciiBytes(charset)) {
            return Optional.empty(); // a comma is several bytes, or another character
        }
        var known = hashes(members, charset);
        Arrays.sort(known);
        return Optional.of((row, index) -> mask(row.bytes(index), known));
    }

    private static long mask(byte[] value, long[] known) {
        var mask = 0L;
        for (int from = 0, to = 0; from < value.length; from = ++to) {
            while (to < value.length && value[to] != ',') {
                to++;
            }
            var place = Arrays.binarySearch(known, Hash.of(value, from, to));
            if (place < 0) {
                return UniqueForm.ANY;
            }
            mask |= 1L << place;
        }
        return Hash.with(0, mask);
    }

    private static long[] hashes(List<String> members, String charset) {
        return members.stream()
                .mapToLong(member -> hash(MySqlCharsets.encode(member, charset)))
                .toArray();
    }

    private static long hash(byte[] bytes) {
        return Hash.of(bytes, 0, bytes.length);
    }
}
