package ferry.dialects.toy;

import ferry.engine.dialect.Role;
import ferry.engine.dialect.Vitals;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// How a toy server feels: it counts open transactions, and tells nothing else. Its only query is
/// `count database.table`.
final class ToyVitals implements Vitals {
    private static final String COUNT = "count ";

    private final ToyConnection connection;
    private final ProblemCode lostCode;
    private final ProblemCode refusedCode;

    ToyVitals(ToyConnection connection, Role role) {
        this.connection = connection;
        this.lostCode = ToyDialect.lost(role);
        this.refusedCode =
                role == Role.SOURCE ? ProblemCode.SOURCE_STATEMENT : ProblemCode.TARGET_STATEMENT;
    }

    @Override
    public Map<Sign, Reading> read(Set<Sign> signs) {
        return connection.call(
                "vitals.read",
                lostCode,
                () -> {
                    var readings = new EnumMap<Sign, Reading>(Sign.class);
                    signs.forEach(sign -> readings.put(sign, read(sign)));
                    return readings;
                });
    }

    private Reading read(Sign sign) {
        return switch (sign) {
            case THREADS_RUNNING -> Reading.of(connection.server().openTransactions());
            case LOG_KEPT_SECONDS -> Reading.of(Double.POSITIVE_INFINITY);
            case HISTORY_LENGTH, REPLICA_LAG_SECONDS, LOG_BYTES, MEMORY_PERCENT, CPU_PERCENT ->
                    Reading.unreadable("the toy has no such thing");
        };
    }

    @Override
    public double query(String sql) {
        return connection.call("vitals.query", lostCode, () -> count(sql));
    }

    private double count(String sql) {
        var name =
                sql.startsWith(COUNT) ? sql.substring(COUNT.length()).split("\\.") : new String[0];
        if (name.length != 2
                || connection.server().definition(new TableName(name[0], name[1])).isEmpty()) {
            throw Toy.problem(refusedCode, "the query was refused", "it does not count a table");
        }
        return connection.server().rows(new TableName(name[0], name[1])).size();
    }

    @Override
    public void close() {
        connection.close();
    }
}
