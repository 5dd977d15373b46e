package ferry.engine.apply;

import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Ends;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The windows of the tables that are loaded and not yet exact.
final class Windows {
    private final Ends ends;
    private final Marks marks;
    private final Map<TableName, TableWindow> byTable = new HashMap<>();
    private long version = -1; // of the marks

    Windows(Ends ends, Marks marks) {
        this.ends = ends;
        this.marks = marks;
    }

    void forget() {
        version = -1;
        byTable.clear();
    }

    /// Follows the marks; `read` is a position up to which everything was read. False if nothing
    /// changed.
    boolean refresh(Position read) {
        if (version == marks.version()) {
            return false;
        }
        version = marks.version();
        var loaded = marks.tables(Phase.LOADED).stream().filter(mark -> !mark.isApart()).toList();
        byTable.keySet()
                .removeIf(name -> loaded.stream().noneMatch(mark -> mark.name().equals(name)));
        for (var mark : loaded) {
            var old = byTable.get(mark.name());
            if (old == null || old.mark().generation() != mark.generation()) {
                byTable.put(mark.name(), begin(mark, read));
            }
        }
        return true;
    }

    /// The window of a loaded table for somebody who begins to read the log behind `read`.
    TableWindow begin(TableMark mark, Position read) {
        var order =
                mark.keyed()
                        ? ends.sourceDialect().keyOrder(mark.sourceLayout())
                        : Optional.<Comparator<Row>>empty();
        var uniqueKeysInPlace =
                mark.uniqueKeysInPlace() || !ends.rules().keeps(Rule.UNIQUE_KEYS_AFTER_WINDOW);
        return new TableWindow(
                mark, marks.chunks(mark), order, uniqueKeysInPlace, read, ends.rules());
    }

    /// Goes on with the window of somebody who has read the log up to the same place.
    void adopt(TableWindow window) {
        byTable.put(window.mark().name(), window);
    }

    /// The window of a table; null outside of one.
    TableWindow of(TableName table) {
        return byTable.get(table);
    }

    /// Goes on to this transaction, the next one of the log.
    void advance(TransactionId id) {
        byTable.values().forEach(window -> window.advance(id));
    }

    /// Those that lie wholly before a transaction, behind what was read.
    List<TableMark> endingBefore(TransactionId id, Position read) {
        return marks(window -> window.endsBefore(id, read));
    }

    /// Those whose end was read.
    List<TableMark> endingAt(Position read) {
        return marks(window -> window.endsAt(read));
    }

    /// The tables all of whose chunks have seen the present transaction.
    Set<TableName> seenByAll(TransactionId id) {
        return marks(window -> window.seenByAll(id)).stream()
                .map(TableMark::name)
                .collect(Collectors.toSet());
    }

    private List<TableMark> marks(Predicate<TableWindow> which) {
        return byTable.values().stream().filter(which).map(TableWindow::mark).toList();
    }
}
