package ferry.engine.verify;

import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What verification found out about one table. Filled by verify workers; safe for several threads.
public final class TableReport {
    /// How its rows were compared.
    public enum Method {
        /// Checksums of key ranges, bisected to rows.
        KEY_RANGES("checksums of key ranges"),
        /// Checksums of hash buckets, because the two ends sort the key differently.
        HASH_BUCKETS("checksums of hash buckets"),
        /// Whole rows, counted, at one exact position: the table has no key.
        WHOLE_ROWS("whole rows, counted");

        private final String meaning;

        Method(String meaning) {
            this.meaning = meaning;
        }

        /// For people.
        public String meaning() {
            return meaning;
        }
    }

    private final TableName table;
    private final Table target;
    private final Method method;
    private final long differencesMax;
    private final Map<Row, Difference> differences = new LinkedHashMap<>(); // by key
    private long rows;
    private long settledKeys;
    private boolean ended;
    private boolean givenUp;
    private Optional<Position> from = Optional.empty();
    private Optional<Position> to = Optional.empty();

    TableReport(TableName table, Table target, Method method, long differencesMax) {
        this.table = table;
        this.target = target;
        this.method = method;
        this.differencesMax = differencesMax;
    }

    public TableName table() {
        return table;
    }

    public TableName targetTable() {
        return target.name();
    }

    /// The target's definition, which the rows of the differences follow.
    public Table target() {
        return target;
    }

    public Method method() {
        return method;
    }

    /// Rows of the source that were compared.
    public synchronized long rows() {
        return rows;
    }

    /// Keys that were compared by themselves because they changed meanwhile.
    public synchronized long settledKeys() {
        return settledKeys;
    }

    public synchronized List<Difference> differences() {
        return List.copyOf(differences.values());
    }

    public synchronized boolean ended() {
        return ended;
    }

    /// True when it ended early at `verify.differences`.
    public synchronized boolean givenUp() {
        return givenUp;
    }

    /// True when every row was compared and no difference found.
    public synchronized boolean equal() {
        return ended && !givenUp && differences.isEmpty();
    }

    /// Each row was equal at some position between these two; the same position twice when it is
    /// exact. Empty without a log.
    public synchronized Optional<Position> from() {
        return from;
    }

    public synchronized Optional<Position> to() {
        return to;
    }

    synchronized void compared(
            long moreRows, Optional<Position> readAt, Optional<Position> readBy) {
        rows += moreRows;
        if (from.isEmpty()
                || readAt.isPresent() && from.orElseThrow().covers(readAt.orElseThrow())) {
            from = readAt;
        }
        if (to.isEmpty() || readBy.isPresent() && readBy.orElseThrow().covers(to.orElseThrow())) {
            to = readBy;
        }
    }

    synchronized void settled(long keys) {
        settledKeys += keys;
    }

    /// Adds a difference; false when the limit is reached and the table is given up: no more are
    /// kept then.
    synchronized boolean add(Difference difference) {
        if (differences.size() < differencesMax) {
            differences.putIfAbsent(difference.key(), difference);
        }
        givenUp |= differences.size() >= differencesMax;
        return !givenUp;
    }

    synchronized void end() {
        ended = true;
    }
}
