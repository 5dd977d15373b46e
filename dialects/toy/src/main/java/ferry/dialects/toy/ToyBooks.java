package ferry.dialects.toy;

import ferry.engine.config.Settings;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import java.util.List;
import java.util.Optional;

/// The tables of Ferry's bookkeeping in a toy target. They are ordinary tables, so that a
/// transaction covers them and the rows alike.
record ToyBooks(TableName projects, TableName lanes, TableName entries) {
    private static final String NAME = " text(255) not null";

    ToyBooks(Settings settings) {
        this(settings.get(Settings.BOOKKEEPING_DATABASE));
    }

    private ToyBooks(String database) {
        this(
                new TableName(database, "project"),
                new TableName(database, "lane"),
                new TableName(database, "entry"));
    }

    /// One row of [#lanes].
    record LaneRow(
            String project,
            String lane,
            long epoch,
            long version,
            long connection,
            String checkpoint) {
        static LaneRow of(Row row) {
            return new LaneRow(
                    row.text(0),
                    row.text(1),
                    Long.parseLong(row.text(2)),
                    Long.parseLong(row.text(3)),
                    Long.parseLong(row.text(4)),
                    row.text(5));
        }

        Row row() {
            return Row.ofText(project, lane, "" + epoch, "" + version, "" + connection, checkpoint);
        }
    }

    void create(ToyServer server) {
        server.execute(
                "create table if not exists "
                        + projects
                        + " (project"
                        + NAME
                        + ", identity"
                        + NAME
                        + ", epoch int(64) not null, primary (project))");
        server.execute(
                "create table if not exists "
                        + lanes
                        + " (project"
                        + NAME
                        + ", lane"
                        + NAME
                        + ", epoch int(64) not null, version int(64) not null, connection int(64) not null,"
                        + " checkpoint text(16777216) not null, primary (project, lane))");
        server.execute(
                "create table if not exists "
                        + entries
                        + " (project"
                        + NAME
                        + ", kind text(32) not null, name"
                        + NAME
                        + ", value text(16777216) not null, primary (project, kind, name))");
    }

    boolean exist(ToyServer server) {
        return server.definition(projects).isPresent()
                && server.definition(lanes).isPresent()
                && server.definition(entries).isPresent();
    }

    /// The project's row as it is committed.
    Optional<Row> project(ToyServer server, String project) {
        return ofProject(server, projects, project).stream().findFirst();
    }

    List<LaneRow> lanes(ToyServer server, String project) {
        return ofProject(server, lanes, project).stream().map(LaneRow::of).toList();
    }

    List<Row> ofProject(ToyServer server, TableName table, String project) {
        return server.rows(table).stream().filter(row -> row.text(0).equals(project)).toList();
    }
}
