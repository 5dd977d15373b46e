package ferry.engine.dialect;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.Position;
import ferry.engine.model.RowCode;
import ferry.engine.model.Table;
import java.time.InstantSource;
import java.util.Optional;

/// The two ends of one project, and how each role at them is opened: one new connection a call.
/// `sameServer` is what a run keeps all connections to its source to.
public record Ends(
        String project,
        Dialect sourceDialect,
        Endpoint source,
        Dialect targetDialect,
        Endpoint target,
        Settings settings,
        Rules rules,
        InstantSource clock,
        SameServer sameServer) {

    public Ends(
            String project,
            Dialect sourceDialect,
            Endpoint source,
            Dialect targetDialect,
            Endpoint target,
            Settings settings,
            Rules rules,
            InstantSource clock) {
        this(
                project,
                sourceDialect,
                source,
                targetDialect,
                target,
                settings,
                rules,
                clock,
                new SameServer());
    }

    public Catalog sourceCatalog() {
        return sameServer.require(
                sourceDialect.catalog(source, Role.SOURCE, settings),
                catalog -> Optional.of(catalog.serverIdentity()));
    }

    public Snapshot sourceSnapshot() {
        return sameServer.require(
                sourceDialect.snapshot(source, Role.SOURCE, settings), Snapshot::serverIdentity);
    }

    /// Where the load reads rows: at the source, or at a replica of it that `load.source` names.
    public Snapshot loadSnapshot() {
        return GovernorSettings.addresses(settings.get(Settings.LOAD_SOURCE)).stream()
                .findFirst()
                .map(replica ->
                        sameServer.require(
                                sourceDialect.replicaSnapshot(
                                        source,
                                        source.at(
                                                new Endpoint.Host(replica.host(), replica.port())),
                                        settings),
                                Snapshot::serverIdentity))
                .orElseGet(this::sourceSnapshot);
    }

    public LogReader sourceLog(Position after) {
        return sameServer.require(
                sourceDialect.log(source, after, settings), LogReader::serverIdentity);
    }

    public Heartbeat heartbeat() {
        return sourceDialect.heartbeat(source, settings);
    }

    /// Makes a position of the source again from its text.
    public Position position(String text) {
        return sourceDialect.position(text);
    }

    /// Makes a code of the source's changes again.
    public RowCode rowCode(Table layout, byte[] description) {
        return sourceDialect.rowCode(layout, description);
    }

    /// What a place means that an operator names; see [Dialect#place].
    public Position place(NamedPlace place) {
        return sourceDialect.place(source, place, settings);
    }

    public Catalog targetCatalog() {
        return targetDialect.catalog(target, Role.TARGET, settings);
    }

    public Snapshot targetSnapshot() {
        return targetDialect.snapshot(target, Role.TARGET, settings);
    }

    public Writer targetWriter() {
        return targetDialect.writer(target, settings);
    }

    public Bookkeeping bookkeeping() {
        return targetDialect.bookkeeping(target, settings);
    }

    public Endpoint endpoint(Role role) {
        return role == Role.SOURCE ? source : target;
    }

    /// Opened at one of a role's servers, which may be a replica of its endpoint.
    public Vitals vitals(Role role, Endpoint at) {
        var dialect = role == Role.SOURCE ? sourceDialect : targetDialect;
        return dialect.vitals(at, role, settings);
    }
}
