package ferry.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.dialects.toy.Line;
import ferry.dialects.toy.ToyDialect;
import ferry.dialects.toy.ToyServer;
import ferry.engine.config.Settings;
import ferry.engine.filter.ObjectRules;
import ferry.engine.filter.Rename;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.journal.Redaction;
import ferry.server.lifecycle.Choice;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an operator orders between two runs, on the toy database.
@Timeout(60)
final class OrdersTest {
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final TableName NOTES = new TableName("shop", "notes");

    private volatile Line line = Line.CALM;
    private final ReentrantLock lock = new ReentrantLock();
    private final ToyServer source = server("source");
    private final ToyServer target = server("target");
    private final Dialects dialects =
            new Dialects(
                    List.of(
                            SerialDialect.of(
                                    new ToyDialect(
                                            Map.of("source", source, "target", target),
                                            call -> line.before(call)),
                                    lock)));
    private final List<RunEvent> told = new CopyOnWriteArrayList<>();

    @TempDir Path folder;

    @BeforeEach
    void fillTheSource() {
        for (var table : List.of(ORDERS, NOTES)) {
            source.execute(
                    "create table "
                            + table
                            + " (id int(64) not null, name text(10), primary (id))");
            for (var id = 1; id <= 3; id++) {
                insert(source, table, id, "old");
            }
        }
    }

    @Test
    void aTableThatWasSetAsideIsToldAndLoadedAgain() throws InterruptedException {
        var project = project("table.errors", "aside");
        assertThat(run(project)).isEqualTo(Outcome.FINISHED);
        delete(target, ORDERS, 2, "old");
        delete(source, ORDERS, 2, "old");
        insert(source, NOTES, 4, "new");

        assertThat(run(project)).isEqualTo(Outcome.DIFFERENT);
        assertThat(target.rows(NOTES)).isEqualTo(source.rows(NOTES));
        assertThat(told.toString())
                .contains("shop.orders is set aside", "transaction uuid-source:");
        assertThat(home().certificateText())
                .content()
                .contains("NOT EQUAL", "not compared: set aside");
        assertThat(home().status()).content().contains("shop.orders is set aside");

        assertThatThrownBy(() -> orders(project, "x").reload("shop.order"))
                .hasMessageContaining("did you mean 'shop.orders'?");
        assertThat(orders(project, "mended").reload("shop.orders")).contains("is loaded again");
        insert(source, ORDERS, 5, "new");

        assertThat(run(project)).isEqualTo(Outcome.FINISHED);
        assertThat(target.rows(ORDERS)).isEqualTo(source.rows(ORDERS));
        assertThat(history()).contains("reload of table shop.orders was ordered by me: mended");
    }

    @Test
    void aTableIsSetAsideByOrder() throws InterruptedException {
        var project = project("table.errors", "stop");
        run(project);
        delete(target, ORDERS, 2, "old");
        delete(source, ORDERS, 2, "old");
        insert(source, NOTES, 4, "new");
        assertThatThrownBy(() -> run(project)).isInstanceOf(ProblemException.class);

        assertThatThrownBy(() -> orders(project, "x").setAside("shop.order"))
                .hasMessageContaining("did you mean 'shop.orders'?");
        assertThat(orders(project, "in the way").setAside("shop.orders")).contains("is set aside");
        assertThatThrownBy(() -> orders(project, "x").setAside("shop.orders"))
                .hasMessageContaining("already: ordered by me: in the way");

        assertThat(run(project)).isEqualTo(Outcome.DIFFERENT);
        assertThat(target.rows(NOTES)).isEqualTo(source.rows(NOTES));
        assertThat(home().status())
                .content()
                .contains("shop.orders is set aside", "ordered by me: in the way");
        orders(project, "out of the way").reload("shop.orders");
        assertThat(run(project)).isEqualTo(Outcome.FINISHED);
        assertThat(target.rows(ORDERS)).isEqualTo(source.rows(ORDERS));
        assertThat(history())
                .contains("setting aside of table shop.orders was ordered by me: in the way");
    }

    /// All that the operator is told to do leads on.
    @Test
    void aLaterTableWhosePlaceIsTakenIsSetAsideByOrder() throws InterruptedException {
        var other = new TableName("other", "orders");
        var objects =
                new ObjectRules(
                        ObjectRules.all("shop", "other").include(),
                        List.of(),
                        List.of(new Rename.OfTable(other, ORDERS)),
                        List.of(),
                        List.of());
        var project = project(objects, "table.errors", "stop");
        var made = new AtomicBoolean();
        line =
                call -> {
                    if (call.equals("writer.insert") && !made.getAndSet(true)) {
                        source.execute(
                                "create table other.orders (id int(64) not null, name text(10), primary (id))");
                    }
                    return Line.Fate.DELIVERED;
                };

        assertThatThrownBy(() -> run(project))
                .hasMessageContaining("other.orders cannot become shop.orders")
                .hasMessageContaining("ferry aside FILE other.orders");
        assertThatThrownBy(() -> run(project)).hasMessageContaining("DB_TABLE_NAME_UNIQUE");
        orders(project, "another of that name").setAside("other.orders");
        insert(source, ORDERS, 9, "new");

        assertThat(run(project)).isEqualTo(Outcome.DIFFERENT);
        assertThat(target.rows(ORDERS)).isEqualTo(source.rows(ORDERS)).hasSize(4);
    }

    @Test
    void nothingIsLoadedAgainWithoutTheStepFull() throws InterruptedException {
        var project = project("table.errors", "stop");
        run(project);
        var following = project.with(EnumSet.of(Choice.SCHEMA, Choice.INCREMENTAL));

        assertThatThrownBy(() -> orders(following, "x").reload("shop.orders"))
                .hasMessageContaining("the step full is not chosen");
        assertThat(run(project)).isEqualTo(Outcome.FINISHED);
        assertThat(target.rows(ORDERS)).isEqualTo(source.rows(ORDERS));
    }

    @Test
    void rowErrorsAreListedSettledAndDropped() throws InterruptedException {
        var project = project("apply.row.errors", "record");
        run(project);
        delete(target, ORDERS, 2, "old");
        delete(source, ORDERS, 2, "old");
        insert(target, NOTES, 4, "theirs");
        insert(source, NOTES, 4, "new");

        assertThat(run(project)).isEqualTo(Outcome.DIFFERENT);
        var errors = Orders.errors(project, dialects);
        assertThat(errors).hasSize(2);
        var uncompared = project.with(EnumSet.of(Choice.SCHEMA, Choice.FULL, Choice.INCREMENTAL));
        assertThat(run(uncompared)).isEqualTo(Outcome.DIFFERENT);
        var ofOrders =
                errors.stream()
                        .filter(error -> error.table().equals(ORDERS))
                        .findFirst()
                        .orElseThrow();
        assertThat(ofOrders.before()).contains("name 'old'");
        assertThat(told.toString()).doesNotContain("theirs, ");

        assertThat(orders(project, "not needed").drop(ofOrders.id())).contains("is forgotten");
        assertThatThrownBy(() -> orders(project, "again").drop(ofOrders.id()))
                .hasMessageContaining("nothing is recorded under this id");
        var stopped = new Stop();
        stopped.request();
        assertThat(runner(project).retry(Set.of(), stopped)).isEqualTo(Outcome.PAUSED);
        assertThat(history())
                .contains("stopped before every row error was looked at")
                .doesNotContain("every row error is settled");
        assertThat(runner(project).retry(Set.of(), new Stop())).isEqualTo(Outcome.FINISHED);

        assertThat(Orders.errors(project, dialects)).isEmpty();
        assertThat(target.rows(NOTES)).isEqualTo(source.rows(NOTES));
        assertThat(history())
                .contains("was ordered by me: not needed", "every row error is settled");
        assertThat(run(project)).isEqualTo(Outcome.FINISHED);
    }

    @Test
    void aTransactionIsLeftOutOnlyWhileItIsNotApplied() throws InterruptedException {
        var project = project("apply.row.errors", "stop");
        run(project);
        delete(target, ORDERS, 2, "old");
        delete(source, ORDERS, 2, "old");
        insert(source, NOTES, 4, "new");
        var stopped = catchThrowableOfType(ProblemException.class, () -> run(project));
        var id = stopped.problem().why().replaceFirst(".* in transaction ", "");
        assertThat(id).startsWith("uuid-source:");
        var before = "uuid-source:1";

        assertThatThrownBy(() -> orders(project, "x").skip("nonsense"))
                .hasMessageContaining("no global transaction id");
        assertThatThrownBy(() -> orders(project, "x").skip(before))
                .hasMessageContaining("it was applied already");
        assertThat(orders(project, "a bad one").skip(id)).contains("is left out when it comes");
        assertThat(run(project)).isEqualTo(Outcome.FINISHED);

        assertThat(target.rows(NOTES)).isEqualTo(source.rows(NOTES));
        assertThat(told.toString())
                .contains("transaction " + id + " was left out: 1 changes of shop.orders");
        assertThatThrownBy(() -> orders(project, "x").skip(id))
                .hasMessageContaining("it was applied already");
        assertThat(history())
                .contains("skip of transaction " + id + " was ordered by me: a bad one");
    }

    @Test
    void anOrderWhoseReplyIsLostIsToldByWhatTheTargetHolds() throws InterruptedException {
        var project = project("table.errors", "stop");
        run(project);

        loseSecondCommit(Line.Fate.REQUEST_LOST);
        assertThatThrownBy(() -> orders(project, "first").reload("shop.orders"))
                .isInstanceOf(ProblemException.class);
        assertThat(history()).contains("reload of table shop.orders: not done");
        line = Line.CALM;
        run(project);

        loseSecondCommit(Line.Fate.REPLY_LOST);
        assertThat(orders(project, "second").reload("shop.orders")).contains("is loaded again");
        assertThat(history())
                .contains("reload of table shop.orders: done, though the reply was lost");
        line = Line.CALM;
        assertThatThrownBy(() -> runner(project).verify(new Stop()))
                .hasMessageContaining("1 of 2 tables are not loaded");
    }

    /// The first one opens the lane, the second is the order itself.
    private void loseSecondCommit(Line.Fate fate) {
        var commits = new AtomicInteger();
        line =
                call ->
                        call.equals("writer.commit") && commits.incrementAndGet() == 2
                                ? fate
                                : Line.Fate.DELIVERED;
    }

    @Test
    void nothingIsOrderedForAProjectThatNobodyBegan() {
        assertThatThrownBy(() -> orders(project("table.errors", "stop"), "x").reload("shop.orders"))
                .hasMessageContaining("is not known to the target");
    }

    private Orders orders(Project project, String reason) {
        return new Orders(project, home(), dialects, new Orders.By("me", reason, false));
    }

    private Outcome run(Project project) throws InterruptedException {
        return runner(project).migrate(new Stop());
    }

    private Runner runner(Project project) {
        return new Runner(project, dialects, home(), new Runner.Options(false, false), told::add);
    }

    private static Project project(String setting, String value) {
        return project(ObjectRules.all("shop"), setting, value);
    }

    private static Project project(ObjectRules objects, String setting, String value) {
        return new Project(
                "shop",
                ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "source"),
                ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "target"),
                objects,
                EnumSet.allOf(Choice.class),
                Until.VERIFIED,
                Correct.NEVER,
                Settings.of(Map.of(setting, value)));
    }

    private Home home() {
        return Home.of(folder, "shop");
    }

    private String history() {
        try (var owner = HomeLock.take(home());
                var journal = Journal.open(owner, Redaction.NONE)) {
            return journal.last(1_000).toString();
        }
    }

    private void insert(ToyServer server, TableName table, long id, String name) {
        lock.lock();
        try {
            var transaction = server.begin();
            transaction.insert(table, Row.ofText(String.valueOf(id), name));
            transaction.commit();
            server.commitAll();
        } finally {
            lock.unlock();
        }
    }

    private void delete(ToyServer server, TableName table, long id, String name) {
        lock.lock();
        try {
            var transaction = server.begin();
            transaction.delete(table, Row.ofText(String.valueOf(id), name));
            transaction.commit();
            server.commitAll();
        } finally {
            lock.unlock();
        }
    }

    private static ToyServer server(String name) {
        return new ToyServer(
                "uuid-" + name, ToyServer.Options.DEFAULT, () -> System.currentTimeMillis() * 1000);
    }
}
