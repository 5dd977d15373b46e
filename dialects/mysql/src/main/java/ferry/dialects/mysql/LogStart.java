package ferry.dialects.mysql;

import ferry.engine.problem.ProblemException;
import java.io.IOException;
import java.util.List;

/// Checks, before the dump begins, that a server's log continues behind a position: nothing that we
/// have is missing there, and nothing that we need was purged.
final class LogStart {
    /// Transactions are sent before they are committed, so a server may need a moment until its own
    /// set holds what we have.
    private static final int LOOKS_MAX = 25;

    private LogStart() {}

    /// Runs a query on the log connection.
    interface Query {
        List<List<String>> rows(String sql) throws IOException;

        default String value(String sql) throws IOException {
            return rows(sql).getFirst().getFirst();
        }
    }

    static void check(LogServer server, MySqlPosition after, Query query) throws IOException {
        var gtids = server.follow(after);
        if (gtids.isPresent() && server.mariaDb()) {
            contains(server, gtids.get(), query, "SELECT @@global.gtid_binlog_pos");
            notPurgedInMariaDb(server, gtids.get(), query);
        } else if (gtids.isPresent()) {
            contains(server, gtids.get(), query, "SELECT @@global.gtid_executed");
            if (gtids.get() instanceof GtidSet ours) {
                notPurged(server, ours, query);
            }
        } else if (after.place().isPresent()) {
            place(server, after.place().get(), query);
        } else {
            throw LogProblems.foreign(
                    server.address(),
                    "the position "
                            + after
                            + " counts by GTIDs and the server does not (gtid_mode is not ON)",
                    null);
        }
    }

    private static void contains(LogServer server, Gtids ours, Query query, String sql)
            throws IOException {
        for (var looks = 1; ; looks++) {
            var theirs = Gtids.parse(query.value(sql).replace("\n", ""));
            if (theirs.containsAll(ours)) {
                return;
            }
            if (looks == LOOKS_MAX) {
                throw foreign(server, ours, theirs);
            }
            query.value("SELECT SLEEP(0.2)");
        }
    }

    private static ProblemException foreign(LogServer server, Gtids ours, Gtids theirs) {
        var missing =
                ours instanceof GtidSet mine && theirs instanceof GtidSet its
                        ? mine.minus(its).text()
                        : ours.text();
        return LogProblems.foreign(
                server.address(),
                "transactions that were read before are not in its log: "
                        + missing
                        + "; it has "
                        + theirs.text(),
                null);
    }

    private static void notPurged(LogServer server, GtidSet ours, Query query) throws IOException {
        var purged = GtidSet.parse(query.value("SELECT @@global.gtid_purged").replace("\n", ""));
        var missing = purged.minus(ours);
        if (!missing.isEmpty()) {
            throw LogProblems.purged(
                    server.address(),
                    "these transactions were purged and not read before: " + missing.text(),
                    null);
        }
    }

    /// The server itself finds a gap only when it begins to send, which nobody may wait for: its
    /// first file begins with what all files before it held.
    private static void notPurgedInMariaDb(LogServer server, Gtids ours, Query query)
            throws IOException {
        for (var event : query.rows("SHOW BINLOG EVENTS LIMIT " + LogSearch.HEAD_EVENTS)) {
            if (event.get(2).equals("Gtid_list")) {
                var dropped = MariaDbGtids.parse(event.get(5).replaceAll("[\\[\\]\\s]", ""));
                if (!ours.containsAll(dropped)) {
                    throw LogProblems.purged(
                            server.address(),
                            "needed from %s on; its first file %s begins behind %s, so what lies between was purged"
                                    .formatted(ours.text(), event.getFirst(), dropped.text()),
                            null);
                }
                return;
            }
        }
    }

    private static void place(LogServer server, LogPlace place, Query query) throws IOException {
        if (!place.server().equals(server.identity())) {
            throw LogProblems.foreign(
                    server.address(),
                    "the position is one of server "
                            + place.server()
                            + ", and this is "
                            + server.identity(),
                    null);
        }
        var files = query.rows("SHOW BINARY LOGS");
        if (files.isEmpty()) {
            throw LogProblems.foreign(server.address(), "it has no binary log", null);
        }
        for (var file : files) {
            if (file.getFirst().equals(place.file())) {
                var size = Long.parseLong(file.get(1));
                if (size < place.offset()) {
                    throw LogProblems.foreign(
                            server.address(),
                            "%s has %d bytes and was read up to %d"
                                    .formatted(place.file(), size, place.offset()),
                            null);
                }
                return;
            }
        }
        var first = files.getFirst().getFirst();
        var last = files.getLast().getFirst();
        if (LogPlace.compareFiles(place.file(), first) < 0) {
            throw LogProblems.purged(
                    server.address(),
                    "needed from %s:%d on; its first file is %s, so what lies between was purged"
                            .formatted(place.file(), place.offset(), first),
                    null);
        }
        throw LogProblems.foreign(
                server.address(),
                "%s is not among its files %s to %s".formatted(place.file(), first, last),
                null);
    }
}
