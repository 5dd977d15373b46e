package ferry.engine.dialect;

import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads rows, and says between which positions of the log they were read. The target's end uses it
/// too, for verification, without the positions. Of a table with a condition ([Table#where]) every
/// method sees only the rows that meet it.
public interface Snapshot extends AutoCloseable {
    /// Everything that this position includes is visible to a read that starts now.
    Position committed();

    /// The end of the log at this moment: nothing beyond it was visible to a read that has ended.
    Position logEnd();

    /// The server whose places these are, as [Catalog#serverIdentity()] tells it; empty if it
    /// cannot be told.
    default Optional<String> serverIdentity() {
        return Optional.empty();
    }

    /// The server's clock, which its log's times are of.
    default Instant time() {
        return Instant.now();
    }

    /// True when the table holds no row.
    boolean isEmpty(Table table);

    /// The row key that lies `rows` keys above `after` (above the start if empty), or empty if
    /// fewer are left. Reads keys only.
    Optional<Row> keyAfter(Table table, Optional<Row> after, long rows);

    /// Reads the rows of a key range in key order, in batches of any size; `readAt` is a
    /// [#committed()] taken before the read began, `readBy` a [#logEnd()] taken after it ended.
    ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches);

    /// The same without the positions, for an end whose log is not read.
    void readRange(Table table, KeyRange range, Consumer<List<Row>> batches);

    /// Reads a whole table at one exact position: readAt and readBy are the same. For tables
    /// without a key.
    ReadSpan readExactly(Table table, Consumer<List<Row>> batches);

    /// The rows with these keys, in any order; missing ones are left out. `keys` hold the row key's
    /// columns.
    List<Row> rows(Table table, List<Row> keys);

    /// Checksum of a key range over the columns that both tables carry, comparable between `table`
    /// (here) and `counterpart` (the other end's definition) whatever character sets the two use.
    Checksum checksum(Table table, Table counterpart, KeyRange range);

    /// Checksums of the whole table by bucket, 0 to `buckets` - 1: a row's bucket is a hash of its
    /// row key's bytes (of the whole row, for a table without a key), the same at both ends. For
    /// tables whose two ends sort differently.
    Map<Integer, Checksum> checksums(Table table, Table counterpart, int buckets);

    /// The rows of one bucket, with the same hash as [#checksums].
    void readBucket(
            Table table, Table counterpart, int buckets, int bucket, Consumer<List<Row>> batches);

    record ReadSpan(Position readAt, Position readBy) {}

    /// Row count and a hash of at least 64 bits, in text.
    record Checksum(long rows, String hash) {
        public static final Checksum EMPTY = new Checksum(0, "");
    }

    @Override
    void close();
}
