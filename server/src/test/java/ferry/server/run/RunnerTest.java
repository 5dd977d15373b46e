package ferry.server.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.dialects.toy.Line;
import ferry.dialects.toy.ToyDialect;
import ferry.dialects.toy.ToyServer;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.filter.ObjectRules;
import ferry.engine.filter.Rename;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import ferry.server.journal.Home;
import ferry.server.journal.HomeLock;
import ferry.server.journal.Journal;
import ferry.server.journal.Redaction;
import ferry.server.journal.StatusFile;
import ferry.server.lifecycle.Choice;
import ferry.server.lifecycle.ProjectState;
import ferry.server.lifecycle.State;
import ferry.server.lifecycle.Step;
import ferry.server.lifecycle.StepState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The runner on the toy database: the real engine, real threads, no server.
@Timeout(60)
final class RunnerTest {
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final TableName NOTES = new TableName("shop", "notes");

    private final ReentrantLock lock = new ReentrantLock();
    private final ToyServer source = server("source");
    private final ToyServer target = server("target");
    private final Dialect dialect =
            SerialDialect.of(
                    new ToyDialect(Map.of("source", source, "target", target), Line.CALM), lock);
    private final List<RunEvent> told = new CopyOnWriteArrayList<>();

    @TempDir Path folder;

    @BeforeEach
    void fillTheSource() {
        source.execute(
                "create table shop.orders (id int(64) not null, name text(10), primary (id))");
        source.execute(
                "create table shop.notes (id int(64) not null, text text(10), primary (id))");
        for (var i = 0; i < 25; i++) {
            insert(source, ORDERS, i, "order " + i);
        }
        insert(source, NOTES, 1, "note");
    }

    @Test
    void aProjectIsTakenAcrossAndCertified() throws InterruptedException {
        var outcome = runner(project(Until.VERIFIED)).migrate(new Stop());

        assertThat(outcome).isEqualTo(Outcome.FINISHED);
        assertThat(target.rows(ORDERS)).isEqualTo(source.rows(ORDERS)).hasSize(25);
        assertThat(state().project()).isEqualTo(ProjectState.FINISHED);
        assertThat(state().steps())
                .hasSize(7)
                .allSatisfy((_, step) -> assertThat(step).isEqualTo(StepState.FINISHED));
        assertThat(home().certificateText())
                .content()
                .contains("EQUAL")
                .contains("shop.orders")
                .contains("25 rows");
        assertThat(home().certificateJson()).content().contains("\"equal\":true");
        assertThat(told.getFirst()).isInstanceOf(RunEvent.Started.class);
        assertThat(told.getLast()).isEqualTo(new RunEvent.Ended(Outcome.FINISHED));
        assertThat(told)
                .hasAtLeastOneElementOfType(RunEvent.Progressed.class)
                .hasAtLeastOneElementOfType(RunEvent.Checked.class);
    }

    @Test
    void aFollowingProjectIsPausedAndResumed() throws Exception {
        var stop = new Stop();
        var running =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                told.add(
                                        new RunEvent.Ended(
                                                runner(project(Until.FOREVER)).migrate(stop)));
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        until(() ->
                told.contains(new RunEvent.StepChanged(Step.INCR_TRANSFER, StepState.MONITORING)));
        insert(source, ORDERS, 100, "while");
        until(() -> sees(ORDERS, 100));
        until(() -> tellsItsLagAndHeat());
        stop.request();
        running.join();
        assertThat(told)
                .as("events")
                .noneMatch(event -> event.fields().toString().contains("meetings="));

        assertThat(told.getLast()).isEqualTo(new RunEvent.Ended(Outcome.PAUSED));
        assertThat(state().project()).isEqualTo(ProjectState.SUSPEND);
        assertThat(state().steps()).containsEntry(Step.INCR_TRANSFER, StepState.SUSPEND);

        insert(source, ORDERS, 101, "after");
        assertThat(runner(project(Until.VERIFIED)).migrate(new Stop())).isEqualTo(Outcome.FINISHED);
        assertThat(target.rows(ORDERS)).isEqualTo(source.rows(ORDERS)).hasSize(27);
        assertThat(
                        told.stream()
                                .filter(event ->
                                        event.equals(
                                                new RunEvent.StepChanged(
                                                        Step.FULL_TRANSFER, StepState.RUNNING))))
                .as("loaded once only")
                .hasSize(1);
    }

    /// What `status` and `explain` need, from another process.
    private boolean tellsItsLagAndHeat() {
        var status = Standing.of("shop", home()).status().orElseThrow();
        var picture = (Map<?, ?>) status.get("picture");
        return String.valueOf(status.get("heat")).contains("table=" + ORDERS + ", rows=1,")
                && String.valueOf(picture.get("lag")).contains("lastMinute={capture={p50Millis=")
                && String.valueOf(picture.get("lag")).contains("the times in the source's log");
    }

    @Test
    void differencesAreShownAndCorrected() throws InterruptedException {
        runner(project(Until.VERIFIED)).migrate(new Stop());
        var broken = target.begin();
        broken.update(ORDERS, Row.ofText("7", "order 7"), Row.ofText("7", "broken"));
        broken.delete(ORDERS, Row.ofText("8", "order 8"));
        broken.commit();
        target.commitAll();
        told.clear();

        assertThat(runner(project(Until.VERIFIED)).verify(new Stop())).isEqualTo(Outcome.DIFFERENT);

        var verdict =
                told.stream()
                        .filter(RunEvent.Compared.class::isInstance)
                        .map(event -> ((RunEvent.Compared) event).verdict())
                        .filter(found -> !found.equal())
                        .findFirst()
                        .orElseThrow();
        assertThat(verdict.source()).isEqualTo("shop.orders");
        assertThat(verdict.mismatched()).isEqualTo(1);
        assertThat(verdict.sourceOnly()).isEqualTo(1);
        assertThat(verdict.samples())
                .extracting(Verdict.Sample::text)
                .contains("id '7': source name 'order 7'; target name 'broken'");
        assertThat(home().corrections()).content().contains("order 7").contains("order 8");
        assertThat(state().project()).isEqualTo(ProjectState.FINISHED);

        assertThat(runner(project(Until.VERIFIED).with(Correct.AUTOMATIC)).verify(new Stop()))
                .isEqualTo(Outcome.FINISHED);
        assertThat(target.rows(ORDERS)).isEqualTo(source.rows(ORDERS));
    }

    @Test
    void tablesThatFerryDidNotMoveAreCompared() throws InterruptedException {
        for (var table : List.of("orders", "notes")) {
            target.execute(
                    "create table shop."
                            + table
                            + " (id int(64) not null, "
                            + (table.equals("orders") ? "name" : "text")
                            + " text(10), primary (id))");
        }
        insert(target, NOTES, 1, "note");

        assertThat(runner(project(Until.VERIFIED)).verify(new Stop())).isEqualTo(Outcome.DIFFERENT);

        assertThat(told)
                .anySatisfy(event ->
                        assertThat(event)
                                .isInstanceOfSatisfying(
                                        RunEvent.Compared.class,
                                        compared ->
                                                assertThat(compared.verdict().sourceOnly())
                                                        .isEqualTo(25)));
        assertThat(target.rows(ORDERS)).isEmpty();
        try (var books =
                dialect.bookkeeping(
                        ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "target"),
                        Settings.defaults())) {
            assertThat(books.owner("shop")).isEmpty();
            assertThat(books.owner("shop#verify")).isEmpty();
        }
    }

    @Test
    void aPrecheckThatFailsStopsTheProjectBeforeAnythingMoves() throws InterruptedException {
        var project =
                new Project(
                        "shop",
                        project(Until.VERIFIED).source(),
                        project(Until.VERIFIED).target(),
                        ObjectRules.all("nothing"),
                        EnumSet.allOf(Choice.class),
                        Until.VERIFIED,
                        Correct.NEVER,
                        Settings.defaults());

        var stopped =
                catchThrowableOfType(
                        ProblemException.class, () -> runner(project).migrate(new Stop()));

        assertThat(stopped.code()).isEqualTo(ProblemCode.PRECHECK_FAILED);
        assertThat(state().project()).isEqualTo(ProjectState.FAILED);
        assertThat(state().failedStep()).contains(Step.TRANSFER_PRECHECK);
        assertThat(told.getLast()).isEqualTo(new RunEvent.Stopped(stopped.problem()));
        assertThat(target.tableNames()).isEmpty();
        assertThat(runner(project(Until.VERIFIED)).migrate(new Stop())).isEqualTo(Outcome.FINISHED);
    }

    @Test
    void whatADriverRepeatsOfASecretReachesNobody() {
        var line =
                (Line)
                        call -> {
                            if (call.equals("log.open")) {
                                throw ProblemException.of(
                                        ProblemCode.SOURCE_REFUSED,
                                        "refused",
                                        "password hunter2secret is wrong",
                                        "correct it");
                            }
                            return Line.Fate.DELIVERED;
                        };
        var leaking = new ToyDialect(Map.of("source", source, "target", target), line);
        var plain = project(Until.VERIFIED);
        var endpoint = plain.source();
        var project =
                new Project(
                        "shop",
                        new Endpoint(
                                endpoint.type(),
                                endpoint.hosts(),
                                "ferry",
                                new Secret("hunter2secret"),
                                Map.of()),
                        plain.target(),
                        plain.objects(),
                        plain.choices(),
                        Until.VERIFIED,
                        Correct.NEVER,
                        Settings.defaults());
        var runner = runner(project, SerialDialect.of(leaking, lock));

        var stopped =
                catchThrowableOfType(ProblemException.class, () -> runner.migrate(new Stop()));

        assertThat(stopped.problem().why()).isEqualTo("password *** is wrong");
        assertThat(told).noneMatch(event -> event.toString().contains("hunter2secret"));
        assertThat(state().project()).isEqualTo(ProjectState.FAILED);
    }

    @Test
    void aKeyThatTheTargetRefusesIsToldInEveryRun() throws Exception {
        var codes = new TableName("shop", "codes");
        source.execute(
                "create table shop.codes (id int(64) not null, code text(10), primary (id), unique uc (code))");
        insert(source, codes, 1, "a");
        var refusing =
                new ToyDialect(
                        Map.of("source", source, "target", target),
                        call -> {
                            // Before the key is built two rows are equal, as under another
                            // collation.
                            if (call.equals("writer.execute")
                                    && target.definition(codes).isPresent()
                                    && sees(codes, 1)
                                    && !sees(codes, 2)) {
                                insert(target, codes, 2, "a");
                            }
                            return Line.Fate.DELIVERED;
                        });
        var dialects = new Dialects(List.of(SerialDialect.of(refusing, lock)));

        for (var run = 1; run <= 2; run++) {
            told.clear();
            new Runner(
                            project(Until.VERIFIED),
                            dialects,
                            home(),
                            new Runner.Options(false, false),
                            told::add)
                    .migrate(new Stop());

            assertThat(told)
                    .as("run %d", run)
                    .anySatisfy(event ->
                            assertThat(event)
                                    .isInstanceOfSatisfying(
                                            RunEvent.Told.class,
                                            line ->
                                                    assertThat(line.message())
                                                            .startsWith(
                                                                    "shop.codes: uc could not be created")));
            assertThat(home().certificateText())
                    .content()
                    .contains("the target refused these keys")
                    .contains("shop.codes: uc could not be created");
            assertThat(home().certificateJson())
                    .content()
                    .contains("\"refusedKeys\":[{\"table\":\"shop.codes\",\"key\":\"uc\"");
            assertThat(Standing.of("shop", home()).status().orElseThrow().toString())
                    .contains("refusedKeys=[shop.codes: uc could not be created");
        }
    }

    @Test
    void aProjectInUseIsRefused() {
        try (var owner = HomeLock.take(home())) {
            var refused =
                    catchThrowableOfType(
                            ProblemException.class,
                            () -> runner(project(Until.VERIFIED)).migrate(new Stop()));

            assertThat(refused.code()).isEqualTo(ProblemCode.HOME_LOCKED);
            assertThat(owner.home()).isEqualTo(home());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTableThatMovesIsNotTheTargetOfOne(boolean ofItself) {
        var plain = project(Until.VERIFIED);
        var swapped =
                new ObjectRules(
                        plain.objects().include(),
                        List.of(),
                        List.of(
                                new Rename.OfTable(ORDERS, NOTES),
                                new Rename.OfTable(NOTES, ORDERS)),
                        List.of(),
                        List.of());
        var circle =
                new Project(
                        "shop",
                        plain.source(),
                        plain.source(),
                        ofItself ? plain.objects() : swapped,
                        plain.choices(),
                        Until.VERIFIED,
                        Correct.NEVER,
                        plain.settings());

        var refused =
                catchThrowableOfType(
                        ProblemException.class, () -> runner(circle).migrate(new Stop()));

        assertThat(refused.code()).isEqualTo(ProblemCode.PRECHECK_FAILED);
        assertThat(refused.problem().what()).contains("RDB_CYCLE");
    }

    @Test
    void anotherTargetBehindTheSameAddressIsRefused() throws InterruptedException {
        runner(project(Until.LOADED)).migrate(new Stop());
        var empty = server("another");
        var swapped =
                SerialDialect.of(
                        new ToyDialect(Map.of("source", source, "target", empty), Line.CALM), lock);
        var runner = runner(project(Until.VERIFIED), swapped);

        for (var deed : List.<Deed>of(Runner::migrate, Runner::verify)) {
            var refused =
                    catchThrowableOfType(
                            ProblemException.class, () -> deed.with(runner, new Stop()));

            assertThat(refused.code()).isEqualTo(ProblemCode.TARGET_FOREIGN);
            assertThat(empty.tableNames()).noneMatch(name -> name.database().equals("shop"));
        }
        assertThat(runner(project(Until.VERIFIED)).verify(new Stop())).isEqualTo(Outcome.FINISHED);
    }

    @Test
    void anotherSourceBehindTheSameAddressIsRefused() throws InterruptedException {
        runner(project(Until.LOADED)).migrate(new Stop());
        var other = server("other");
        other.execute(
                "create table shop.orders (id int(64) not null, name text(10), primary (id))");
        var swapped =
                SerialDialect.of(
                        new ToyDialect(Map.of("source", other, "target", target), Line.CALM), lock);
        var runner = runner(project(Until.VERIFIED), swapped);

        for (var deed : List.<Deed>of(Runner::migrate, Runner::verify)) {
            var refused =
                    catchThrowableOfType(
                            ProblemException.class, () -> deed.with(runner, new Stop()));

            assertThat(refused.code()).isEqualTo(ProblemCode.LOG_FOREIGN);
            assertThat(target.rows(ORDERS)).hasSize(25);
        }
    }

    @FunctionalInterface
    private interface Deed {
        Outcome with(Runner runner, Stop stop) throws InterruptedException;
    }

    /// A comparison goes on to the source's present end.
    @Test
    void whatLiesBehindAStopIsAppliedAtTheOperatorsWordOnly() throws InterruptedException {
        runner(project(Until.VERIFIED)).migrate(new Stop());
        var plain = project(Until.VERIFIED);
        String place;
        try (var snapshot = dialect.snapshot(plain.source(), Role.SOURCE, Settings.defaults())) {
            place = snapshot.logEnd().text();
        }
        runner(plain.stoppingAt(new NamedPlace.InLog(place))).migrate(new Stop());
        insert(source, ORDERS, 100, "behind");

        for (var deed :
                List.<Deed>of(Runner::verify, (runner, stop) -> runner.retry(Set.of(), stop))) {
            var refused =
                    catchThrowableOfType(
                            ProblemException.class, () -> deed.with(runner(plain), new Stop()));

            assertThat(refused.code()).isEqualTo(ProblemCode.PLACE_REFUSED);
            assertThat(refused.problem().why()).contains(place);
            assertThat(target.rows(ORDERS)).hasSize(25);
        }
        assertThat(runner(plain).migrate(new Stop())).isEqualTo(Outcome.FINISHED);
        assertThat(target.rows(ORDERS)).hasSize(26);
        assertThat(runner(plain).verify(new Stop())).isEqualTo(Outcome.FINISHED);
    }

    @Test
    void aResetProjectIsForgottenAtBothPlaces() throws InterruptedException {
        runner(project(Until.VERIFIED)).migrate(new Stop());

        new Reset(project(Until.VERIFIED), home(), new Dialects(List.of(dialect))).run(false);

        assertThat(home().folder()).doesNotExist();
        assertThat(target.rows(ORDERS)).hasSize(25);
        var again =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> runner(project(Until.VERIFIED)).migrate(new Stop()));
        assertThat(again.problem().toString()).contains("shop");
    }

    @Test
    void aPictureThatTheDiskRefusesIsDrawnAllTheSameAndLaterWrittenAgain() throws Exception {
        var stop = new Stop();
        var running =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                runner(project(Until.FOREVER)).migrate(stop);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        until(() ->
                told.contains(new RunEvent.StepChanged(Step.INCR_TRANSFER, StepState.MONITORING)));
        var status = home().status();
        var refusing = status.resolveSibling(status.getFileName() + ".new");
        until(() -> refusing.toFile().mkdir());
        var before = pictures();
        until(() -> pictures() >= before + 2);
        var last = Files.readString(status);
        Files.delete(refusing);

        var written = new StatusFile(status, Redaction.NONE);
        until(() -> !written.text().orElseThrow().equals(last.strip()));
        stop.request();
        running.join();
    }

    private long pictures() {
        return told.stream().filter(RunEvent.Progressed.class::isInstance).count();
    }

    private Project project(Until until) {
        return new Project(
                "shop",
                ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "source"),
                ToyDialect.endpoint(ToyDialect.GLOBAL_IDS, "target"),
                ObjectRules.all("shop"),
                EnumSet.allOf(Choice.class),
                until,
                Correct.NEVER,
                Settings.of(Map.of("load.chunk.rows", "4")));
    }

    private Runner runner(Project project) {
        return runner(project, dialect);
    }

    private Runner runner(Project project, Dialect by) {
        return new Runner(
                project,
                new Dialects(List.of(by)),
                home(),
                new Runner.Options(false, false),
                told::add);
    }

    private State state() {
        try (var owner = HomeLock.take(home());
                var journal = Journal.open(owner, Redaction.NONE)) {
            return journal.state();
        }
    }

    private Home home() {
        return Home.of(folder, "shop");
    }

    private void insert(ToyServer server, TableName table, long id, String text) {
        lock.lock();
        try {
            var transaction = server.begin();
            transaction.insert(table, Row.ofText(String.valueOf(id), text));
            transaction.commit();
            server.commitAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean sees(TableName table, long id) {
        lock.lock();
        try {
            return target.rows(table).stream()
                    .anyMatch(row -> row.text(0).equals(String.valueOf(id)));
        } finally {
            lock.unlock();
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private static ToyServer server(String name) {
        return new ToyServer(
                "uuid-" + name, ToyServer.Options.DEFAULT, () -> System.currentTimeMillis() * 1000);
    }
}
