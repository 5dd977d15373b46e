package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Heartbeat;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.dialect.LogHistory;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.TypeTable;
import ferry.engine.dialect.UniqueForm;
import ferry.engine.dialect.Vitals;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Column;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import ferry.engine.model.TextDecoder;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The MySQL family: MySQL, MariaDB and OceanBase's MySQL tenants.
public final class MySqlDialect implements Dialect {
    private static final String OCEANBASE = "oceanbase-mysql";
    private static final Set<String> TYPES = Set.of("mysql", "mariadb", OCEANBASE);

    private final LogFiles files = new LogFiles();

    @Override
    public String name() {
        return "mysql";
    }

    @Override
    public Set<String> endpointTypes() {
        return TYPES;
    }

    @Override
    public Set<Ability> abilities(String endpointType) {
        if (!TYPES.contains(endpointType)) {
            throw new IllegalArgumentException(
                    "the MySQL family has no endpoint type '" + endpointType + "', only " + TYPES);
        }
        // OceanBase gives its changes to a Binlog Service, which is an endpoint of the type mysql.
        return endpointType.equals(OCEANBASE)
                ? Set.of(Ability.TARGET, Ability.CHECKSUM)
                : Set.of(
                        Ability.LOG,
                        Ability.TARGET,
                        Ability.EXACT_SNAPSHOT,
                        Ability.CHECKSUM,
                        Ability.GLOBAL_IDS);
    }

    @Override
    public List<TypeTable> types() {
        return MySqlTypeTable.pages();
    }

    @Override
    public Position position(String text) {
        return NoPosition.is(text) ? new NoPosition() : MySqlPosition.parse(text);
    }

    @Override
    public RowCode rowCode(Table layout, byte[] description) {
        return RowEventCode.of(layout, description);
    }

    @Override
    public Optional<String> globalId(TransactionId id) {
        return LoggedTransaction.parse(id).gtid();
    }

    @Override
    public Optional<String> globalId(String written) {
        return Gtids.one(written);
    }

    @Override
    public boolean countsByGlobalIds(Position position) {
        return position instanceof MySqlPosition known && known.gtids().isPresent();
    }

    @Override
    public boolean includes(Position position, String globalId) {
        return position instanceof MySqlPosition known
                && known.gtids().filter(gtids -> gtids.contains(globalId)).isPresent();
    }

    @Override
    public Optional<Comparator<Row>> keyOrder(Table table) {
        return MySqlKeyOrder.of(table);
    }

    @Override
    public RowTranslation translation(Table source, Table target) {
        return MySqlTranslation.of(source, target);
    }

    @Override
    public Optional<UniqueForm> uniqueForm(Table table, Column column) {
        return MySqlUniqueForms.of(column);
    }

    @Override
    public List<Finding> precheck(
            Endpoint endpoint, Role role, PrecheckRequest request, Settings settings) {
        return MySqlPrechecks.run(endpoint, role, request, settings);
    }

    @Override
    public Optional<LogHistory> logHistory(Endpoint endpoint, Settings settings) {
        return LogHistoryReader.read(endpoint, settings);
    }

    @Override
    public Position place(Endpoint source, NamedPlace place, Settings settings) {
        try (var search = LogSearch.open(source, settings)) {
            return switch (place) {
                case NamedPlace.InLog inLog -> search.inLog(inLog.text());
                case NamedPlace.AtTime at -> search.before(at);
            };
        }
    }

    @Override
    public Optional<String> continuesNot(Endpoint source, Position captured, Settings settings) {
        try (var search = LogSearch.open(source, settings)) {
            return search.continuesNot((MySqlPosition) captured);
        }
    }

    @Override
    public Position behindGap(Endpoint source, Position captured, Settings settings) {
        try (var search = LogSearch.open(source, settings)) {
            return search.behindGap((MySqlPosition) captured);
        }
    }

    @Override
    public Optional<LogExpiry> logExpiry(Endpoint source, Position needed, Settings settings) {
        try (var search = LogSearch.open(source, settings)) {
            return search.expiry((MySqlPosition) needed, Instant.now());
        }
    }

    @Override
    public TextDecoder textDecoder() {
        return (bytes, charset) -> CharsetTable.of(charset).flatMap(table -> table.decode(bytes));
    }

    @Override
    public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
        return new MySqlCatalog(
                MySqlConnection.open(endpoint, role, MySqlSession.Use.PLAIN, settings), settings);
    }

    @Override
    public Snapshot replicaSnapshot(Endpoint source, Endpoint replica, Settings settings) {
        var reads = snapshot(replica, Role.SOURCE, settings);
        try {
            return ReplicaSnapshot.of(reads, snapshot(source, Role.SOURCE, settings));
        } catch (RuntimeException failure) {
            reads.close();
            throw failure;
        }
    }

    @Override
    public MySqlSnapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
        return new MySqlSnapshot(
                MySqlConnection.open(endpoint, role, MySqlSession.Use.ROWS, settings),
                table ->
                        MySqlTableLock.take(
                                MySqlConnection.open(
                                        endpoint, role, MySqlSession.Use.PLAIN, settings),
                                table,
                                settings),
                files,
                settings);
    }

    @Override
    public LogReader log(Endpoint endpoint, Position after, Settings settings) {
        if (!abilities(endpoint.type()).contains(Ability.LOG)) {
            throw ProblemException.of(
                    ProblemCode.CONFIGURATION,
                    "An endpoint of the type " + endpoint.type() + " has no log",
                    "OceanBase gives its changes to a Binlog Service only",
                    "Name the Binlog Service as an endpoint of the type mysql, or leave out the steps that read the log");
        }
        return new MySqlLog(endpoint, (MySqlPosition) after, settings);
    }

    @Override
    public Writer writer(Endpoint endpoint, Settings settings) {
        return new MySqlWriter(
                MySqlConnection.open(endpoint, Role.TARGET, MySqlSession.Use.WRITE, settings),
                settings);
    }

    @Override
    public Bookkeeping bookkeeping(Endpoint endpoint, Settings settings) {
        return new MySqlBookkeeping(
                MySqlConnection.open(endpoint, Role.TARGET, MySqlSession.Use.PLAIN, settings),
                settings);
    }

    @Override
    public Heartbeat heartbeat(Endpoint endpoint, Settings settings) {
        if (!abilities(endpoint.type()).contains(Ability.LOG)) {
            return Dialect.super.heartbeat(endpoint, settings);
        }
        return MySqlHeartbeat.open(endpoint, files, settings);
    }

    @Override
    public Vitals vitals(Endpoint endpoint, Role role, Settings settings) {
        return MySqlVitals.open(endpoint, role, settings);
    }
}
