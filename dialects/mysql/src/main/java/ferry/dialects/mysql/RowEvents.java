package ferry.dialects.mysql;

import ferry.engine.dialect.LogEvent;
import ferry.engine.model.Change;
import ferry.engine.model.CodedChanges;
import ferry.engine.model.SchemaEffect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Finds the tables of row events by the table maps before them, and tells the rows of admitted
/// tables.
final class RowEvents {
    private static final int ROWS_BYTES_MAX = 1 << 20;
    private static final int KNOWN_MAX = 10_000;
    private static final int STATEMENT_END = 1; // flag: the table maps before it are used no more

    private final AdmittedTables tables;
    private final List<Mapped> mapped = new ArrayList<>(); // few: those of one statement
    private final Map<Long, Known> maps = new HashMap<>(); // which come again
    private long version; // of the tables that are known

    /// What was found out about a table map.
    private record Known(byte[] body, Optional<AdmittedTables.Admitted> table) {}

    /// A table map that rows may refer to.
    private record Mapped(long id, Optional<AdmittedTables.Admitted> table) {}

    RowEvents(AdmittedTables tables) {
        this.tables = tables;
    }

    /// Forgets the table maps: each is for one statement.
    void forgetMaps() {
        mapped.clear();
    }

    /// Follows what a schema change did to the admitted tables.
    void apply(List<SchemaEffect> effects) {
        tables.apply(effects);
        mapped.clear();
    }

    void map(RawEvent tableMap) {
        if (version != tables.version() || maps.size() >= KNOWN_MAX) {
            maps.clear();
            version = tables.version();
        }
        var id = tableMap.read().little(6);
        var known = known(id, tableMap);
        var table = known.table();
        mapped.removeIf(other -> other.id() == id);
        mapped.add(new Mapped(id, table));
        table.ifPresent(found -> found.mapped(known.body()));
    }

    private Known known(long id, RawEvent tableMap) {
        var before = maps.get(id);
        if (before != null && tableMap.holds(before.body())) {
            return before;
        }
        var found = new Known(tableMap.body(), tables.find(TableMap.head(tableMap.read()).name()));
        maps.put(id, found);
        return found;
    }

    private Optional<Mapped> mapped(long tableId) {
        for (var map : mapped) {
            if (map.id() == tableId) {
                return Optional.of(map);
            }
        }
        return Optional.empty();
    }

    /// The rows of an event; empty if their table is not admitted, or if there are none.
    Optional<Rows> rows(RawEvent event, RowDecoder.Kind kind, boolean compressed) {
        var in = event.read();
        var tableId = in.little(6);
        var flags = in.u16();
        if (event.type() == RawEvent.WRITE_ROWS
                || event.type() == RawEvent.UPDATE_ROWS
                || event.type() == RawEvent.DELETE_ROWS) {
            in.skip(in.u16() - 2); // partition and NDB notes
        }
        var endsStatement = (flags & STATEMENT_END) != 0;
        var table = mapped(tableId);
        if (table.isEmpty()) {
            // A dummy event of this id ends a statement that has no rows.
            if (endsStatement && in.left() <= 3) {
                return Optional.empty();
            }
            throw new IllegalStateException(
                    "rows of table number " + tableId + ", which no table map announced");
        }
        if (endsStatement) {
            mapped.clear();
        }
        return table.get().table().map(admitted -> new Rows(admitted, kind, compressed, in));
    }

    /// The rows of one event, not read yet.
    static final class Rows {
        private final AdmittedTables.Admitted table;
        private final RowDecoder.Kind kind;
        private final boolean compressed;
        private final EventBytes in;

        private Rows(
                AdmittedTables.Admitted table,
                RowDecoder.Kind kind,
                boolean compressed,
                EventBytes in) {
            this.table = table;
            this.kind = kind;
            this.compressed = compressed;
            this.in = in;
        }

        AdmittedTables.Admitted table() {
            return table;
        }

        /// Tells the rows as they stand there, in pieces of a bounded size. Throws LAYOUT_MISMATCH
        /// if the table map and the layout do not fit.
        void tell(Consumer<LogEvent> tell) {
            var decoder = table.decoder();
            var plain = compressed ? inflated(in, kind) : in;
            if (!decoder.canDivide()) {
                decodeAll(decoder, plain, tell);
                return;
            }
            var code = table.code(kind);
            var head = plain.at();
            decoder.divide(
                    kind,
                    plain,
                    ROWS_BYTES_MAX,
                    (from, to, rows) -> {
                        var changes =
                                from == plain.at()
                                        ? new CodedChanges(code, plain.array(), head, to, rows)
                                        : withHead(code, plain, head, from, to, rows);
                        tell.accept(new LogEvent.Rows(decoder.layout(), changes));
                    });
        }

        /// A further piece, behind the head of the first.
        private static CodedChanges withHead(
                RowEventCode code, EventBytes in, int head, int from, int to, int rows) {
            var headBytes = in.at() - head;
            var bytes = new byte[headBytes + to - from];
            System.arraycopy(in.array(), head, bytes, 0, headBytes);
            System.arraycopy(in.array(), from, bytes, headBytes, to - from);
            return new CodedChanges(code, bytes, 0, bytes.length, rows);
        }

        private void decodeAll(RowDecoder decoder, EventBytes rows, Consumer<LogEvent> tell) {
            var changes = new ArrayList<Change>();
            decoder.decode(kind, rows, changes::add);
            if (!changes.isEmpty()) {
                tell.accept(new LogEvent.Rows(decoder.layout(), changes));
            }
        }

        /// The number of columns and the bitmaps stand there plainly, the rows behind them are
        /// compressed.
        private static EventBytes inflated(EventBytes in, RowDecoder.Kind kind) {
            var from = in.at();
            var columns = Math.toIntExact(in.packed());
            in.skip((columns + 7) / 8 * (kind == RowDecoder.Kind.UPDATE ? 2 : 1));
            var head = in.at() - from;
            var rows = QueryEvent.inflate(in);
            var whole = new byte[head + rows.length];
            System.arraycopy(in.array(), from, whole, 0, head);
            System.arraycopy(rows, 0, whole, head, rows.length);
            return new EventBytes(whole);
        }
    }
}
