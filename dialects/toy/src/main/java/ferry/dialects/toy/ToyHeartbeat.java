package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Heartbeat;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;

/// Writes the time into one row of a toy server.
final class ToyHeartbeat implements Heartbeat {
    private final ToyConnection connection;
    private final ToyServer server;
    private final TableName table;
    private final boolean globalIds;

    ToyHeartbeat(ToyConnection connection, Settings settings, boolean globalIds) {
        this.connection = connection;
        this.server = connection.server();
        this.globalIds = globalIds;
        table = TableName.parse(settings.get(Settings.SOURCE_HEARTBEAT_TABLE));
    }

    @Override
    public Position beat(long epochSecond) {
        return connection.call(
                "heartbeat.beat", ProblemCode.SOURCE_UNREACHABLE, () -> write(epochSecond));
    }

    private Position write(long epochSecond) {
        if (server.definition(table).isEmpty()) {
            server.execute(
                    "create table %s (id int(16) not null, ts int(64), primary (id))"
                            .formatted(table));
        }
        var transaction = server.begin();
        var now = Row.ofText("1", Long.toString(epochSecond));
        server.rows(table).stream()
                .findFirst()
                .ifPresentOrElse(
                        before -> transaction.update(table, before, now),
                        () -> transaction.insert(table, now));
        transaction.commit();
        return globalIds ? server.logged() : server.log().end(server.uuid());
    }

    @Override
    public void close() {
        connection.close();
    }
}
