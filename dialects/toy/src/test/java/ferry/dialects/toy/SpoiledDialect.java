package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.UniqueForm;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A dialect that breaks one rule of the SPI, as a careless one would.
final class SpoiledDialect extends Delegates.OfDialect {
    /// The rules, by the section of `docs/correctness.md` that holds the history.
    enum Rule {
        /// §1: the log's end is taken for what is visible.
        COMMITTED_IS_LOG_END(1),
        /// §1: readAt is taken after the read.
        READ_AT_AFTER_READ(1),
        /// §1: readBy is taken before the read.
        READ_BY_BEFORE_READ(1),
        /// §1: a log that is asked for what a set with gaps does not include begins behind the
        /// set's last.
        LOG_SKIPS_GAPS(1),
        /// §4: what was prepared counts as committed.
        PREPARED_IS_COMMITTED(4),
        /// §5: a writer is not fenced.
        FENCE_IGNORED(5),
        /// §5: the connection that was lost is not ended before its lane goes on.
        LOST_CONNECTION_LEFT_ALIVE(5),
        /// §5: and a take-over leaves the old owner's connections alive, too.
        NOBODY_KILLED(5),
        /// §5: a take-over reads the checkpoints before it has raised the epoch.
        EPOCH_AFTER_CHECKPOINT(5),
        /// §8: keys are ordered by bytes, whatever their collation.
        KEYS_ORDERED_BY_BYTES(8),
        /// §8: unique values are equal where their bytes are, whatever their collation.
        UNIQUE_FORMS_OF_BYTES(8),
        /// §9: an exact read is not exact.
        EXACT_READ_TAKES_POSITION_FIRST(9),
        /// §9: a change of a table without a key meets all equal rows.
        KEYLESS_MEETS_ALL(9),
        /// §9: a row of a table without a key matches by its collation.
        KEYLESS_IGNORES_CASE(9),
        /// §10: NULL adds nothing to a checksum, and values run into each other.
        CHECKSUM_WITHOUT_MARKS(10),
        /// §11: a statement that computes values for old rows is run again at the target.
        COMPUTED_VALUES_REPLAYED(11);

        private final int section;

        Rule(int section) {
            this.section = section;
        }

        int section() {
            return section;
        }
    }

    private final Rule rule;
    private final ToyServer source;
    private final ToyServer target;
    private final Map<String, String> readTooEarly = new TreeMap<>(); // checkpoints by lane

    SpoiledDialect(Dialect whole, Rule rule, ToyServer source, ToyServer target) {
        super(whole);
        this.rule = rule;
        this.source = source;
        this.target = target;
    }

    @Override
    public Optional<Comparator<Row>> keyOrder(Table table) {
        if (rule != Rule.KEYS_ORDERED_BY_BYTES || table.rowKey().isEmpty()) {
            return super.keyOrder(table);
        }
        Comparator<Row> order = (one, other) -> 0;
        for (var i = 0; i < table.rowKeyIndexes().length; i++) {
            var index = i;
            order = order.thenComparing((one, other) -> one.compareBytes(index, other, index));
        }
        return Optional.of(order);
    }

    @Override
    public Optional<UniqueForm> uniqueForm(Table table, Column column) {
        return rule == Rule.UNIQUE_FORMS_OF_BYTES
                ? Optional.of(UniqueForm.BYTES)
                : super.uniqueForm(table, column);
    }

    @Override
    public Snapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
        return new SpoiledSnapshot(super.snapshot(endpoint, role, settings));
    }

    @Override
    public LogReader log(Endpoint endpoint, Position after, Settings settings) {
        if (rule == Rule.LOG_SKIPS_GAPS
                && after instanceof GtidPosition gtids
                && gtids.last(source.uuid()) > 0) {
            var upTo = new GtidPosition.Range(1, gtids.last(source.uuid()));
            return super.log(
                    endpoint, new GtidPosition(Map.of(source.uuid(), List.of(upTo))), settings);
        }
        return new SpoiledLog(super.log(endpoint, after, settings));
    }

    @Override
    public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
        var whole = super.catalog(endpoint, role, settings);
        return rule != Rule.COMPUTED_VALUES_REPLAYED
                ? whole
                : new Delegates.OfCatalog(whole) {
                    @Override
                    public Optional<List<String>> replay(
                            LogEvent.SchemaChange change, Map<TableName, TableName> names) {
                        return ToyParser.parse(change.statement())
                                        instanceof ToyStatement.AddColumn(var table, var column)
                                ? Optional.of(
                                        List.of(
                                                new ToyStatement.AddColumn(names.get(table), column)
                                                        .sql()))
                                : super.replay(change, names);
                    }
                };
    }

    @Override
    public Writer writer(Endpoint endpoint, Settings settings) {
        return new SpoiledWriter(super.writer(endpoint, settings), new ToyBooks(settings));
    }

    @Override
    public Bookkeeping bookkeeping(Endpoint endpoint, Settings settings) {
        return new SpoiledBookkeeping(
                super.bookkeeping(endpoint, settings), new ToyBooks(settings));
    }

    private final class SpoiledSnapshot extends Delegates.OfSnapshot {
        SpoiledSnapshot(Snapshot whole) {
            super(whole);
        }

        @Override
        public Position committed() {
            return rule == Rule.COMMITTED_IS_LOG_END ? whole.logEnd() : whole.committed();
        }

        @Override
        public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
            var before =
                    rule == Rule.COMMITTED_IS_LOG_END || rule == Rule.READ_BY_BEFORE_READ
                            ? whole.logEnd()
                            : null;
            var span = whole.read(table, range, batches);
            return switch (rule) {
                case COMMITTED_IS_LOG_END -> new ReadSpan(before, span.readBy());
                case READ_AT_AFTER_READ -> new ReadSpan(whole.committed(), whole.logEnd());
                case READ_BY_BEFORE_READ -> new ReadSpan(span.readAt(), before);
                default -> span;
            };
        }

        @Override
        public ReadSpan readExactly(Table table, Consumer<List<Row>> batches) {
            if (rule != Rule.EXACT_READ_TAKES_POSITION_FIRST) {
                return whole.readExactly(table, batches);
            }
            var before = whole.committed();
            whole.readExactly(table, batches);
            return new ReadSpan(before, before);
        }

        @Override
        public Checksum checksum(Table table, Table counterpart, KeyRange range) {
            if (rule != Rule.CHECKSUM_WITHOUT_MARKS) {
                return whole.checksum(table, counterpart, range);
            }
            var rows = new ArrayList<Row>();
            whole.readRange(table, range, rows::addAll);
            return careless(table, counterpart, rows);
        }

        @Override
        public Map<Integer, Checksum> checksums(Table table, Table counterpart, int buckets) {
            if (rule != Rule.CHECKSUM_WITHOUT_MARKS) {
                return whole.checksums(table, counterpart, buckets);
            }
            var result = new TreeMap<Integer, Checksum>();
            for (var bucket = 0; bucket < buckets; bucket++) {
                var rows = new ArrayList<Row>();
                whole.readBucket(table, counterpart, buckets, bucket, rows::addAll);
                if (!rows.isEmpty()) {
                    result.put(bucket, careless(table, counterpart, rows));
                }
            }
            return result;
        }

        private static Checksum careless(Table table, Table counterpart, List<Row> rows) {
            var sum = 0L;
            for (var row : rows) {
                var text = new StringBuilder();
                for (var i = 0; i < row.size(); i++) {
                    text.append(
                            counterpart.indexOf(table.carried().get(i).name()) >= 0
                                            && row.isPresent(i)
                                    ? row.text(i)
                                    : "");
                }
                sum += text.toString().hashCode();
            }
            return new Checksum(rows.size(), "" + sum);
        }
    }

    private final class SpoiledLog extends Delegates.OfLog {
        private final Deque<LogEvent> ready = new ArrayDeque<>();

        SpoiledLog(LogReader whole) {
            super(whole);
        }

        @Override
        public LogEvent next(Duration wait) {
            if (!ready.isEmpty()) {
                return ready.poll();
            }
            var event = whole.next(wait);
            if (rule == Rule.PREPARED_IS_COMMITTED) {
                switch (event) {
                    case LogEvent.Prepare prepare -> ready.add(new LogEvent.Commit(prepare.id()));
                    case LogEvent.CommitPrepared commit -> {
                        ready.add(new LogEvent.Begin(commit.id(), commit.micros()));
                        ready.add(new LogEvent.Commit(commit.id()));
                    }
                    case LogEvent.RollbackPrepared rollback -> {
                        ready.add(new LogEvent.Begin(rollback.id(), 0));
                        ready.add(new LogEvent.Commit(rollback.id()));
                    }
                    default -> ready.add(event);
                }
                return ready.poll();
            }
            if (rule == Rule.COMPUTED_VALUES_REPLAYED
                    && event instanceof LogEvent.SchemaChange change) {
                var effects =
                        change.effects().stream()
                                .map(effect ->
                                        effect
                                                        instanceof
                                                        SchemaEffect.Altered(
                                                                var table,
                                                                var after,
                                                                _)
                                                ? new SchemaEffect.Altered(table, after, false)
                                                : effect)
                                .toList();
                return new LogEvent.SchemaChange(
                        change.id(),
                        change.micros(),
                        change.statement(),
                        change.database(),
                        change.session(),
                        effects);
            }
            return event;
        }
    }

    private final class SpoiledWriter extends Delegates.OfWriter {
        private final ToyBooks books;

        SpoiledWriter(Writer whole, ToyBooks books) {
            super(whole);
            this.books = books;
        }

        @Override
        public void begin(Fence fence, String checkpoint) {
            try {
                whole.begin(fence, checkpoint);
            } catch (ProblemException e) {
                if (rule != Rule.FENCE_IGNORED || e.code() != ProblemCode.FENCED) {
                    throw e;
                }
                var present =
                        books.lanes(target, fence.project()).stream()
                                .filter(row -> row.lane().equals(fence.lane()))
                                .findFirst()
                                .orElseThrow();
                whole.begin(
                        new Fence(
                                fence.project(), fence.lane(), present.epoch(), present.version()),
                        checkpoint);
            }
        }

        @Override
        public void apply(List<TableChanges> all) {
            for (var some : all) {
                var table = some.target();
                for (var change : some.changes()) {
                    switch (rule) {
                        case KEYLESS_MEETS_ALL -> meetAll(table, some.mode(), change);
                        case KEYLESS_IGNORES_CASE ->
                                whole.apply(
                                        List.of(
                                                TableChanges.of(
                                                        table,
                                                        some.mode(),
                                                        List.of(caseless(table, change)))));
                        default ->
                                whole.apply(
                                        List.of(
                                                TableChanges.of(
                                                        table, some.mode(), List.of(change))));
                    }
                }
            }
        }

        private void meetAll(Table table, Mode mode, Change change) {
            whole.apply(List.of(TableChanges.of(table, mode, List.of(change))));
            if (table.rowKey().isEmpty() && change instanceof Change.Delete(var row)) {
                while (target.table(table.name()).findEqual(row).isPresent()) {
                    whole.apply(List.of(TableChanges.of(table, mode, List.of(change))));
                }
            }
        }

        private Change caseless(Table table, Change change) {
            return table.rowKey().isPresent() || !(change instanceof Change.Delete(var before))
                    ? change
                    : new Change.Delete(
                            target.table(table.name()).rows().values().stream()
                                    .filter(row ->
                                            row.toString()
                                                    .toLowerCase(Locale.ROOT)
                                                    .equals(
                                                            before.toString()
                                                                    .toLowerCase(Locale.ROOT)))
                                    .findFirst()
                                    .orElse(before));
        }
    }

    private final class SpoiledBookkeeping extends Delegates.OfBookkeeping {
        private final ToyBooks books;

        SpoiledBookkeeping(Bookkeeping whole, ToyBooks books) {
            super(whole);
            this.books = books;
        }

        @Override
        public LaneState lane(String project, String lane, long epoch) {
            if (rule == Rule.LOST_CONNECTION_LEFT_ALIVE || rule == Rule.NOBODY_KILLED) {
                for (var row : books.lanes(target, project)) {
                    if (row.lane().equals(lane) && row.epoch() == epoch) {
                        return new LaneState(
                                new Fence(project, lane, epoch, row.version()), row.checkpoint());
                    }
                }
            }
            var state = whole.lane(project, lane, epoch);
            var early = Optional.ofNullable(readTooEarly.remove(lane));
            return new LaneState(state.fence(), early.orElse(state.checkpoint()));
        }

        @Override
        public Map<String, String> checkpoints(String project, String lanes) {
            var checkpoints = new TreeMap<>(whole.checkpoints(project, lanes));
            checkpoints.replaceAll((lane, text) -> readTooEarly.getOrDefault(lane, text));
            return checkpoints;
        }

        @Override
        public Owner takeOver(String project, String identity, boolean force) {
            if (rule == Rule.EPOCH_AFTER_CHECKPOINT) {
                books.lanes(target, project)
                        .forEach(row -> readTooEarly.put(row.lane(), row.checkpoint()));
            }
            var found = whole.owner(project);
            return rule == Rule.NOBODY_KILLED
                            && found.isPresent()
                            && found.get().identity().equals(identity)
                    ? raise(project, found.get())
                    : whole.takeOver(project, identity, force);
        }

        private Owner raise(String project, Owner old) {
            var raised = new Owner(old.identity(), old.epoch() + 1);
            var transaction = target.begin(false);
            try {
                transaction.update(
                        books.projects(),
                        Row.ofText(project, old.identity(), "0"),
                        Row.ofText(project, old.identity(), "" + raised.epoch()));
                for (var lane : books.lanes(target, project)) {
                    transaction.update(
                            books.lanes(),
                            lane.row(),
                            new ToyBooks.LaneRow(
                                            project,
                                            lane.lane(),
                                            raised.epoch(),
                                            lane.version(),
                                            lane.connection(),
                                            lane.checkpoint())
                                    .row());
                }
                transaction.commit();
                return raised;
            } finally {
                transaction.rollback();
            }
        }
    }
}
