package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Bookkeeping in the target's own tables ([MySqlLedger]).
///
/// Order of locks: the project's row, then its lanes' rows. Writers lock their lane's row only.
final class MySqlBookkeeping implements Bookkeeping {
    private final MySqlConnection connection;
    private final MySqlLedger ledger;
    private final MySqlLaneConnections connections;
    private final Duration hold;

    MySqlBookkeeping(MySqlConnection connection, Settings settings) {
        this.connection = connection;
        hold = settings.get(Settings.LOCK_HOLD_TIME);
        ledger = new MySqlLedger(settings.get(Settings.BOOKKEEPING_DATABASE), connection.version());
        connections = new MySqlLaneConnections(connection, settings);
    }

    @Override
    public void create() {
        if (exists()) {
            return;
        }
        var deed = "create Ferry's bookkeeping in " + ledger.database();
        var databases = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ";
        // Where the database is there, the account needs no privilege to create one.
        if (connection.rows(deed, databases + MySqlSql.literal(ledger.database())).isEmpty()) {
            connection.update(
                    deed, "CREATE DATABASE IF NOT EXISTS " + MySqlSql.quote(ledger.database()));
        }
        ledger.create().forEach(statement -> connection.update(deed, statement));
    }

    @Override
    public boolean exists() {
        var names =
                connection.rows(
                        "look for Ferry's bookkeeping",
                        """
                        SELECT LOWER(TABLE_NAME)
                        FROM information_schema.TABLES
                        WHERE TABLE_SCHEMA = %s\
                        """
                                .formatted(MySqlSql.literal(ledger.database())));
        return names.stream().map(List::getFirst).toList().containsAll(MySqlLedger.TABLES);
    }

    @Override
    public Optional<Owner> owner(String project) {
        return exists() ? ownerRow(project, "") : Optional.empty();
    }

    private Optional<Owner> ownerRow(String project, String locking) {
        return connection
                .rows("read the owner of project " + project, ledger.owner(project) + locking)
                .stream()
                .findFirst()
                .map(row -> new Owner(row.get(0), Long.parseLong(row.get(1))));
    }

    @Override
    public Owner takeOver(String project, String identity, boolean force) {
        var deed = "take over project " + project;
        if (ownerRow(project, "").isEmpty()) {
            enter(deed, project, identity);
        }
        requireIdentity(project, identity, ownerRow(project, ""));
        // Once without locks, because a living connection may hold its lane's row; and once with
        // them, because until then it may have
        // been replaced by another one. Behind the locks nobody records a new connection.
        connections.end(project, marks(deed, project, ""), force);
        return transaction(
                deed,
                () -> {
                    var owner =
                            requireIdentity(project, identity, ownerRow(project, " FOR UPDATE"));
                    connections.end(project, marks(deed, project, " FOR UPDATE"), force);
                    var epoch = owner.epoch() + 1;
                    connection.update(deed, ledger.raiseOwner(project, epoch));
                    connection.update(deed, ledger.raiseLanes(project, epoch));
                    return new Owner(identity, epoch);
                });
    }

    private void enter(String deed, String project, String identity) {
        try {
            connection.update(deed, ledger.newOwner(project, identity));
        } catch (ProblemException problem) {
            if (problem.code() != ProblemCode.ROW_EXISTS) {
                throw problem;
            }
            // Another process entered the project meanwhile; whose it is, its identity tells.
        }
    }

    private Owner requireIdentity(String project, String identity, Optional<Owner> owner) {
        return owner.filter(found -> found.identity().equals(identity))
                .orElseThrow(() ->
                        ProblemException.of(
                                ProblemCode.TARGET_FOREIGN,
                                "The target's bookkeeping of project " + project + " is not ours",
                                owner.isEmpty()
                                        ? "the project's row vanished"
                                        : "its row has another identity",
                                "Check that the target is the right server, and that no other home has a project of this name; otherwise choose"
                                        + " another name or another bookkeeping.database"));
    }

    private List<MySqlLaneMark> marks(String deed, String project, String locking) {
        return connection.rows(deed, ledger.marks(project) + locking).stream()
                .map(row -> new MySqlLaneMark(Long.parseUnsignedLong(row.get(0)), row.get(1)))
                .toList();
    }

    @Override
    public LaneState lane(String project, String lane, long epoch) {
        var deed = "read lane " + lane + " of project " + project;
        return transaction(
                deed,
                () -> {
                    var owner = ownerRow(project, " FOR UPDATE");
                    if (owner.isEmpty() || owner.get().epoch() != epoch) {
                        throw ProblemException.of(
                                ProblemCode.FENCED,
                                "Project " + project + " is no longer ours",
                                "its epoch is "
                                        + owner.map(Owner::epoch)
                                                .map(String::valueOf)
                                                .orElse("unknown")
                                        + " and not "
                                        + epoch,
                                "Nothing here; the other owner goes on with the project");
                    }
                    // Behind the project's row nobody takes over: what is recorded is our own lost
                    // connection. It may hold the lane's row until the server misses it, or run
                    // a DDL statement that no row fences. So it is ended; then the row tells how
                    // its COMMIT ended.
                    connection.rows(deed, ledger.lane(project, lane)).stream()
                            .map(row ->
                                    new MySqlLaneMark(
                                            Long.parseUnsignedLong(row.get(2)), row.get(3)))
                            .forEach(mark -> connections.end(project, List.of(mark), true));
                    var row =
                            connection
                                    .rows(deed, ledger.lane(project, lane) + " FOR UPDATE")
                                    .stream()
                                    .findFirst();
                    if (row.isEmpty()) {
                        connection.update(deed, ledger.newLane(project, lane, epoch));
                        return new LaneState(new Fence(project, lane, epoch, 0), "");
                    }
                    return new LaneState(
                            new Fence(project, lane, epoch, Long.parseLong(row.get().get(0))),
                            row.get().get(1));
                });
    }

    @Override
    public Map<String, String> checkpoints(String project, String lanes) {
        return connection.rows("read checkpoints", ledger.checkpoints(project, lanes)).stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> row.get(1)));
    }

    @Override
    public List<Entry> entries(String project, String kind) {
        return connection.rows("read bookkeeping facts", ledger.entries(project, kind)).stream()
                .map(row -> new Entry(kind, row.get(0), row.get(1)))
                .toList();
    }

    @Override
    public void forget(String project) {
        if (exists()) {
            var deed = "forget project " + project;
            transaction(
                    deed,
                    () -> {
                        ownerRow(project, " FOR UPDATE");
                        MySqlLedger.TABLES.forEach(
                                table -> connection.update(deed, ledger.forget(table, project)));
                        return project;
                    });
        }
    }

    /// What it locks keeps every other owner out, and its connection is not recorded: if we stand
    /// still in the middle of it, the server ends it.
    <T> T transaction(String deed, Supplier<T> work) {
        connection.update(deed, MySqlSession.endsIdleAfter(hold));
        connection.update(deed, "START TRANSACTION");
        try {
            var result = work.get();
            connection.update(deed, "COMMIT");
            connection.update(deed, MySqlSession.mayBeIdle());
            return result;
        } catch (RuntimeException failure) {
            rollback(deed, failure);
            throw failure;
        }
    }

    private void rollback(String deed, RuntimeException failure) {
        try {
            connection.update(deed, "ROLLBACK");
        } catch (ProblemException lost) {
            failure.addSuppressed(lost);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
