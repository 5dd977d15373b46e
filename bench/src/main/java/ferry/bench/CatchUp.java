package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/// Ferry that has loaded its tables and has a backlog before it, which it catches up again and
/// again: what it had when they were loaded, its home and its bookkeeping in the target, is put
/// back before each run.
///
/// @param tables that were loaded
record CatchUp(Site site, Dataset tables, DatabaseServer source, DatabaseServer target) {
    static final Duration LIMIT = Duration.ofHours(2);

    private static final String SAVED = "ferry_saved";

    /// Makes the tables and loads them. What is written to the source from now on is the backlog.
    static CatchUp prepare(Site site, Dataset tables, DatabaseServer source, DatabaseServer target)
            throws SQLException, IOException, InterruptedException {
        var catchUp = new CatchUp(site, tables, source, target);
        tables.create(source);
        site.freshFerry(target).migrate(catchUp.order("loaded"));
        Site.delete(catchUp.saved());
        Site.copy(catchUp.home(), catchUp.saved());
        catchUp.copyDatabase("ferry", SAVED);
        return catchUp;
    }

    private Path home() {
        return new FerryCommand(site.folder()).home();
    }

    private Path saved() {
        return site.folder().resolve("saved");
    }

    private FerryCommand.Order order(String until) {
        var steps = "schema, full, incremental, verification";
        return FerryCommand.Order.of(source, target, steps, until);
    }

    /// What [#run] takes, to be changed.
    FerryCommand.Order order() {
        return order("verified");
    }

    /// Makes everything as it was when the tables were loaded.
    void putBack() throws SQLException, IOException {
        tables.create(target);
        copyDatabase(SAVED, "ferry");
        target.execute("RESET MASTER");
        Site.delete(home());
        Site.copy(saved(), home());
    }

    /// Catches up. Ferry verifies when all that the source had committed is applied: that is where
    /// it is ended.
    void run(FerryCommand.Order order) throws IOException, InterruptedException {
        try (var ferry = new FerryCommand(site.folder()).start(order)) {
            ferry.awaitStep("FULL_VERIFIER", "RUNNING", LIMIT);
        }
    }

    private void copyDatabase(String from, String to) throws SQLException {
        target.execute("DROP DATABASE IF EXISTS " + to, "CREATE DATABASE " + to);
        var names =
                target.query(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = '%s'"
                                .formatted(from));
        for (var name : names) {
            target.execute(
                    "CREATE TABLE %s.%s LIKE %s.%s".formatted(to, name, from, name),
                    "INSERT INTO %s.%s SELECT * FROM %s.%s".formatted(to, name, from, name));
        }
    }
}
