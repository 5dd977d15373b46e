package ferry.dialects.mysql;

import ferry.engine.dialect.Entry;
import ferry.engine.dialect.Fence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The bookkeeping's tables and the statements on them, as strings. Names sort and compare by their
/// bytes.
///
/// | Table | One row for each | Holds |
/// |---|---|---|
/// | owner | project | identity of the project, epoch of its owner |
/// | lane | project, lane | the fence (epoch, version), the writer's connection, the checkpoint |
/// | fact | project, kind, name | a value |
final class MySqlLedger {
    static final List<String> TABLES = List.of("fact", "lane", "owner");

    private final String database;
    private final MySqlVersion version;

    MySqlLedger(String database, MySqlVersion version) {
        this.database = database;
        this.version = version;
    }

    String database() {
        return database;
    }

    List<String> create() {
        // OceanBase kernels may know no other character set; elsewhere an index of 255 characters
        // must stay below 767 bytes.
        var ascii =
                version.isOceanBase()
                        ? "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
                        : "CHARACTER SET ascii COLLATE ascii_bin";
        var text = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        var engine = version.isOceanBase() ? "" : " ENGINE = InnoDB";
        var project = "project VARCHAR(128) " + text + " NOT NULL";
        return List.of(
                """
                CREATE TABLE IF NOT EXISTS %s (
                  %s,
                  identity VARCHAR(255) %s NOT NULL,
                  epoch BIGINT NOT NULL,
                  updated_at DATETIME NOT NULL,
                  PRIMARY KEY (project)
                )%s\
                """
                        .formatted(table("owner"), project, text, engine),
                """
                CREATE TABLE IF NOT EXISTS %s (
                  %s,
                  lane VARCHAR(128) %s NOT NULL,
                  epoch BIGINT NOT NULL,
                  version BIGINT NOT NULL,
                  connection_id BIGINT UNSIGNED NOT NULL,
                  connection_sign VARCHAR(255) %s NOT NULL,
                  checkpoint LONGTEXT %s NOT NULL,
                  updated_at DATETIME NOT NULL,
                  PRIMARY KEY (project, lane)
                )%s\
                """
                        .formatted(table("lane"), project, ascii, ascii, text, engine),
                """
                CREATE TABLE IF NOT EXISTS %s (
                  %s,
                  kind VARCHAR(32) %s NOT NULL,
                  name VARCHAR(255) %s NOT NULL,
                  value LONGTEXT %s NOT NULL,
                  PRIMARY KEY (project, kind, name)
                )%s\
                """
                        .formatted(table("fact"), project, ascii, ascii, text, engine));
    }

    String table(String name) {
        return MySqlSql.quote(database) + "." + name;
    }

    // ---- owner

    String owner(String project) {
        return "SELECT identity, epoch FROM %s WHERE project = %s"
                .formatted(table("owner"), text(project));
    }

    String newOwner(String project, String identity) {
        return "INSERT INTO %s (project, identity, epoch, updated_at) VALUES (%s, %s, 0, UTC_TIMESTAMP())"
                .formatted(table("owner"), text(project), text(identity));
    }

    String raiseOwner(String project, long epoch) {
        return "UPDATE %s SET epoch = %d, updated_at = UTC_TIMESTAMP() WHERE project = %s"
                .formatted(table("owner"), epoch, text(project));
    }

    // ---- lane

    String marks(String project) {
        return "SELECT connection_id, connection_sign FROM %s WHERE project = %s"
                .formatted(table("lane"), text(project));
    }

    String raiseLanes(String project, long epoch) {
        return """
        UPDATE %s
        SET epoch = %d, connection_id = 0, connection_sign = '', updated_at = UTC_TIMESTAMP()
        WHERE project = %s\
        """
                .formatted(table("lane"), epoch, text(project));
    }

    String lane(String project, String lane) {
        return "SELECT version, checkpoint, connection_id, connection_sign FROM %s WHERE project = %s AND lane = %s"
                .formatted(table("lane"), text(project), text(lane));
    }

    String checkpoints(String project, String lanes) {
        return "SELECT lane, checkpoint FROM %s WHERE project = %s AND LEFT(lane, %d) = %s AND checkpoint <> ''"
                .formatted(table("lane"), text(project), lanes.length(), text(lanes));
    }

    String newLane(String project, String lane, long epoch) {
        return """
        INSERT INTO %s (project, lane, epoch, version, connection_id, connection_sign, checkpoint, updated_at)
        VALUES (%s, %s, %d, 0, 0, '', '', UTC_TIMESTAMP())\
        """
                .formatted(table("lane"), text(project), text(lane), epoch);
    }

    /// The first statement of every target transaction.
    RowSql raise(Fence fence, String checkpoint, MySqlLaneMark mark) {
        return new RowSql()
                .add("UPDATE ")
                .add(table("lane"))
                .add(" SET version = version + 1, connection_id = " + mark.connectionId())
                .add(", connection_sign = " + text(mark.sign()))
                .add(", updated_at = UTC_TIMESTAMP(), checkpoint = ")
                .text(checkpoint)
                .add(
                        " WHERE project = "
                                + text(fence.project())
                                + " AND lane = "
                                + text(fence.lane()))
                .add(" AND epoch = " + fence.epoch() + " AND version = " + fence.version());
    }

    RowSql checkpoint(Fence fence, String checkpoint) {
        return new RowSql()
                .add("UPDATE ")
                .add(table("lane"))
                .add(" SET checkpoint = ")
                .text(checkpoint)
                .add(
                        " WHERE project = "
                                + text(fence.project())
                                + " AND lane = "
                                + text(fence.lane()));
    }

    // ---- fact

    String entries(String project, String kind) {
        return "SELECT name, value FROM %s WHERE project = %s AND kind = %s ORDER BY name"
                .formatted(table("fact"), text(project), text(kind));
    }

    /// Statements that store and remove facts, each at most about so many bytes long. Of facts with
    /// one name the last one counts.
    List<RowSql> facts(String project, List<Entry> entries, long bytesMax) {
        var statements = new ArrayList<RowSql>();
        var open = Optional.<RowSql>empty();
        for (var entry : entries) {
            require(entry);
            if (entry.value().isEmpty()) {
                statements.add(
                        new RowSql()
                                .add(
                                        "DELETE FROM %s WHERE project = %s AND kind = %s AND name = %s"
                                                .formatted(
                                                        table("fact"),
                                                        text(project),
                                                        text(entry.kind()),
                                                        text(entry.name()))));
                open = Optional.empty();
                continue;
            }
            var row =
                    new RowSql()
                            .add(
                                    "(%s, %s, %s, "
                                            .formatted(
                                                    text(project),
                                                    text(entry.kind()),
                                                    text(entry.name())))
                            .text(entry.value())
                            .add(')');
            if (open.isEmpty() || open.get().length() + row.length() > bytesMax) {
                open =
                        Optional.of(
                                new RowSql()
                                        .add(
                                                "REPLACE INTO "
                                                        + table("fact")
                                                        + " (project, kind, name, value) VALUES "));
                statements.add(open.get());
            } else {
                open.get().add(", ");
            }
            open.get().add(row);
        }
        return statements;
    }

    private static void require(Entry entry) {
        if (entry.kind().length() > 32
                || entry.name().length() > 255
                || !ascii(entry.kind())
                || !ascii(entry.name())) {
            throw new IllegalStateException(
                    "the fact "
                            + entry.kind()
                            + " "
                            + entry.name()
                            + " has no name of 255 ASCII characters");
        }
    }

    private static boolean ascii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }

    String forget(String table, String project) {
        return "DELETE FROM %s WHERE project = %s".formatted(table(table), text(project));
    }

    private static String text(String text) {
        return MySqlSql.literal(text);
    }
}
