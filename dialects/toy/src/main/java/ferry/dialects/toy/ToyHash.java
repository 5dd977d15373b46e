package ferry.dialects.toy;

import ferry.engine.dialect.Snapshot.Checksum;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Hashes of rows. Each value enters with its length, and NULL as something that no value is, so
/// that ('a', 'bc') and ('ab', 'c'), NULL and the empty text differ.
final class ToyHash {
    private ToyHash() {}

    static Checksum checksum(Table table, Table counterpart, List<Row> rows) {
        if (rows.isEmpty()) {
            return Checksum.EMPTY;
        }
        var places = shared(table, counterpart);
        var sum = 0L;
        for (var row : rows) {
            sum += hash(row, places);
        }
        return new Checksum(rows.size(), HexFormat.of().toHexDigits(sum));
    }

    static Map<Integer, List<Row>> buckets(
            Table table, Table counterpart, int buckets, List<Row> rows) {
        var places =
                table.rowKey().isPresent() ? table.rowKeyIndexes() : shared(table, counterpart);
        var result = new TreeMap<Integer, List<Row>>();
        for (var row : rows) {
            var bucket = (int) Long.remainderUnsigned(hash(row, places), buckets);
            result.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(row);
        }
        return result;
    }

    /// The columns that both carry, by name, so that both ends take them in one order.
    private static int[] shared(Table table, Table counterpart) {
        return table.carried().stream()
                .map(column -> column.name())
                .filter(name -> counterpart.indexOf(name) >= 0)
                .sorted()
                .mapToInt(table::indexOf)
                .toArray();
    }

    private static long hash(Row row, int[] places) {
        var hash = 0xcbf29ce484222325L; // FNV-1a
        for (var place : places) {
            hash = mix(hash, row.isPresent(place) ? row.length(place) : -1);
            if (row.isPresent(place)) {
                for (var value : row.bytes(place)) {
                    hash = (hash ^ (value & 0xff)) * 0x100000001b3L;
                }
            }
        }
        return mix(hash, 0);
    }

    private static long mix(long hash, long value) {
        var mixed = (hash ^ value) * 0x9e3779b97f4a7c15L;
        return mixed ^ (mixed >>> 29);
    }
}
