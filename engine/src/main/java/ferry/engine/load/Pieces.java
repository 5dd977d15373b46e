package ferry.engine.load;

import ferry.engine.model.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts a batch of rows into smaller ones for a server under stress.
final class Pieces {
    private Pieces() {}

    /// Pieces of at most so many bytes, or of one row; the whole batch if there is no limit.
    static List<List<Row>> of(List<Row> rows, Optional<Long> bytesMax) {
        if (bytesMax.isEmpty()) {
            return List.of(rows);
        }
        var pieces = new ArrayList<List<Row>>();
        var from = 0;
        var bytes = 0L;
        for (var i = 0; i < rows.size(); i++) {
            var more = rows.get(i).byteCount();
            if (i > from && bytes + more > bytesMax.orElseThrow()) {
                pieces.add(rows.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        pieces.add(rows.subList(from, rows.size()));
        return pieces;
    }
}
