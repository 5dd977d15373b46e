package ferry.engine.apply;

import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Checkpoint.Begun;
import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;

/// How far the target is while several lanes commit in any order: the transactions that were read
/// and are not all in the target, in the order of the log. The low-water mark stands before the
/// first of them, and before an XA group that is prepared and undecided. Safe for several threads.
final class LowWater {
    private final Rules rules;
    private final Function<TransactionId, Optional<String>> globalId;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private Optional<Position> mark = Optional.empty();
    private SequencedSet<TransactionId> above = new LinkedHashSet<>();
    private SequencedMap<String, TransactionId> known =
            new LinkedHashMap<>(); // by their names; and not yet read again
    private Optional<Begun> begun = Optional.empty();
    private Optional<Position> stored = Optional.empty();
    private Optional<Position> written =
            Optional.empty(); // where the mark stood behind a lane's work
    private long micros;
    private long entriesRead;
    private long markNumber; // of the entry behind which the mark stands; 0 before the first

    /// A transaction that was read and is to be written. `end` is the position behind it, or null
    /// where the mark may not stand.
    static final class Entry {
        private final long number; // in the order of the log, from 1
        private final TransactionId id;
        private Position end;
        private long micros;
        private final boolean ofLane;
        private boolean done;

        private Entry(long number, TransactionId id, Position end, long micros, boolean ofLane) {
            this.number = number;
            this.id = id;
            this.end = end;
            this.micros = micros;
            this.ofLane = ofLane;
            done = !ofLane;
        }
    }

    /// What a lane's row is to say.
    ///
    /// @param above the lane's transactions that the mark does not include
    record LaneMark(Checkpoint checkpoint, List<Entry> above) {}

    /// `globalId` as [ferry.engine.dialect.Dialect#globalId(TransactionId)]: the server that took
    /// the first one's place has the same transactions at other places of its log.
    LowWater(Rules rules, Function<TransactionId, Optional<String>> globalId) {
        this.rules = rules;
        this.globalId = globalId;
    }

    /// What a transaction is called at every server that has it.
    private String name(TransactionId id) {
        return globalId.apply(id).orElse(id.text());
    }

    /// Begins anew with what the target says.
    synchronized void start(Checkpoint checkpoint) {
        entries.clear();
        mark = Optional.of(checkpoint.lowWater());
        above = new LinkedHashSet<>();
        known = new LinkedHashMap<>();
        checkpoint.above().forEach(id -> known.put(name(id), id));
        begun = checkpoint.begun().filter(_ -> rules.keeps(Rule.PARTS_ARE_COUNTED));
        stored = mark;
        written = mark;
        entriesRead = 0;
        markNumber = 0;
    }

    /// The next transaction of the log has been read and will be written by a lane. `end` empty: an
    /// XA group before it is undecided.
    synchronized Entry read(TransactionId id, Optional<Position> end, long sourceMicros) {
        var entry = new Entry(++entriesRead, id, end.orElse(null), sourceMicros, true);
        entries.add(entry);
        return entry;
    }

    /// The next transaction of the log has been read, and is in the target or concerns nobody.
    synchronized void passed(TransactionId id, Optional<Position> end, long sourceMicros) {
        begun = begun.filter(_ -> begun(id) == 0);
        if (!known.isEmpty()) {
            known.remove(name(id));
        }
        var last = entries.peekLast();
        if (last != null && last.end != null && end.isPresent()) {
            last.end = end.get();
            last.micros = Math.max(last.micros, sourceMicros);
        } else {
            entries.add(new Entry(++entriesRead, id, end.orElse(null), sourceMicros, false));
        }
        advance();
    }

    /// The log was read up to here.
    synchronized void passed(Position end, long sourceMicros) {
        var last = entries.peekLast();
        if (last == null) {
            raise(end);
            micros = Math.max(micros, sourceMicros);
        } else if (last.end != null) {
            last.end = end;
            last.micros = Math.max(last.micros, sourceMicros);
        }
    }

    /// These are in the target.
    synchronized void done(List<Entry> written) {
        written.forEach(entry -> entry.done = true);
        advance();
    }

    private void advance() {
        var gaps = !rules.keeps(Rule.LOW_WATER_BEHIND_LANES);
        while (!entries.isEmpty() && (gaps || entries.peekFirst().done)) {
            var first = entries.removeFirst();
            if (first.end == null) {
                above.add(first.id);
            } else {
                raise(first.end);
                markNumber = first.number;
                written = first.ofLane ? mark : written;
            }
            micros = Math.max(micros, first.micros);
        }
    }

    private void raise(Position end) {
        mark = Optional.of(end);
        if (!above.isEmpty()) {
            above.removeIf(end::includes);
        }
        if (!known.isEmpty()) {
            known.values().removeIf(end::includes);
        }
    }

    /// True if this transaction is in the target, as far as the mark and what is above it tell;
    /// those that lanes write at present are not counted.
    synchronized boolean includes(TransactionId id) {
        return above.contains(id)
                || !known.isEmpty() && known.containsKey(name(id))
                || mark.orElseThrow().includes(id);
    }

    /// What is in the target, as far as it is known; empty before [#start].
    synchronized Optional<Checkpoint> checkpoint() {
        var all = new LinkedHashSet<>(above);
        all.addAll(known.values());
        return mark.map(position -> new Checkpoint(position, all, begun));
    }

    /// Everything up to here was read and is in the target; empty before [#start]. What lanes wrote
    /// above the mark before this process began does not count before it is read again: behind a
    /// gap it would claim more than is there.
    synchronized Optional<Position> applied() {
        return mark.map(position -> new Checkpoint(position, above).all());
    }

    /// Everything that the target holds above the mark lies before what was read, also what this
    /// log does not hold.
    synchronized void passKnown() {
        above.addAll(known.values());
        known.clear();
    }

    /// True while the target holds transactions that were not read again, so that it is at no one
    /// place of the log.
    synchronized boolean hasGaps() {
        return !known.isEmpty() || begun.isPresent();
    }

    /// What the checkpoint will be when this transaction is in the target too, while nothing else
    /// is being written.
    synchronized Checkpoint checkpointWith(TransactionId id, Optional<Position> end) {
        var all = checkpoint().orElseThrow();
        var now = begun(id) > 0 ? new Checkpoint(all.lowWater(), all.above()) : all;
        return end.isPresent() ? now.raisedTo(end.get()) : now.with(id);
    }

    /// The part of a large transaction that is in the target.
    synchronized Optional<Begun> begun() {
        return begun;
    }

    /// Changes of this transaction that are in the target already; 0 if it was not begun.
    synchronized long begun(TransactionId id) {
        return begun.filter(part -> part.id().equals(id) || name(part.id()).equals(name(id)))
                .map(Begun::changes)
                .orElse(0L);
    }

    /// So much of a large transaction is in the target.
    synchronized void begun(Begun part) {
        begun = Optional.of(part);
    }

    /// What a lane's row is to say when this job is in the target: how far the mark can then stand,
    /// and the lane's own transactions that it does not include. `above` are those that were above
    /// it so far.
    synchronized LaneMark checkpoint(List<Entry> above, LaneJob job) {
        var ofJob = new LinkedHashSet<Entry>();
        for (var transaction : job.transactions()) {
            ofJob.add(transaction.entry());
        }
        var reached = mark.orElseThrow();
        var reachedNumber = markNumber;
        for (var entry : entries) {
            if (!entry.done && !ofJob.contains(entry)) {
                break;
            }
            if (entry.end != null) {
                reached = entry.end;
                reachedNumber = entry.number;
            }
        }
        var left = new ArrayList<Entry>();
        var ids = new LinkedHashSet<TransactionId>();
        for (var some : List.of(above, ofJob)) {
            for (var entry : some) {
                // Where the mark may not stand, only a later place tells.
                var included =
                        entry.end == null
                                ? reached.includes(entry.id)
                                : entry.number <= reachedNumber;
                if (!included) {
                    left.add(entry);
                    ids.add(entry.id);
                }
            }
        }
        return new LaneMark(new Checkpoint(reached, ids), left);
    }

    /// This mark is in the target; returns the highest one that is.
    synchronized Position stored(Position position) {
        if (stored.isEmpty() || position.covers(stored.get())) {
            stored = Optional.of(position);
        }
        return stored.orElseThrow();
    }

    /// The highest mark that the target holds: nothing at or before it is needed again.
    synchronized Optional<Position> stored() {
        return stored;
    }

    /// True when lanes wrote their transactions in such an order that none of their rows tells how
    /// far the mark stands now.
    synchronized boolean isOwed() {
        return !stored.orElseThrow().covers(written.orElseThrow());
    }

    /// Transactions above the mark because an XA group is undecided.
    synchronized int above() {
        return above.size();
    }

    /// Transactions that the lanes' rows have to name because one before them is not in the target.
    synchronized int waiting() {
        return entries.size() + known.size();
    }

    /// The source's time of the last transaction up to which everything is in the target, in
    /// microseconds since the epoch; 0 if none yet.
    synchronized long micros() {
        return micros;
    }
}
