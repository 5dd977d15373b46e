package ferry.dialects.toy;

import ferry.engine.model.Change;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;

/// A server's log: numbered files of groups, each group one transaction or statement. Old files can
/// be purged. As a real one with minimal metadata it tells of a row the table's name and the number
/// of its columns, but not their names.
final class ToyLog {
    /// One group; `number` is its place in the server's global ids, `end` the offset behind it in
    /// its file.
    record Group(long number, long file, long end, long micros, Content content) {
        TransactionId id(String uuid, boolean globalIds) {
            return globalIds
                    ? new GtidPosition.Gtid(uuid, number).id()
                    : new FilePosition(uuid, file, end).id();
        }
    }

    sealed interface Content {
        record Rows(List<RowEvent> rows) implements Content {}

        record Prepare(String xid, List<RowEvent> rows) implements Content {}

        record CommitPrepared(String xid) implements Content {}

        record RollbackPrepared(String xid) implements Content {}

        record Statement(String sql, String database) implements Content {}

        /// The server lost events: readers must stop.
        record Incident(String what) implements Content {}
    }

    record RowEvent(TableName table, int columns, Change change) {}

    private final List<Group> groups = new ArrayList<>();
    private long purgedGroups; // how many groups were removed from the front
    private long lastNumber;
    private long file = 1;
    private long offset;

    Group append(long micros, Content content) {
        var rows =
                switch (content) {
                    case Content.Rows(var events) -> events.size();
                    case Content.Prepare(_, var events) -> events.size();
                    default -> 0;
                };
        offset += 10 + 10L * rows;
        var group = new Group(++lastNumber, file, offset, micros, content);
        groups.add(group);
        return group;
    }

    long lastNumber() {
        return lastNumber;
    }

    /// Begins a new file. The caller has let every open commit end, as a real server does.
    void rotate() {
        file++;
        offset = 0;
    }

    /// Removes all files but the newest `keep`.
    void purge(long keep) {
        while (!groups.isEmpty() && groups.getFirst().file() <= file - keep) {
            groups.removeFirst();
            purgedGroups++;
        }
    }

    /// Forgets the last `count` groups, which no disk had seen when the server crashed.
    List<Group> loseTail(int count) {
        var lost =
                new ArrayList<>(groups.subList(Math.max(0, groups.size() - count), groups.size()));
        groups.removeAll(lost);
        if (!lost.isEmpty()) {
            lastNumber = lost.getFirst().number() - 1;
            offset =
                    groups.isEmpty() || groups.getLast().file() < file ? 0 : groups.getLast().end();
        }
        return lost;
    }

    long purgedGroups() {
        return purgedGroups;
    }

    /// The group at this place since the server was made; null at the end.
    Group at(long place) {
        return place - purgedGroups < groups.size()
                ? groups.get((int) (place - purgedGroups))
                : null;
    }

    long endPlace() {
        return purgedGroups + groups.size();
    }

    /// Everything before the first group of this time or later.
    Position before(long micros, String uuid, boolean globalIds) {
        if (purgedGroups > 0 && (groups.isEmpty() || groups.getFirst().micros() >= micros)) {
            throw Toy.problem(
                    ProblemCode.PLACE_REFUSED, "the log of that time is gone", "it was purged");
        }
        Position position = globalIds ? GtidPosition.NONE : new FilePosition(uuid, 1, 0);
        position = globalIds ? withPurged(position, uuid) : position;
        for (var group : groups) {
            if (group.micros() >= micros) {
                break;
            }
            position = position.plus(group.id(uuid, globalIds));
        }
        return position;
    }

    /// The first place that was not purged; what was captured is included.
    Position behindGap(Position captured, String uuid) {
        if (captured instanceof FilePosition) {
            return new FilePosition(uuid, groups.isEmpty() ? file : groups.getFirst().file(), 0);
        }
        return withPurged(captured, uuid);
    }

    private Position withPurged(Position position, String uuid) {
        var all = position;
        for (var number = 1L; number <= purgedGroups; number++) {
            all = all.plus(new GtidPosition.Gtid(uuid, number).id());
        }
        return all;
    }

    FilePosition end(String uuid) {
        return new FilePosition(uuid, file, offset);
    }

    FilePosition fileStart(String uuid) {
        return new FilePosition(uuid, file, 0);
    }
}
