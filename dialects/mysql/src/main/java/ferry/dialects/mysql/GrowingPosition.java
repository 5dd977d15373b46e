package ferry.dialects.mysql;

import java.util.Optional;

/// A position to which the transactions of a log are added one after another. Those of one server
/// whose GTIDs follow one another, as nearly all do, are counted and put into the set when the
/// position is asked for.
final class GrowingPosition {
    private MySqlPosition position; // without the run's GTIDs
    private String source = ""; // of the run
    private long first;
    private long last; // below `first`: there is no run

    GrowingPosition(MySqlPosition position) {
        this.position = position;
        last = -1;
    }

    /// As [MySqlPosition#plus(LoggedTransaction)].
    void add(LoggedTransaction transaction) {
        if (transaction.gtid().isPresent() && position.gtids().orElse(null) instanceof GtidSet) {
            var gtid = transaction.gtid().get();
            if (!MariaDbGtids.looksLike(gtid)) {
                count(gtid);
                position = new MySqlPosition(position.placeBehind(transaction), position.gtids());
                return;
            }
        }
        position = get().plus(transaction);
    }

    private void count(String gtid) {
        var colon = gtid.lastIndexOf(':');
        var number = Long.parseLong(gtid, colon + 1, gtid.length(), 10);
        if (continues(gtid, colon, number)) {
            last = number;
        } else {
            get();
            source = gtid.substring(0, colon);
            first = number;
            last = number;
        }
    }

    private boolean continues(String gtid, int colon, long number) {
        return first <= last
                && number == last + 1
                && colon == source.length()
                && gtid.startsWith(source);
    }

    /// As [MySqlPosition#at].
    void at(LogPlace place) {
        position = position.at(place);
    }

    Optional<LogPlace> place() {
        return position.place();
    }

    /// True where the log is followed by GTIDs.
    boolean hasGtids() {
        return position.gtids().isPresent();
    }

    /// As [MySqlPosition#includes].
    boolean includes(LoggedTransaction transaction) {
        return get(transaction).includes(transaction);
    }

    /// The position as far as it must be known to tell about this transaction.
    private MySqlPosition get(LoggedTransaction transaction) {
        var gtid = transaction.gtid();
        if (gtid.isPresent() && first <= last) {
            var colon = gtid.get().lastIndexOf(':');
            var number = Long.parseLong(gtid.get(), colon + 1, gtid.get().length(), 10);
            if (continues(gtid.get(), colon, number)) {
                return position;
            }
        }
        return get();
    }

    MySqlPosition get() {
        if (first <= last) {
            var set = (GtidSet) position.gtids().orElseThrow();
            position =
                    new MySqlPosition(position.place(), Optional.of(set.plus(source, first, last)));
            last = first - 1;
        }
        return position;
    }
}
