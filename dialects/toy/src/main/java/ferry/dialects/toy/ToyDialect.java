package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Heartbeat;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.Secret;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.UniqueForm;
import ferry.engine.dialect.Vitals;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Column;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// The dialect of the in-memory database. An endpoint's host name chooses one of the servers that
/// it was made with; its type chooses how positions are told: `toy` by global ids, `toy-files` by
/// file and offset.
///
/// One instance is one client process: [#vanish] ends it as a power cut would.
public final class ToyDialect implements Dialect {
    public static final String GLOBAL_IDS = "toy";
    public static final String FILES = "toy-files";

    private final Map<String, ToyServer> servers;
    private final Line line;
    private final List<ToyConnection> opened = new CopyOnWriteArrayList<>();

    public ToyDialect(Map<String, ToyServer> servers, Line line) {
        this.servers = Map.copyOf(servers);
        this.line = line;
    }

    /// The endpoint of one of the servers.
    public static Endpoint endpoint(String type, String server) {
        return new Endpoint(
                type, List.of(new Endpoint.Host(server, 1)), "ferry", new Secret(""), Map.of());
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Set<String> endpointTypes() {
        return Set.of(GLOBAL_IDS, FILES);
    }

    @Override
    public Optional<String> globalId(TransactionId id) {
        return id.text().contains(":") ? Optional.of(id.text()) : Optional.empty();
    }

    @Override
    public Optional<String> globalId(String written) {
        return written.matches("[^:/]+:\\d{1,18}") ? Optional.of(written) : Optional.empty();
    }

    @Override
    public boolean countsByGlobalIds(Position position) {
        return position instanceof GtidPosition;
    }

    @Override
    public boolean includes(Position position, String globalId) {
        return position instanceof GtidPosition && position.includes(new TransactionId(globalId));
    }

    @Override
    public Set<Ability> abilities(String endpointType) {
        var abilities = EnumSet.allOf(Ability.class);
        if (!endpointType.equals(GLOBAL_IDS)) {
            abilities.remove(Ability.GLOBAL_IDS);
        }
        return abilities;
    }

    @Override
    public Position position(String text) {
        if (text.startsWith(GtidPosition.PREFIX)) {
            return GtidPosition.parse(text.substring(GtidPosition.PREFIX.length()));
        }
        if (text.startsWith(FilePosition.PREFIX)) {
            return FilePosition.parse(text.substring(FilePosition.PREFIX.length()));
        }
        throw new IllegalArgumentException("not a position of the toy: " + text);
    }

    @Override
    public RowCode rowCode(Table layout, byte[] description) {
        return ToyRowCode.of(description);
    }

    @Override
    public Optional<Comparator<Row>> keyOrder(Table table) {
        return table.rowKey()
                .filter(key -> Toy.orderIsTold(table, key))
                .map(key -> Toy.order(table, key));
    }

    @Override
    public Optional<UniqueForm> uniqueForm(Table table, Column column) {
        return Optional.of(Toy.uniqueForm(column.type()));
    }

    @Override
    public RowTranslation translation(Table source, Table target) {
        var places =
                target.carried().stream()
                        .mapToInt(column -> source.indexOf(column.name()))
                        .filter(place -> place >= 0)
                        .toArray();
        var same =
                places.length == source.carried().size()
                        && places.length == target.carried().size();
        for (var i = 0; same && i < places.length; i++) {
            same = places[i] == i;
        }
        return same ? RowTranslation.SAME : row -> row.project(places);
    }

    @Override
    public List<Finding> precheck(
            Endpoint endpoint, Role role, PrecheckRequest request, Settings settings) {
        return ToyPrecheck.findings(server(endpoint), role, request, settings);
    }

    @Override
    public Position behindGap(Endpoint source, Position captured, Settings settings) {
        return server(source).log().behindGap(captured, server(source).uuid());
    }

    @Override
    public Position place(Endpoint source, NamedPlace place, Settings settings) {
        return switch (place) {
            case NamedPlace.InLog inLog -> position(inLog.text());
            case NamedPlace.AtTime at ->
                    server(source)
                            .log()
                            .before(
                                    at.time().getEpochSecond() * 1_000_000
                                            + at.time().getNano() / 1_000,
                                    server(source).uuid(),
                                    source.type().equals(GLOBAL_IDS));
        };
    }

    @Override
    public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
        return new ToyCatalog(connect(endpoint, lost(role)), role, settings);
    }

    @Override
    public Snapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
        return new ToySnapshot(
                connect(endpoint, lost(role)), role, endpoint.type().equals(GLOBAL_IDS));
    }

    /// What a lost connection to this end is called.
    static ProblemCode lost(Role role) {
        return role == Role.SOURCE
                ? ProblemCode.SOURCE_UNREACHABLE
                : ProblemCode.TARGET_UNREACHABLE;
    }

    @Override
    public LogReader log(Endpoint endpoint, Position after, Settings settings) {
        return new ToyLogReader(connect(endpoint, ProblemCode.SOURCE_UNREACHABLE), after);
    }

    @Override
    public Writer writer(Endpoint endpoint, Settings settings) {
        return new ToyWriter(
                connect(endpoint, ProblemCode.TARGET_UNREACHABLE), new ToyBooks(settings));
    }

    @Override
    public Bookkeeping bookkeeping(Endpoint endpoint, Settings settings) {
        return new ToyBookkeeping(
                connect(endpoint, ProblemCode.TARGET_UNREACHABLE), new ToyBooks(settings));
    }

    @Override
    public Heartbeat heartbeat(Endpoint endpoint, Settings settings) {
        return new ToyHeartbeat(
                connect(endpoint, ProblemCode.SOURCE_UNREACHABLE),
                settings,
                endpoint.type().equals(GLOBAL_IDS));
    }

    @Override
    public Vitals vitals(Endpoint endpoint, Role role, Settings settings) {
        return new ToyVitals(connect(endpoint, lost(role)), role);
    }

    /// The client process is gone without a word: the servers hold its connections, open
    /// transactions and locks until they notice.
    public void vanish() {
        opened.forEach(ToyConnection::vanish);
    }

    private ToyConnection connect(Endpoint endpoint, ProblemCode lostCode) {
        var connection = server(endpoint).connect(line);
        opened.removeIf(ToyConnection::isGone);
        opened.add(connection);
        connection.call("connect", lostCode, () -> {});
        return connection;
    }

    private ToyServer server(Endpoint endpoint) {
        if (!endpointTypes().contains(endpoint.type())) {
            throw new IllegalArgumentException(
                    "the toy serves no endpoint type " + endpoint.type());
        }
        var name = endpoint.hosts().getFirst().name();
        var server = servers.get(name);
        if (server == null) {
            throw Toy.problem(
                    ProblemCode.CONFIGURATION,
                    "there is no toy server " + name,
                    "known are " + servers.keySet());
        }
        return server;
    }
}
