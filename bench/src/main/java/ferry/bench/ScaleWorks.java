package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/// What is done in the bench of scale.
final class ScaleWorks {
    private ScaleWorks() {}

    /// Full load of all tables.
    record Load(Site site, Dataset tables, DatabaseServer source, DatabaseServer target)
            implements ScaleSurvey.Work {
        @Override
        public String name() {
            return "load";
        }

        @Override
        public String what() {
            return "load of %s, %s -> %s".formatted(tables.what(), source.kind(), target.kind());
        }

        @Override
        public void prepare() throws SQLException, IOException {
            site.freshFerry(target);
        }

        @Override
        public void run(int port, int workers) throws IOException, InterruptedException {
            new FerryCommand(site.folder())
                    .migrate(
                            FerryCommand.Order.toLoad(source, target)
                                    .through(port)
                                    .with(Map.of("load.workers", Integer.toString(workers))));
        }

        @Override
        public void check() throws SQLException {
            tables.requireEqual("load", source, target);
        }
    }

    /// Catching up a backlog.
    record Apply(CatchUp catchUp, long transactions) implements ScaleSurvey.Work {
        /// Writes the backlog.
        static Apply prepare(CatchUp catchUp, Workload workload, long transactions)
                throws SQLException, InterruptedException {
            Writers.of(catchUp.source(), workload).write(transactions);
            return new Apply(catchUp, transactions);
        }

        @Override
        public String name() {
            return "apply";
        }

        @Override
        public String what() {
            return String.format(
                    Locale.ROOT, "apply of %,d transactions on the same tables", transactions);
        }

        @Override
        public void prepare() throws SQLException, IOException {
            catchUp.putBack();
        }

        @Override
        public void run(int port, int workers) throws IOException, InterruptedException {
            catchUp.run(
                    catchUp.order()
                            .through(port)
                            .with(Map.of("apply.lanes", Integer.toString(workers))));
        }

        @Override
        public void check() throws SQLException {
            catchUp.tables().requireEqual("apply", catchUp.source(), catchUp.target());
        }
    }
}
