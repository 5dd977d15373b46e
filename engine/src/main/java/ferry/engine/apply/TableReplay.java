package ferry.engine.apply;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.ChangeLogReader;
import ferry.engine.changelog.LogRecord;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.governor.Governor;
import ferry.engine.governor.Work;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Reads the log again for one loaded table, and writes what its chunks have not seen. Used once.
///
/// Changes are written by key, whole rows, as in any window: what a process that dies has written
/// of them is written again, so target transactions may end anywhere. Those of a table without a
/// key could not be repeated: they are one target transaction, together with the mark behind them.
final class TableReplay {
    private static final int ROWS_AT_ONCE = 10_000;

    private final Ends ends;
    private final Lane own;
    private final Governor governor;
    private final Skips skips;
    private final PendingChanges pending;
    private final RowPolicy policy;
    private final boolean carefully;
    private final TableMark mark;
    private final TableWindow window;
    private final Routes routes;
    private final long bytesMax;
    private final SequencedMap<String, RowError> failed = new LinkedHashMap<>(); // and not stored
    private final Map<SkipOrder, Long> leftOut = new LinkedHashMap<>(); // changes by order
    private Optional<TransactionId> inside = Optional.empty(); // of this transaction
    private long rows; // of the open target transaction
    private long bytes;

    /// `mark` is that of the table among the others; `window` begins where the log is read from.
    /// `carefully`: change by change, as where one of them fails.
    TableReplay(
            Ends ends,
            Lane own,
            Governor governor,
            Skips skips,
            Heat heat,
            RowPolicy policy,
            boolean carefully,
            TableMark mark,
            TableWindow window) {
        this.ends = ends;
        this.own = own;
        this.governor = governor;
        this.skips = skips;
        this.policy = policy;
        this.carefully = carefully;
        this.mark = mark;
        this.window = window;
        pending = new PendingChanges(ends.settings(), ends.rules(), heat);
        routes = new Routes(ends);
        bytesMax = ends.settings().get(Settings.APPLY_BATCH_BYTES);
    }

    /// Reads up to this place of the log, and stores the mark with `reached`. False if it was
    /// interrupted before: then nothing is decided.
    boolean run(ChangeLog log, Position from, long upToSequence, Checkpoint reached) {
        own.begin();
        try (var reader = log.reader(from, Set.of(mark.name()))) {
            while (!isBehind(reader, upToSequence, reached.lowWater())) {
                if (Thread.currentThread().isInterrupted()) {
                    own.rollback();
                    return false;
                }
                take(
                        reader.next()
                                .orElseThrow(() ->
                                        new IllegalStateException(
                                                "the change log ends before what was read of it")));
            }
        }
        commit(Optional.of(reached));
        return true;
    }

    /// The reader may begin before the low-water mark, where a new reader of the others began too.
    private boolean isBehind(ChangeLogReader reader, long sequence, Position lowWater) {
        return inside.isEmpty()
                && reader.sequence() >= sequence
                && reader.position().covers(lowWater);
    }

    private void take(LogRecord record) {
        switch (record) {
            case LogRecord.Begin begin -> {
                window.advance(begin.id());
                inside = Optional.of(begin.id());
            }
            case LogRecord.Rows logged -> rows(logged, inside.orElseThrow());
            case LogRecord.Commit _ -> inside = Optional.empty();
            case LogRecord.SchemaChange change -> window.advance(change.id());
            case LogRecord.Prepare _,
                    LogRecord.CommitPrepared _,
                    LogRecord.RollbackPrepared _,
                    LogRecord.Admitted _,
                    LogRecord.Progress _ -> {}
        }
        if (mark.keyed() && (rows >= ROWS_AT_ONCE || bytes >= bytesMax)) {
            commit(Optional.empty());
            own.begin();
        }
    }

    private void rows(LogRecord.Rows logged, TransactionId id) {
        if (window.seenByAll(id)) {
            return; // rows from before the admission may have another layout
        }
        var route = routes.of(logged.table(), mark);
        var order = skips.leftOut(id);
        Replay replay;
        try {
            replay =
                    Replay.of(
                            window,
                            mark.kept(),
                            id,
                            route.logged(),
                            logged.changes(),
                            order.isPresent() ? RowTranslation.SAME : route.translation(),
                            ends.rules());
        } catch (ProblemException e) {
            throw policy.inTransaction(e, id).concerning(mark.name());
        }
        if (replay.changes().isEmpty()) {
            return;
        }
        if (order.isPresent()) {
            leftOut.merge(order.get(), (long) replay.changes().size(), Long::sum);
            return;
        }
        var part = new PendingTransaction.Part(route.logged().layout(), route.target(), replay);
        rows += replay.changes().size();
        bytes += PendingTransaction.bytes(replay.changes());
        if (carefully) {
            policy.write(own.writer(), id, part, failed);
        } else {
            pending.add(own.writer(), part.source(), part.target(), part.replay());
        }
    }

    /// `reached` present: the table is one of the others, and what was left out of it is told.
    private void commit(Optional<Checkpoint> reached) {
        pending.write(own.writer());
        policy.put(own.writer(), failed.values());
        if (reached.isPresent()) {
            var entries = new ArrayList<Entry>();
            entries.add(mark.entry());
            skips.ended(mark.name(), leftOut).forEach(order -> entries.add(order.entry()));
            own.writer().put(entries);
        }
        own.commit(reached.map(Checkpoint::text).orElseGet(own::checkpoint));
        policy.recorded(failed.values());
        failed.clear();
        governor.spent(Work.APPLY, rows, bytes);
        rows = 0;
        bytes = 0;
    }

    /// The orders to leave transactions out that it met, as they were stored.
    List<SkipOrder> orders() {
        return skips.ended(mark.name(), leftOut);
    }

    /// Where the log is read from.
    static Position from(Ends ends, TableMark mark, Position others) {
        return ends.rules().keeps(Rule.APART_FROM_ITS_PLACE)
                ? ends.position(mark.neededFrom().orElseThrow())
                : others;
    }
}
