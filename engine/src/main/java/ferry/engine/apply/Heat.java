package ferry.engine.apply;

import ferry.engine.dialect.TableChanges;
import ferry.engine.model.TableName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What apply spends itself on: which tables its writing takes time for, and where transactions
/// meet that could otherwise go beside each other. Counts from the beginning of the process; of
/// tables and places only the first ones are told. Safe for several threads.
public final class Heat {
    private static final int TABLES_TOLD = 50;
    private static final int MEETINGS_TOLD = 20;

    private final Map<TableName, Spent> byTable = new HashMap<>();
    private final MeetingCounts meetings = new MeetingCounts();
    private long transactions;
    private long met;

    /// What was written of one table, and its part of the time that the target was at work with
    /// what was sent together, by all lanes together.
    public record OfTable(TableName table, long rows, long nanos) {}

    /// How many transactions met an earlier one there that was not written yet; at least, because
    /// places that are met rarely are forgotten.
    public record OfMeeting(Meeting where, long transactions) {}

    /// A look at all of it. `met` of the `transactions` had something in common with an earlier one
    /// that was not written yet.
    public record Seen(
            List<OfTable> tables, long transactions, long met, List<OfMeeting> meetings) {
        public static final Seen NOTHING = new Seen(List.of(), 0, 0, List.of());

        public Seen {
            tables = List.copyOf(tables);
            meetings = List.copyOf(meetings);
        }
    }

    private static final class Spent {
        private long rows;
        private long nanos;
    }

    /// The target took these changes together in so long; each table has its part by their number.
    synchronized void written(List<TableChanges> changes, long nanos) {
        var rows = changes.stream().mapToLong(TableChanges::size).sum();
        for (var some : changes) {
            var spent = byTable.computeIfAbsent(some.target().name(), _ -> new Spent());
            spent.rows += some.size();
            spent.nanos += Math.round((double) nanos * some.size() / rows);
        }
    }

    /// A transaction was divided among lanes; `hashes` are those of its claims at which it met
    /// others.
    synchronized void divided(PendingTransaction transaction, List<Long> hashes) {
        transactions++;
        if (!hashes.isEmpty()) {
            met++;
            hashes.forEach(hash -> meetings.add(hash, transaction::tell));
        }
    }

    public synchronized Seen seen() {
        var tables =
                byTable.entrySet().stream()
                        .map(entry ->
                                new OfTable(
                                        entry.getKey(),
                                        entry.getValue().rows,
                                        entry.getValue().nanos))
                        .sorted(Comparator.comparingLong(OfTable::nanos).reversed())
                        .limit(TABLES_TOLD)
                        .toList();
        return new Seen(tables, transactions, met, meetings.first(MEETINGS_TOLD));
    }

    /// Whatever tells what a claim stands for.
    @FunctionalInterface
    interface Teller {
        Optional<Meeting> tell(long hash);
    }
}
