package ferry.server.cli;

import ferry.dialects.toy.Line;
import ferry.dialects.toy.ToyDialect;
import ferry.dialects.toy.ToyServer;
import ferry.engine.config.Settings;
import ferry.engine.filter.ObjectRules;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.server.lifecycle.Choice;
import ferry.server.run.Correct;
import ferry.server.run.Dialects;
import ferry.server.run.Project;
import ferry.server.run.Runner;
import ferry.server.run.SerialDialect;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/// A process that migrates one toy server to another as the command line would. Arguments: the
/// home, where to end, `json` or `text`, and `stuck` for a source that stops answering once there
/// is nothing more to read.
final class ToyRun {
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final int ROWS = 300;

    private ToyRun() {}

    public static void main(String[] arguments) throws InterruptedException {
        var source = server("source");
        source.execute(
                "create table shop.orders (id int(64) not null, name text(20), primary (id))");
        for (var i = 0; i < ROWS; i++) {
            var transaction = source.begin();
            transaction.insert(ORDERS, Row.ofText(String.valueOf(i), "order " + i));
            transaction.commit();
        }
        source.commitAll();
        var options = new RunOptions();
        options.homes = Path.of(arguments[0]);
        options.json = arguments[2].equals("json");
        var project =
                new Project(
                        "shop",
                        ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "source"),
                        ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "target"),
                        ObjectRules.all("shop"),
                        EnumSet.allOf(Choice.class),
                        Until.valueOf(arguments[1]),
                        Correct.NEVER,
                        Settings.of(Map.of("load.chunk.rows", "4", "load.workers", "2")));
        var dialect =
                SerialDialect.of(
                        new ToyDialect(
                                Map.of("source", source, "target", server("target")),
                                line(arguments.length > 3)),
                        new ReentrantLock());
        var session = new Session(Terminal.standard(System.getenv()), System.getenv(), options);
        System.exit(
                session.run(
                        project,
                        new Dialects(List.of(dialect)),
                        new Runner.Options(false, options.takeOver),
                        Runner::migrate));
    }

    /// A stuck source hears no interrupt: it is the worst that a driver can do.
    private static Line line(boolean stuck) {
        return call -> {
            if (stuck && call.startsWith("log.")) {
                waitUninterruptibly(new CountDownLatch(1));
            }
            return Line.Fate.DELIVERED;
        };
    }

    private static void waitUninterruptibly(CountDownLatch never) {
        while (true) {
            try {
                never.await();
            } catch (InterruptedException e) {
                // it is the point of this line not to listen
            }
        }
    }

    private static ToyServer server(String name) {
        return new ToyServer(
                "uuid-" + name, ToyServer.Options.DEFAULT, () -> System.currentTimeMillis() * 1000);
    }
}
