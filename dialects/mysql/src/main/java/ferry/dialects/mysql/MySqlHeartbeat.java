package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Heartbeat;
import ferry.engine.dialect.Role;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;

/// Writes the time into one row of the source, in the table that the OceanBase Migration Service
/// uses, so that what reads that one goes on. The table is looked for first: an account that may
/// write but not create suffices where it is there.
final class MySqlHeartbeat implements Heartbeat {
    private static final String DEED = "write a heartbeat";

    private final MySqlConnection connection;
    private final MySqlPlaces places;
    private final TableName table;
    private boolean isThere;

    MySqlHeartbeat(MySqlConnection connection, LogFiles files, Settings settings) {
        this.connection = connection;
        places = new MySqlPlaces(connection, files, settings);
        table = TableName.parse(settings.get(Settings.SOURCE_HEARTBEAT_TABLE));
    }

    static MySqlHeartbeat open(Endpoint endpoint, LogFiles files, Settings settings) {
        var connection =
                MySqlConnection.open(endpoint, Role.SOURCE, MySqlSession.Use.PLAIN, settings);
        try {
            return new MySqlHeartbeat(connection, files, settings);
        } catch (RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    @Override
    public Position beat(long epochSecond) {
        if (!isThere) {
            create();
            isThere = true;
        }
        connection.update(
                DEED,
                """
                INSERT INTO %s (id, ts)
                VALUES (1, %d)
                ON DUPLICATE KEY UPDATE ts = VALUES(ts)\
                """
                        .formatted(MySqlSql.quote(table), epochSecond));
        return places.logEnd();
    }

    private void create() {
        var known =
                """
                SELECT 1
                FROM information_schema.TABLES
                WHERE TABLE_SCHEMA = %s AND TABLE_NAME = %s\
                """
                        .formatted(
                                MySqlSql.literal(table.database()),
                                MySqlSql.literal(table.table()));
        if (connection.text(DEED, known).isPresent()) {
            return;
        }
        var deed = "make the heartbeat's table";
        var database =
                "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = "
                        + MySqlSql.literal(table.database());
        if (connection.text(deed, database).isEmpty()) {
            connection.update(
                    deed, "CREATE DATABASE IF NOT EXISTS " + MySqlSql.quote(table.database()));
        }
        connection.update(
                deed,
                """
                CREATE TABLE IF NOT EXISTS %s (
                    id SMALLINT NOT NULL DEFAULT 1 PRIMARY KEY,
                    ts INT
                ) ENGINE = InnoDB\
                """
                        .formatted(MySqlSql.quote(table)));
    }

    @Override
    public void close() {
        connection.close();
    }
}
