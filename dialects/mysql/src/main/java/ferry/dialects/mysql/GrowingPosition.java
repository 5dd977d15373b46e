package ferry.dialects.mysql;

import ferry.engine.model.TransactionId;
import java.util.Optional;

/// A position to which the transactions of a log are added one after another. Those of one server
/// whose GTIDs follow one another, as nearly all do, are counted and put into the set when the
/// position is asked for; and what the text of one says like the text before it is not read again.
final class GrowingPosition {
    private static final String FILE = ";file=";

    private MySqlPosition position; // without the run's GTIDs, and without what is only counted
    private String source = ""; // of the run
    private long first;
    private long last; // below `first`: there is no run
    private long free; // the set without the run has nothing of the source from the run up to here
    private Form form = Form.NONE; // of the run's last text
    private long offset; // of the run's last place, if there is a form

    /// What the texts of a run have in common: `head` before the GTID's number, `middle` before the
    /// offset, and `tail`.
    private record Form(String head, String middle, String tail) {
        static final Form NONE = new Form("", "", "");
    }

    GrowingPosition(MySqlPosition position) {
        this.position = position;
        last = -1;
    }

    /// As [MySqlPosition#plus(TransactionId)].
    void add(TransactionId id) {
        if (!continues(id.text())) {
            var transaction = LoggedTransaction.parse(id);
            add(transaction);
            form = form(id.text(), transaction);
            offset = transaction.start().offset();
        }
    }

    /// The form of this text, if the run goes on where it stands.
    private Form form(String text, LoggedTransaction transaction) {
        var start = transaction.start();
        if (first > last || !position.place().equals(Optional.of(start.behindStart()))) {
            return Form.NONE;
        }
        var number = text.indexOf(FILE);
        return new Form(
                text.substring(0, text.lastIndexOf(':', number) + 1),
                FILE + start.file() + ":",
                "@" + start.server());
    }

    /// True when this text is the next of the run, further behind in the same file: then it counts.
    private boolean continues(String text) {
        if (form.equals(Form.NONE) || !text.startsWith(form.head())) {
            return false;
        }
        var file = text.indexOf(';', form.head().length());
        var place = file + form.middle().length();
        var server = text.length() - form.tail().length();
        if (file < 0
                || server <= place
                || !text.startsWith(form.middle(), file)
                || !text.endsWith(form.tail())
                || number(text, form.head().length(), file) != last + 1) {
            return false;
        }
        var there = number(text, place, server);
        if (there <= offset) {
            return false;
        }
        last++;
        offset = there;
        return true;
    }

    /// The number that stands there; below 0 if something else does, as a tag.
    private static long number(String text, int from, int to) {
        for (var i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return from == to ? -1 : Long.parseLong(text, from, to, 10);
    }

    /// As [MySqlPosition#plus(LoggedTransaction)].
    void add(LoggedTransaction transaction) {
        endForm();
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
            var set = (GtidSet) get().gtids().orElseThrow();
            source = gtid.substring(0, colon);
            first = number;
            last = number;
            free = set.firstBehind(source, number);
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
        endForm();
        position = position.at(place);
    }

    Optional<LogPlace> place() {
        endForm();
        return position.place();
    }

    /// True where the log is followed by GTIDs.
    boolean hasGtids() {
        return position.gtids().isPresent();
    }

    /// As [MySqlPosition#includes].
    boolean includes(LoggedTransaction transaction) {
        var gtid = transaction.gtid();
        if (gtid.isPresent() && first <= last) {
            var colon = gtid.get().lastIndexOf(':');
            var number = Long.parseLong(gtid.get(), colon + 1, gtid.get().length(), 10);
            if (number < free && continues(gtid.get(), colon, number)) {
                return false;
            }
        }
        return get().includes(transaction);
    }

    MySqlPosition get() {
        endForm();
        if (first <= last) {
            var set = (GtidSet) position.gtids().orElseThrow();
            position =
                    new MySqlPosition(position.place(), Optional.of(set.plus(source, first, last)));
            last = first - 1;
        }
        return position;
    }

    /// Puts what was only counted into the place.
    private void endForm() {
        if (!form.equals(Form.NONE)) {
            var place = position.place().orElseThrow();
            position = position.at(LogPlace.of(place.server(), place.file(), offset).behindStart());
            form = Form.NONE;
        }
    }
}
