package ferry.dialects.mysql;

import java.util.List;
import java.util.Optional;

/// Whether the transactions that another server has, and that were not captured, all stand behind
/// the captured ones in its log. What stands before one of them was there when that one was
/// written, and would be applied behind it, or is never sent.
///
/// * A transaction that the server began itself counts, and one of any third server: a replica
///   hands on what was written to it by mistake.
/// * One of the server whose log was read (`followed`) does not: a replica with several workers may
///   log it before others, and then it has nothing in common with them. Nor does one that fills a
///   gap in what was captured.
/// * Where the newest captured transactions do not stand in the log (log_replica_updates=OFF, or
///   the server was built from a backup and has replicated nothing since), nobody knows what others
///   stand before.
record SuccessorOrder(GtidSet ours, Optional<String> followed, String own) {
    /// Why the log does not continue ours; empty if it does. `before` are the GTIDs before the file
    /// from which on `logged` were read, in the log's order.
    Optional<String> doubts(GtidSet before, List<String> logged, boolean logsReplicated) {
        var here = before;
        var waiting = GtidSet.EMPTY; // stand behind all of ours that were met
        var among = GtidSet.EMPTY;
        for (var gtid : logged) {
            if (ours.contains(gtid)) {
                here = (GtidSet) here.plus(gtid);
                among = among.union(waiting);
                waiting = GtidSet.EMPTY;
            } else if (isStrange(gtid)) {
                waiting = (GtidSet) waiting.plus(gtid);
            }
        }
        if (!among.isEmpty()) {
            return Optional.of(
                    "transactions that were not captured, its own or a third server's, stand in its log before others that were: "
                            + among.text());
        }
        var missing = ours.minus(here);
        if (!waiting.isEmpty() && !missing.isEmpty() && (!logsReplicated || !holdsNewest(here))) {
            return Optional.of(
                    "nobody can tell whether %s came before or behind what was captured, because its log does not hold %s (is log_replica_updates OFF, or was it built from a backup just now?)"
                            .formatted(waiting.text(), missing.text()));
        }
        return Optional.empty();
    }

    private boolean isStrange(String gtid) {
        if (gtid.startsWith(own)) {
            return true;
        }
        var colon = gtid.lastIndexOf(':');
        var source = gtid.substring(0, colon);
        var known = ours.intervals().get(source);
        if (known == null) {
            return true;
        }
        // Without the server that was followed, nothing tells its transactions from others.
        return followed.filter(server -> !source.startsWith(server)).isPresent()
                && Long.parseLong(gtid.substring(colon + 1)) > known[known.length - 1];
    }

    /// True if the last captured transaction of the server that was followed stands in the log; of
    /// any server, where that one began none of them.
    private boolean holdsNewest(GtidSet here) {
        var sources = ours.intervals().keySet();
        var ofFollowed =
                sources.stream()
                        .filter(source -> followed.filter(source::startsWith).isPresent())
                        .toList();
        return (ofFollowed.isEmpty() ? sources : ofFollowed)
                .stream()
                        .anyMatch(source -> {
                            var ranges = ours.intervals().get(source);
                            return here.contains(source + ":" + ranges[ranges.length - 1]);
                        });
    }
}
