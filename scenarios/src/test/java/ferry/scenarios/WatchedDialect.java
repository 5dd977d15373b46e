package ferry.scenarios;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Heartbeat;
import ferry.engine.dialect.LogExpiry;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.Vitals;
import ferry.engine.dialect.Writer;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import ferry.engine.model.TransactionId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A real dialect at the source whose snapshots tell a story's moments.
record WatchedDialect(Dialect real, Moments moments) implements Dialect {
    @Override
    public Snapshot replicaSnapshot(Endpoint source, Endpoint replica, Settings settings) {
        return real.replicaSnapshot(source, replica, settings);
    }

    @Override
    public Optional<String> continuesNot(Endpoint source, Position captured, Settings settings) {
        return real.continuesNot(source, captured, settings);
    }

    @Override
    public Optional<LogExpiry> logExpiry(Endpoint source, Position needed, Settings settings) {
        return real.logExpiry(source, needed, settings);
    }

    @Override
    public Position place(Endpoint source, NamedPlace place, Settings settings) {
        return real.place(source, place, settings);
    }

    @Override
    public Snapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
        return new WatchedSnapshot(real.snapshot(endpoint, role, settings), moments);
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public Set<String> endpointTypes() {
        return real.endpointTypes();
    }

    @Override
    public Set<Ability> abilities(String endpointType) {
        return real.abilities(endpointType);
    }

    @Override
    public Position position(String text) {
        return real.position(text);
    }

    @Override
    public RowCode rowCode(Table layout, byte[] description) {
        return real.rowCode(layout, description);
    }

    @Override
    public Optional<String> globalId(TransactionId id) {
        return real.globalId(id);
    }

    @Override
    public Optional<String> globalId(String written) {
        return real.globalId(written);
    }

    @Override
    public boolean countsByGlobalIds(Position position) {
        return real.countsByGlobalIds(position);
    }

    @Override
    public boolean includes(Position position, String globalId) {
        return real.includes(position, globalId);
    }

    @Override
    public Optional<Comparator<Row>> keyOrder(Table table) {
        return real.keyOrder(table);
    }

    @Override
    public RowTranslation translation(Table source, Table target) {
        return real.translation(source, target);
    }

    @Override
    public List<Finding> precheck(
            Endpoint endpoint, Role role, PrecheckRequest request, Settings settings) {
        return real.precheck(endpoint, role, request, settings);
    }

    @Override
    public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
        return real.catalog(endpoint, role, settings);
    }

    @Override
    public LogReader log(Endpoint endpoint, Position after, Settings settings) {
        return real.log(endpoint, after, settings);
    }

    @Override
    public Writer writer(Endpoint endpoint, Settings settings) {
        return real.writer(endpoint, settings);
    }

    @Override
    public Bookkeeping bookkeeping(Endpoint endpoint, Settings settings) {
        return real.bookkeeping(endpoint, settings);
    }

    @Override
    public Heartbeat heartbeat(Endpoint endpoint, Settings settings) {
        return real.heartbeat(endpoint, settings);
    }

    @Override
    public Vitals vitals(Endpoint endpoint, Role role, Settings settings) {
        return real.vitals(endpoint, role, settings);
    }
}
