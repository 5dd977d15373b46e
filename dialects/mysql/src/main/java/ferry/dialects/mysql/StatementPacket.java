package ferry.dialects.mysql;

import java.util.ArrayList;
import java.util.List;

/// Statements of one transaction that share a way to the server and back, in their order; of
/// different tables, if that is how they come. They are sent when there are many, or by [#send()].
final class StatementPacket {
    private final MySqlTarget target;
    private final int rowsMax;
    private final long bytesMax;
    private final List<RowStatement> held = new ArrayList<>();
    private long bytes;

    /// `rowsMax` is how many statements go together, and how many rows one of them may have;
    /// `bytesMax` how long they are together, unless a single one is longer.
    StatementPacket(MySqlTarget target, int rowsMax, long bytesMax) {
        this.target = target;
        this.rowsMax = rowsMax;
        this.bytesMax = bytesMax;
    }

    MySqlTarget target() {
        return target;
    }

    int rowsMax() {
        return rowsMax;
    }

    long bytesMax() {
        return bytesMax;
    }

    void add(RowStatement statement) {
        var more = statement.sql().length() + 1;
        if (held.size() >= rowsMax || bytes + more > bytesMax) {
            send();
        }
        held.add(statement);
        bytes += more;
    }

    /// Sends what is held. Throws a problem that one of them met; what became of the others is open
    /// then.
    void send() {
        if (!held.isEmpty()) {
            target.runAll(held);
            held.clear();
            bytes = 0;
        }
    }
}
