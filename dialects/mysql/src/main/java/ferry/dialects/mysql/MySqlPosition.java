package ferry.dialects.mysql;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A place in a binary log, a set of GTIDs, or both. Text:
/// `uuid=3e11fa47-…;file=binlog.000003:1234;gtid=3e11fa47-…:1-5`, each part optional; `uuid` is
/// `@@server_uuid`, on MariaDB `@@server_id`.
///
/// Three kinds, because the server's two clocks do not run together: the log's end grows in the
/// flush stage of a group commit, `gtid_executed` and what readers see grow later, in the commit
/// stage, and not in the log's order.
///
/// * *committed*: GTIDs only (`@@gtid_executed`). Exact for what a read saw. Where it ends in the
///   file is unknown; it may have gaps.
/// * *log end*: file and offset only (SHOW MASTER STATUS). `gtid_executed` at that moment would
///   miss what is flushed and not yet committed, so a log end has no GTIDs even where the server
///   has them.
/// * *resume*: both. Every transaction that begins before the place is in the set. The set may hold
///   more: a log that was opened behind a committed position with gaps delivers the gaps, and what
///   lies between them stays in the set.
///
/// Answers are sound, not complete: `true` is always right, `false` means no or unknown.
///
/// * `includes(id)`: if both have GTIDs the set decides; otherwise the place, if it is of the same
///   server; otherwise false.
/// * `covers(other)`: if both have GTIDs the sets decide; otherwise the places decide, unless
///   `other` has a set: then it may hold more than its place says, and the answer is unknown.
///   Throws LOG_FOREIGN where places of two servers would decide and no GTIDs lead from one to the
///   other.
///
/// Among positions of one kind and one server `covers` is reflexive, antisymmetric and transitive.
/// Across kinds it is not always transitive, because "unknown" stands between: a committed position
/// covers a resume position that covers a log end, and still cannot tell about that log end.
record MySqlPosition(Optional<LogPlace> place, Optional<Gtids> gtids) implements Position {
    /// Before everything.
    static final MySqlPosition START = new MySqlPosition(Optional.empty(), Optional.empty());

    /// What a server has committed.
    static MySqlPosition committed(Gtids gtids) {
        return new MySqlPosition(Optional.empty(), Optional.of(gtids));
    }

    /// The end of a server's log.
    static MySqlPosition logEnd(String server, String file, long offset) {
        return new MySqlPosition(Optional.of(LogPlace.of(server, file, offset)), Optional.empty());
    }

    /// An exact position: a place in the log, and the set of all transactions before it.
    static MySqlPosition exact(String server, String file, long offset, Gtids gtids) {
        return new MySqlPosition(
                Optional.of(LogPlace.of(server, file, offset)), Optional.of(gtids));
    }

    /// Reads [#text()].
    static MySqlPosition parse(String text) {
        var server = "";
        var file = Optional.<String>empty();
        var gtids = Optional.<Gtids>empty();
        for (var part : text.split(";")) {
            if (part.startsWith("uuid=")) {
                server = part.substring(5);
            } else if (part.startsWith("file=")) {
                file = Optional.of(part.substring(5));
            } else if (part.startsWith("gtid=")) {
                gtids = Optional.of(Gtids.parse(part.substring(5)));
            } else if (!part.isEmpty()) {
                throw new IllegalArgumentException(
                        "not a position of a binary log: '" + text + "'");
            }
        }
        var uuid = server;
        return new MySqlPosition(file.map(value -> LogPlace.parse(uuid, value)), gtids);
    }

    @Override
    public boolean covers(Position position) {
        if (!(position instanceof MySqlPosition other)) {
            return false; // a read where there is no log
        }
        if (other.includesNothing()) {
            return true;
        }
        if (gtids.isPresent() && other.gtids.isPresent()) {
            return gtids.get().containsAll(other.gtids.get());
        }
        return other.gtids.isEmpty()
                && place.isPresent()
                && isReachable(other.place.orElseThrow())
                && notBefore(place.get(), other.place.orElseThrow());
    }

    /// False while a place of another server's log says nothing yet: a log that is followed by
    /// GTIDs goes on there.
    private boolean isReachable(LogPlace other) {
        return gtids.isEmpty() || place.orElseThrow().server().equals(other.server());
    }

    /// Places of two servers cannot be compared, and whoever waits for one to reach the other would
    /// wait for ever.
    private static boolean notBefore(LogPlace here, LogPlace other) {
        if (!here.server().equals(other.server())) {
            throw LogProblems.foreign(
                    "the source",
                    "%s of server %s and %s of server %s are places in different logs"
                            .formatted(here.text(), here.server(), other.text(), other.server()),
                    null);
        }
        return here.notBefore(other);
    }

    private boolean includesNothing() {
        return gtids.map(Gtids::isEmpty).orElse(place.isEmpty());
    }

    @Override
    public boolean includes(TransactionId id) {
        return includes(LoggedTransaction.parse(id));
    }

    boolean includes(LoggedTransaction transaction) {
        if (gtids.isPresent() && transaction.gtid().isPresent()) {
            return gtids.get().contains(transaction.gtid().get());
        }
        return place.isPresent() && place.get().includesStart(transaction.start());
    }

    @Override
    public boolean liesBefore(TransactionId id) {
        var start = LoggedTransaction.parse(id).start();
        return gtids.isEmpty() && place.isPresent() && start.notBefore(place.get());
    }

    @Override
    public MySqlPosition plus(TransactionId id) {
        return plus(LoggedTransaction.parse(id));
    }

    /// Keeps what is known: a log end stays without a set, because the set before it is unknown;
    /// and a transaction without a GTID ends the counting by sets.
    MySqlPosition plus(LoggedTransaction transaction) {
        var set = transaction.gtid().flatMap(gtid -> gtids.map(known -> known.plus(gtid)));
        return new MySqlPosition(placeBehind(transaction), set);
    }

    /// The place behind all that is included here and this transaction.
    Optional<LogPlace> placeBehind(LoggedTransaction transaction) {
        var through = transaction.start().behindStart();
        return place.isPresent() && place.get().notBefore(through) ? place : Optional.of(through);
    }

    @Override
    public MySqlPosition plusAll(List<TransactionId> ids) {
        var growing = new GrowingPosition(this);
        ids.forEach(growing::add);
        return growing.get();
    }

    /// The same transactions, and the log was read up to this place.
    MySqlPosition at(LogPlace newPlace) {
        return new MySqlPosition(Optional.of(newPlace), gtids);
    }

    @Override
    public String text() {
        var parts = new ArrayList<String>();
        place.ifPresent(value -> {
            parts.add("uuid=" + value.server());
            parts.add("file=" + value.text());
        });
        gtids.ifPresent(value -> parts.add("gtid=" + value.text()));
        return String.join(";", parts);
    }

    @Override
    public String toString() {
        return text().isEmpty() ? "(before everything)" : text();
    }
}
