package ferry.dialects.mysql;

import ferry.engine.model.TransactionId;
import java.util.Optional;

/// Where a transaction begins in its server's log, and its GTID if it has one. Text:
/// `gtid=3e11fa47-…:5;file=binlog.000003:1234@3e11fa47-…`.
record LoggedTransaction(Optional<String> gtid, LogPlace start) {
    static LoggedTransaction parse(TransactionId id) {
        var text = id.text();
        var gtid = Optional.<String>empty();
        if (text.startsWith("gtid=")) {
            var end = text.indexOf(';');
            gtid = Optional.of(text.substring(5, Math.max(5, end)));
            text = text.substring(end + 1);
        }
        var at = text.lastIndexOf('@');
        if (!text.startsWith("file=") || at < 0) {
            throw new IllegalArgumentException("not a transaction of a binary log: '" + id + "'");
        }
        return new LoggedTransaction(
                gtid, LogPlace.parse(text.substring(at + 1), text.substring(5, at)));
    }

    TransactionId id() {
        return new TransactionId(
                gtid.map(value -> "gtid=" + value + ";").orElse("")
                        + "file="
                        + start.text()
                        + "@"
                        + start.server());
    }
}
