package ferry.engine.dialect;

import ferry.engine.config.Settings;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Everything the engine needs to know about one family of databases.
///
/// Every role that a method opens is one connection with its own session state; it is used by one
/// thread at a time and closed by its opener. All roles throw
/// [ferry.engine.problem.ProblemException]; a lost connection has a retryable code, and the role is
/// then closed and opened anew.
public interface Dialect {
    /// The name of the family, for messages and metrics.
    String name();

    /// The endpoint types it serves, as they stand in a project file (`mysql`, `mariadb`,
    /// `oceanbase-mysql`).
    Set<String> endpointTypes();

    /// What it can do; declared here, verified by the contract test.
    Set<Ability> abilities(String endpointType);

    /// What becomes of its members' types on each other, for the documentation; a table for each
    /// kind of source.
    default List<TypeTable> types() {
        return List.of();
    }

    /// Makes a position from [Position#text()].
    Position position(String text);

    /// Makes the code again in which a [LogReader] of this dialect told changes of a table, from
    /// its description ([RowCode#description]). Throws a ProblemException or
    /// IllegalArgumentException if there is none.
    RowCode rowCode(Table layout, byte[] description);

    /// What people call a transaction of this family (its GTID), where it has such a name.
    default Optional<String> globalId(TransactionId id) {
        return Optional.empty();
    }

    /// The global id that somebody wrote, in the form of [#globalId(TransactionId)]; empty if it is
    /// none.
    default Optional<String> globalId(String written) {
        return Optional.empty();
    }

    /// True if transactions at this position have global ids.
    default boolean countsByGlobalIds(Position position) {
        return false;
    }

    /// True if a position includes the transaction with this global id.
    default boolean includes(Position position, String globalId) {
        return false;
    }

    /// The order in which the server of this table sorts row keys, if it can be decided exactly
    /// here; otherwise empty, and nobody may guess which chunk owns a key. Rows are those of the
    /// row key's columns.
    Optional<Comparator<Row>> keyOrder(Table table);

    /// Turns a row of `source` (any dialect member of this family) into the row that `target` holds
    /// for it: generated columns and columns missing on either side left out, character sets
    /// converted.
    RowTranslation translation(Table source, Table target);

    /// How the server of this table compares values of a column where a unique key stands on it;
    /// empty if that cannot be expressed here, and then all changes that touch the key keep their
    /// order.
    default Optional<UniqueForm> uniqueForm(Table table, Column column) {
        return Optional.empty();
    }

    /// Reads values of its text columns.
    default TextDecoder textDecoder() {
        return TextDecoder.UTF_8;
    }

    /// Tests an endpoint for a role; every item is reported, not just the first failure.
    List<Finding> precheck(
            Endpoint endpoint, Role role, PrecheckRequest request, Settings settings);

    /// What the source's log holds now; empty if that cannot be learned. Throws nothing but what
    /// says that the source does not answer.
    default Optional<LogHistory> logHistory(Endpoint endpoint, Settings settings) {
        return Optional.empty();
    }

    /// Why the log of this source, which is another server than the one before, does not continue
    /// what was captured; empty if it does: it has every transaction of `captured`, has still in
    /// its log whatever it has besides, and logged nothing of its own among them.
    default Optional<String> continuesNot(Endpoint source, Position captured, Settings settings) {
        return Optional.of("places in the logs of two servers of this kind cannot be compared");
    }

    /// The first place from which the source still has its whole log, where it dropped some of what
    /// follows `captured`: no transaction that can still be read lies before it and behind
    /// `captured`. Throws CONFIGURATION if it cannot be known.
    default Position behindGap(Endpoint source, Position captured, Settings settings) {
        throw ProblemException.of(
                ProblemCode.CONFIGURATION,
                "it is not known where the source's log begins behind the gap",
                "an endpoint of the type " + source.type() + " does not tell",
                "leave --unaffected out: all tables are loaded again");
    }

    /// When the source will drop its log behind `needed`; empty if that cannot be known.
    default Optional<LogExpiry> logExpiry(Endpoint source, Position needed, Settings settings) {
        return Optional.empty();
    }

    /// What a place means that an operator names, for this source at this moment. A time means the
    /// place before the first transaction that was committed at it or later: exactly, with the set
    /// of all transactions before it where they have global ids. Throws PLACE_REFUSED if the source
    /// cannot know it, for instance because it dropped that part of its log.
    default Position place(Endpoint source, NamedPlace place, Settings settings) {
        throw ProblemException.of(
                ProblemCode.PLACE_REFUSED,
                "the place " + place.text() + " is not known",
                "places of an endpoint of the type " + source.type() + " cannot be named",
                "leave it out");
    }

    /// `role` says which end's problems its failures are, and which of its methods are used.
    Catalog catalog(Endpoint endpoint, Role role, Settings settings);

    /// `role` as in [#catalog].
    Snapshot snapshot(Endpoint endpoint, Role role, Settings settings);

    /// Reads rows at a replica of the source, with places of the source's own log. Refuses a server
    /// whose places cannot be told in the source's terms, or that is no replica of it.
    default Snapshot replicaSnapshot(Endpoint source, Endpoint replica, Settings settings) {
        throw ProblemException.of(
                ProblemCode.CONFIGURATION,
                "rows cannot be loaded from a replica",
                "an endpoint of the type " + source.type() + " cannot tell the places of another",
                "remove the setting load.source");
    }

    /// Opens the log behind `after`: the first event belongs to the first transaction that `after`
    /// does not include.
    LogReader log(Endpoint endpoint, Position after, Settings settings);

    Writer writer(Endpoint endpoint, Settings settings);

    Bookkeeping bookkeeping(Endpoint endpoint, Settings settings);

    /// Writes heartbeats into a source; throws CONFIGURATION where it cannot.
    default Heartbeat heartbeat(Endpoint endpoint, Settings settings) {
        throw ProblemException.of(
                ProblemCode.CONFIGURATION,
                "An endpoint of the type " + endpoint.type() + " takes no heartbeats",
                "nobody knows how to write them there",
                "Set source.heartbeat: false");
    }

    /// `role` says which end's problems its failures are. No statement of it may take longer than
    /// `govern.ask.time`.
    Vitals vitals(Endpoint endpoint, Role role, Settings settings);
}
