package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Heartbeat;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.UniqueForm;
import ferry.engine.dialect.Vitals;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.KeyRange;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The roles of a dialect passed on unchanged, for mutations that change one method.
final class Delegates {
    private Delegates() {}

    static class OfDialect implements Dialect {
        final Dialect whole;

        OfDialect(Dialect whole) {
            this.whole = whole;
        }

        @Override
        public String name() {
            return whole.name();
        }

        @Override
        public Set<String> endpointTypes() {
            return whole.endpointTypes();
        }

        @Override
        public Optional<String> globalId(TransactionId id) {
            return whole.globalId(id);
        }

        @Override
        public Optional<String> globalId(String written) {
            return whole.globalId(written);
        }

        @Override
        public boolean countsByGlobalIds(Position position) {
            return whole.countsByGlobalIds(position);
        }

        @Override
        public boolean includes(Position position, String globalId) {
            return whole.includes(position, globalId);
        }

        @Override
        public Set<Ability> abilities(String endpointType) {
            return whole.abilities(endpointType);
        }

        @Override
        public Position position(String text) {
            return whole.position(text);
        }

        @Override
        public RowCode rowCode(Table layout, byte[] description) {
            return whole.rowCode(layout, description);
        }

        @Override
        public Optional<Comparator<Row>> keyOrder(Table table) {
            return whole.keyOrder(table);
        }

        @Override
        public Optional<UniqueForm> uniqueForm(Table table, Column column) {
            return whole.uniqueForm(table, column);
        }

        @Override
        public RowTranslation translation(Table source, Table target) {
            return whole.translation(source, target);
        }

        @Override
        public List<Finding> precheck(
                Endpoint endpoint, Role role, PrecheckRequest request, Settings settings) {
            return whole.precheck(endpoint, role, request, settings);
        }

        @Override
        public Snapshot replicaSnapshot(Endpoint source, Endpoint replica, Settings settings) {
            return whole.replicaSnapshot(source, replica, settings);
        }

        @Override
        public Optional<String> continuesNot(
                Endpoint source, Position captured, Settings settings) {
            return whole.continuesNot(source, captured, settings);
        }

        @Override
        public Position behindGap(Endpoint source, Position captured, Settings settings) {
            return whole.behindGap(source, captured, settings);
        }

        @Override
        public Optional<LogExpiry> logExpiry(Endpoint source, Position needed, Settings settings) {
            return whole.logExpiry(source, needed, settings);
        }

        @Override
        public Position place(Endpoint source, NamedPlace place, Settings settings) {
            return whole.place(source, place, settings);
        }

        @Override
        public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
            return whole.catalog(endpoint, role, settings);
        }

        @Override
        public Snapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
            return whole.snapshot(endpoint, role, settings);
        }

        @Override
        public LogReader log(Endpoint endpoint, Position after, Settings settings) {
            return whole.log(endpoint, after, settings);
        }

        @Override
        public Writer writer(Endpoint endpoint, Settings settings) {
            return whole.writer(endpoint, settings);
        }

        @Override
        public Bookkeeping bookkeeping(Endpoint endpoint, Settings settings) {
            return whole.bookkeeping(endpoint, settings);
        }

        @Override
        public Heartbeat heartbeat(Endpoint endpoint, Settings settings) {
            return whole.heartbeat(endpoint, settings);
        }

        @Override
        public Vitals vitals(Endpoint endpoint, Role role, Settings settings) {
            return whole.vitals(endpoint, role, settings);
        }
    }

    static class OfCatalog implements Catalog {
        final Catalog whole;

        OfCatalog(Catalog whole) {
            this.whole = whole;
        }

        @Override
        public List<TableName> tables() {
            return whole.tables();
        }

        @Override
        public Optional<Table> table(TableName name) {
            return whole.table(name);
        }

        @Override
        public String serverIdentity() {
            return whole.serverIdentity();
        }

        @Override
        public Map<String, String> facts() {
            return whole.facts();
        }

        @Override
        public TableName spelled(TableName name) {
            return whole.spelled(name);
        }

        @Override
        public SchemaPlan plan(Table source, TableName target) {
            return whole.plan(source, target);
        }

        @Override
        public Optional<List<String>> replay(
                LogEvent.SchemaChange change, Map<TableName, TableName> names) {
            return whole.replay(change, names);
        }

        @Override
        public String drop(TableName table) {
            return whole.drop(table);
        }

        @Override
        public String truncate(TableName table) {
            return whole.truncate(table);
        }

        @Override
        public String correction(Table table, Change change) {
            return whole.correction(table, change);
        }

        @Override
        public Size size(Table table) {
            return whole.size(table);
        }

        @Override
        public void close() {
            whole.close();
        }
    }

    static class OfSnapshot implements Snapshot {
        final Snapshot whole;

        OfSnapshot(Snapshot whole) {
            this.whole = whole;
        }

        @Override
        public Position committed() {
            return whole.committed();
        }

        @Override
        public Position logEnd() {
            return whole.logEnd();
        }

        @Override
        public Optional<String> serverIdentity() {
            return whole.serverIdentity();
        }

        @Override
        public Instant time() {
            return whole.time();
        }

        @Override
        public boolean isEmpty(Table table) {
            return whole.isEmpty(table);
        }

        @Override
        public Optional<Row> keyAfter(Table table, Optional<Row> after, long rows) {
            return whole.keyAfter(table, after, rows);
        }

        @Override
        public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
            return whole.read(table, range, batches);
        }

        @Override
        public void readRange(Table table, KeyRange range, Consumer<List<Row>> batches) {
            whole.readRange(table, range, batches);
        }

        @Override
        public ReadSpan readExactly(Table table, Consumer<List<Row>> batches) {
            return whole.readExactly(table, batches);
        }

        @Override
        public List<Row> rows(Table table, List<Row> keys) {
            return whole.rows(table, keys);
        }

        @Override
        public Checksum checksum(Table table, Table counterpart, KeyRange range) {
            return whole.checksum(table, counterpart, range);
        }

        @Override
        public Map<Integer, Checksum> checksums(Table table, Table counterpart, int buckets) {
            return whole.checksums(table, counterpart, buckets);
        }

        @Override
        public void readBucket(
                Table table,
                Table counterpart,
                int buckets,
                int bucket,
                Consumer<List<Row>> batches) {
            whole.readBucket(table, counterpart, buckets, bucket, batches);
        }

        @Override
        public void close() {
            whole.close();
        }
    }

    static class OfLog implements LogReader {
        final LogReader whole;

        OfLog(LogReader whole) {
            this.whole = whole;
        }

        @Override
        public Optional<String> serverIdentity() {
            return whole.serverIdentity();
        }

        @Override
        public void admit(Table layout) {
            whole.admit(layout);
        }

        @Override
        public void forget(TableName table) {
            whole.forget(table);
        }

        @Override
        public LogEvent next(Duration wait) {
            return whole.next(wait);
        }

        @Override
        public void close() {
            whole.close();
        }
    }

    static class OfWriter implements Writer {
        final Writer whole;

        OfWriter(Writer whole) {
            this.whole = whole;
        }

        @Override
        public void begin(Fence fence, String checkpoint) {
            whole.begin(fence, checkpoint);
        }

        @Override
        public void checkpoint(String checkpoint) {
            whole.checkpoint(checkpoint);
        }

        @Override
        public void insert(Table table, List<Row> rows) {
            whole.insert(table, rows);
        }

        @Override
        public long insertMissing(Table table, List<Row> rows) {
            return whole.insertMissing(table, rows);
        }

        @Override
        public void apply(List<TableChanges> all) {
            whole.apply(all);
        }

        @Override
        public Optional<ProblemException> attempt(TableChanges piece) {
            return whole.attempt(piece);
        }

        @Override
        public long deleteSome(Table table, long rowsMax) {
            return whole.deleteSome(table, rowsMax);
        }

        @Override
        public void put(List<Entry> entries) {
            whole.put(entries);
        }

        @Override
        public void commit() {
            whole.commit();
        }

        @Override
        public void rollback() {
            whole.rollback();
        }

        @Override
        public void execute(String statement) {
            whole.execute(statement);
        }

        @Override
        public void close() {
            whole.close();
        }
    }

    static class OfBookkeeping implements Bookkeeping {
        final Bookkeeping whole;

        OfBookkeeping(Bookkeeping whole) {
            this.whole = whole;
        }

        @Override
        public void create() {
            whole.create();
        }

        @Override
        public boolean exists() {
            return whole.exists();
        }

        @Override
        public Optional<Owner> owner(String project) {
            return whole.owner(project);
        }

        @Override
        public Owner takeOver(String project, String identity, boolean force) {
            return whole.takeOver(project, identity, force);
        }

        @Override
        public LaneState lane(String project, String lane, long epoch) {
            return whole.lane(project, lane, epoch);
        }

        @Override
        public Map<String, String> checkpoints(String project, String lanes) {
            return whole.checkpoints(project, lanes);
        }

        @Override
        public List<Entry> entries(String project, String kind) {
            return whole.entries(project, kind);
        }

        @Override
        public void forget(String project) {
            whole.forget(project);
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
