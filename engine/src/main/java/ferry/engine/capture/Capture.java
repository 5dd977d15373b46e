package ferry.engine.capture;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.changelog.LogRecord;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.model.Position;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the source's log in order and appends it to the change log. One thread steps it; others
/// ask for admissions and progress.
///
/// After a lost connection it goes on behind the last complete transaction of the change log, and
/// after a failed write of the log behind the last durable one. Rows are captured for admitted
/// tables only; a schema change that leaves a table's layout unknown ends its admission, and the
/// table must be admitted and loaded again.
public final class Capture implements Loop {
    /// Events that one step takes at the most, so that a stop or a reset never waits long.
    private static final int EVENTS_PER_STEP = 2_000;

    private final Ends ends;
    private final ChangeLog log;
    private final Duration syncTime;
    private final Duration heartbeat;
    private final Map<TableName, Table> admitted = new HashMap<>();
    private final Map<TableName, TransactionId> lastSchemaChange = new HashMap<>();
    private final List<Admission> waiting = new ArrayList<>();
    private volatile boolean asking; // somebody waits
    private final Set<Admission> announced = new HashSet<>(); // those that the reader knows of
    private LogReader reader;
    private boolean inTransaction;
    private Instant lastSync;
    private Instant lastProgress = Instant.EPOCH;
    private long begunMicros; // the source's time of the transaction that is being read
    private long readMicros; // the source's time of what was read last, durable or not
    private volatile Position read;
    private boolean readMoved; // and `read` does not say so yet
    private volatile long sourceMicros;
    private volatile long transactions;

    /// Goes on at the log's end, with the tables that are admitted there.
    public Capture(Ends ends, ChangeLog log) {
        this.ends = ends;
        this.log = log;
        this.admitted.putAll(log.admitted());
        this.syncTime = ends.settings().get(Settings.CHANGELOG_SYNC_TIME);
        this.heartbeat = ends.settings().get(Settings.CAPTURE_HEARTBEAT);
        this.read = log.position();
        this.lastSync = ends.clock().instant();
    }

    /// Asks for the rows of a table; see [Admission].
    public Admission request(Table layout, Position before, Position after) {
        return request(new Admission(layout, before, after, false));
    }

    /// Asks for the rows of a table from exactly this place on, from which the target says that
    /// they are in the log; the layout is the one in force there.
    public void requestAt(Table layout, Position place) {
        request(new Admission(layout, place, place, true));
    }

    private Admission request(Admission admission) {
        synchronized (waiting) {
            waiting.add(admission);
            asking = true;
        }
        return admission;
    }

    /// The source's log was read up to here (not all of it may be durable yet).
    public Position read() {
        return read;
    }

    /// The source's time up to which all is durable in the change log, in microseconds since the
    /// epoch; 0 if unknown. It stands still while the log cannot be written.
    public long sourceMicros() {
        return sourceMicros;
    }

    /// Transactions captured by this process.
    public long transactions() {
        return transactions;
    }

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public Outcome step() {
        open();
        admitWaiting();
        var worked = false;
        var caughtUp = false;
        for (var i = 0; i < EVENTS_PER_STEP; i++) {
            var event = reader.next(log.unsynced() ? Duration.ZERO : syncTime);
            append(event);
            admitWaiting();
            if (event instanceof LogEvent.Progress) {
                // Also told where much was passed over, and then there is more.
                caughtUp = inTransaction || reader.betweenTransactions();
                if (caughtUp) {
                    break;
                }
                continue;
            }
            worked = true;
            if (!inTransaction && syncDue()) {
                break;
            }
        }
        noteRead();
        // While there is more to read, transactions share an fsync for a while.
        var lasts = log.unsynced() && (caughtUp || syncDue());
        if (lasts) {
            log.sync();
            lastSync = ends.clock().instant();
        }
        log.hurry(!caughtUp);
        if (!log.unsynced()) {
            sourceMicros = readMicros;
        }
        if (worked && lasts) {
            return Outcome.WORKED;
        }
        // A large transaction whose end was not read yet is read again after a reset.
        return worked || inTransaction ? Outcome.BEGUN : Outcome.IDLE;
    }

    @Override
    public void reset() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        log.abandon();
        inTransaction = false;
        read = log.position();
        readMoved = false;
        readMicros = sourceMicros;
        // That nothing comes proves little before the log took a record again.
        lastProgress = Instant.EPOCH;
    }

    private void open() {
        if (reader == null) {
            reader = ends.sourceLog(log.position());
            announced.clear();
            admitted.clear(); // what was admitted behind a write that failed is admitted again
            admitted.putAll(log.admitted());
            admitted.values().forEach(reader::admit);
        }
    }

    private boolean syncDue() {
        return log.unsynced()
                && Duration.between(lastSync, ends.clock().instant()).compareTo(syncTime) >= 0;
    }

    private void append(LogEvent event) {
        switch (event) {
            case LogEvent.Begin begin -> {
                requireNotPassed(begin.id());
                log.append(new LogRecord.Begin(begin.id(), begin.micros()));
                inTransaction = true;
                begunMicros = begin.micros();
            }
            case LogEvent.Rows rows ->
                    log.append(new LogRecord.Rows(rows.layout(), rows.changes()));
            case LogEvent.Commit commit ->
                    appendLast(new LogRecord.Commit(commit.id()), begunMicros);
            case LogEvent.Prepare prepare ->
                    appendLast(new LogRecord.Prepare(prepare.id(), prepare.xid()), begunMicros);
            case LogEvent.CommitPrepared commit ->
                    appendLast(
                            new LogRecord.CommitPrepared(
                                    commit.id(), commit.xid(), commit.micros()),
                            commit.micros());
            case LogEvent.RollbackPrepared rollback ->
                    appendLast(
                            new LogRecord.RollbackPrepared(rollback.id(), rollback.xid()),
                            readMicros);
            case LogEvent.SchemaChange change -> {
                appendLast(
                        new LogRecord.SchemaChange(
                                change.id(),
                                change.micros(),
                                change.statement(),
                                change.database(),
                                change.session(),
                                change.effects()),
                        change.micros());
                change.effects().forEach(effect -> follow(effect, change.id()));
            }
            case LogEvent.Progress progress -> progress(progress);
        }
    }

    /// The rows of a table that is to be admitted at an exact place must not be passed over: the
    /// reader had to tell that place before.
    private void requireNotPassed(TransactionId id) {
        for (var admission : announced) {
            if (admission.exact() && !admission.after().includes(id)) {
                throw new IllegalStateException(
                        "transaction %s came before it was told that %s was read, where %s is to be admitted"
                                .formatted(
                                        id.text(),
                                        admission.after().text(),
                                        admission.layout().name()));
            }
        }
    }

    private void appendLast(LogRecord ending, long micros) {
        log.append(ending);
        readMicros = micros;
        inTransaction = false;
        transactions++;
        readMoved = true;
    }

    /// The position is put together from its transactions: once for many of them.
    private void noteRead() {
        if (readMoved) {
            read = log.position();
            readMoved = false;
        }
    }

    /// Progress is written when it says something new, and otherwise not more often than the
    /// heartbeat: an idle source must not fill the log.
    private void progress(LogEvent.Progress progress) {
        if (inTransaction) {
            return;
        }
        readMicros = Math.max(readMicros, progress.micros());
        var now = ends.clock().instant();
        var isNew = !log.position().covers(progress.position());
        if (isNew || Duration.between(lastProgress, now).compareTo(heartbeat) >= 0) {
            log.append(new LogRecord.Progress(progress.position(), progress.micros()));
            lastProgress = now;
        }
        read = log.position();
    }

    private void follow(SchemaEffect effect, TransactionId id) {
        lastSchemaChange.put(effect.table(), id);
        switch (effect) {
            case SchemaEffect.Altered altered -> {
                if (altered.after().isPresent()) {
                    admitted.computeIfPresent(
                            altered.table(), (_, _) -> altered.after().orElseThrow());
                } else {
                    admitted.remove(altered.table());
                }
            }
            case SchemaEffect.Renamed renamed -> {
                admitted.remove(renamed.table());
                admitted.remove(renamed.to());
                lastSchemaChange.put(renamed.to(), id);
            }
            case SchemaEffect.Created created -> admitted.remove(created.table());
            case SchemaEffect.Dropped dropped -> admitted.remove(dropped.table());
            case SchemaEffect.Truncated _ -> {}
        }
    }

    private void admitWaiting() {
        if (!asking) {
            return;
        }
        List<Admission> asked;
        synchronized (waiting) {
            asked = List.copyOf(waiting);
        }
        if (asked.isEmpty() || inTransaction || !reader.betweenTransactions()) {
            return;
        }
        noteRead();
        for (var admission : asked) {
            if (!proved(admission)) {
                admission.refuse();
            } else if (read.covers(admission.after()) && log.openPrepares().isEmpty()) {
                // Of a group that is prepared and undecided, this table's rows were read past: they
                // become visible only behind this place.
                admit(admission);
            } else {
                if (announced.add(admission)) {
                    reader.tellAt(admission.after());
                }
                continue;
            }
            announced.remove(admission);
            synchronized (waiting) {
                waiting.remove(admission);
                asking = !waiting.isEmpty();
            }
        }
    }

    private void admit(Admission admission) {
        reader.admit(admission.layout());
        admitted.put(admission.layout().name(), admission.layout());
        log.append(new LogRecord.Admitted(admission.layout()));
        log.sync();
        admission.admit(read);
    }

    private boolean proved(Admission admission) {
        var change = lastSchemaChange.get(admission.layout().name());
        return change == null
                || admission.before().includes(change)
                || !ends.rules().keeps(Rule.LAYOUT_IS_PROVED);
    }
}
