package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Settings;
import ferry.engine.model.Row;
import ferry.engine.pipeline.Stage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Work that the governor slows down or stops tells so, and ends complete.
class GovernedTest {
    private static final int ROWS = 60;

    private final Passage passage = new Passage();
    private final Set<String> told = new HashSet<>();

    @BeforeEach
    void aTable() {
        passage.tickMicros = 1_000;
        passage.source.execute(
                "create table shop.t (id int(32) not null, v text(20), primary (id))");
        passage.source.execute("create table shop.stop (id int(32) not null, primary (id))");
        IntStream.rangeClosed(1, ROWS)
                .forEach(id -> passage.insert(passage.source, "t", "" + id, "value " + id));
    }

    @AfterEach
    void end() {
        passage.close();
    }

    private void follow() {
        passage.drive(() -> {
            told.add(passage.pipeline().progress().waitsFor());
            return passage.follows();
        });
    }

    private void requireCopied() {
        assertThat(passage.copied("t"))
                .isEqualTo(passage.source.rows(passage.name(passage.source, "t")))
                .hasSize(ROWS);
    }

    private void waitFor(String reason) {
        passage.drive(() -> passage.pipeline().progress().waitsFor().contains(reason));
    }

    /// Steps everybody for so long, by the passage's clock.
    private void pass(int rounds) {
        for (var i = 0; i < rounds; i++) {
            passage.step(passage.pipeline());
            passage.loops().forEach(passage::step);
        }
    }

    @Test
    void aLimitOfRowsIsKeptAndTold() {
        passage.settings = passage.settings.with(GovernorSettings.LOAD_ROWS, "10");
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.LOADING);
        var began = passage.ends().clock().instant();

        follow();

        var took = Duration.between(began, passage.ends().clock().instant());
        // Every worker may have had one chunk, of a second's work, when the first had to wait.
        assertThat(took).isGreaterThan(Duration.ofSeconds((ROWS - 3 * 10) / 10));
        assertThat(told).contains("the limit of 10 rows a second (govern.load.rows)");
        assertThat(passage.pipeline().progress().waitsFor()).isEmpty();
        requireCopied();
    }

    @Test
    void aLimitOfChangedRowsIsKeptAndTold() {
        passage.settings =
                passage.settings
                        .with(GovernorSettings.APPLY_ROWS, "10")
                        .with(Settings.APPLY_BATCH_ROWS, "5");
        passage.start();
        follow();
        var began = passage.ends().clock().instant();
        var transaction = passage.source.begin(false);
        passage.copied("t")
                .forEach(row ->
                        transaction.update(
                                passage.name(passage.source, "t"),
                                row,
                                Row.ofText(row.text(0), "new")));
        transaction.commit();
        for (var id = 1; id <= ROWS; id++) {
            var small = passage.source.begin(false);
            small.update(
                    passage.name(passage.source, "t"),
                    Row.ofText("" + id, "new"),
                    Row.ofText("" + id, "newer"));
            small.commit();
        }

        follow();

        var took = Duration.between(began, passage.ends().clock().instant());
        assertThat(took).isGreaterThan(Duration.ofSeconds((ROWS - 10) / 10));
        assertThat(told).contains("the limit of 10 rows a second (govern.apply.rows)");
        passage.sleep(Duration.ofSeconds(3)); // it is told for a while
        assertThat(passage.pipeline().progress().waitsFor()).isEmpty();
        requireCopied();
    }

    @Test
    void aScheduleHoldsTheLoadBackUntilItsWindowEnds() {
        passage.settings =
                passage.settings.with(
                        GovernorSettings.SCHEDULE, "Thu 00:00-01:00 load off"); // 1970-01-01
        passage.start();
        waitFor("the end of 'Thu 00:00-01:00 load off' (govern.schedule, UTC)");
        pass(50);
        assertThat(passage.copied("t")).isEmpty();

        passage.sleep(Duration.ofHours(1));
        follow();

        requireCopied();
    }

    @Test
    void aQueryOfTheOperatorStopsTheLoadAndLetsItGo() {
        passage.insert(passage.source, "stop", "1");
        passage.selects = name -> name.equals(passage.name(passage.source, "t"));
        passage.settings =
                passage.settings
                        .with(GovernorSettings.SOURCE_QUERY, "count shop.stop")
                        .with(GovernorSettings.SAMPLE_TIME, "100ms");
        passage.start();
        waitFor("the source, whose throttle query says 1 (govern.throttle.source.query)");
        pass(50);
        assertThat(passage.copied("t")).isEmpty();

        var transaction = passage.source.begin(false);
        transaction.delete(passage.name(passage.source, "stop"), Row.ofText("1"));
        transaction.commit();
        follow();

        requireCopied();
    }

    @Test
    void stressAtTheSourceStopsTheLoadAndCalmLetsItGrowAgain() {
        passage.settings =
                passage.settings
                        .with(GovernorSettings.SOURCE_THREADS, "1")
                        .with(GovernorSettings.SAMPLE_TIME, "100ms")
                        .with(GovernorSettings.GROW_TIME, "1s")
                        .with(Settings.LOAD_CHUNK_ROWS, "1");
        var one = passage.source.begin();
        var other = passage.source.begin();
        passage.start();
        waitFor(
                "calm, 0 of 2 load workers go on: the source, where 2 threads are running (govern.source.threads: 1)");

        one.rollback();
        follow();

        other.rollback();
        requireCopied();
    }

    @Test
    void aSignThatTheServerDoesNotHaveIsToldAndIgnoredOnlyOnDemand() {
        passage.settings = passage.settings.with(GovernorSettings.TARGET_MEMORY, "80");
        passage.start();
        waitFor(
                "the target, where the memstore cannot be read: the toy has no such thing (govern.target.memory, govern.unknown)");

        passage.settings = passage.settings.with(GovernorSettings.UNKNOWN, "go");
        passage.start();
        follow();

        requireCopied();
    }

    @Test
    void replicasMustBeNamedAndAreAskedOneByOne() {
        passage.settings = passage.settings.with(GovernorSettings.SOURCE_REPLICA_LAG, "5s");
        passage.start();
        waitFor("the names of the source's replicas");

        passage.settings = passage.settings.with(GovernorSettings.SOURCE_REPLICAS, "target:1");
        passage.start();
        waitFor("the source's replica target:1, where the lag cannot be read");
    }

    @Test
    void aConnectionOfTheGovernorThatIsLostIsNoProblemOfTheProject() {
        passage.settings =
                passage.settings
                        .with(GovernorSettings.SOURCE_THREADS, "1000")
                        .with(GovernorSettings.SAMPLE_TIME, "100ms");
        passage.line = call -> call.equals("vitals.read") ? Fate.REQUEST_LOST : Fate.DELIVERED;
        passage.start();
        waitFor("the source, which cannot be asked");
        assertThat(passage.retried).isEmpty();

        passage.line = Line.CALM;
        follow();

        requireCopied();
    }

    @Test
    void aTargetThatIsBusyMakesBatchesSmaller() {
        passage.source.execute(
                "create table shop.wide (id int(32) not null, v text(400), primary (id))");
        IntStream.rangeClosed(1, 6)
                .forEach(id -> passage.insert(passage.source, "wide", "" + id, "x".repeat(300)));
        passage.selects = name -> name.equals(passage.name(passage.source, "wide"));
        passage.settings = passage.settings.with(Settings.LOAD_BATCH_BYTES, "1KiB");
        var inserts = new AtomicInteger();
        passage.line =
                call -> {
                    if (call.equals("writer.insert") && inserts.incrementAndGet() == 1) {
                        throw Toy.busy("the first insert");
                    }
                    return Fate.DELIVERED;
                };
        passage.start();

        follow();

        assertThat(passage.retried).hasSize(1);
        // The toy reads three rows at once, 900 bytes; half of a kibibyte holds one of them.
        assertThat(inserts).as("once in vain, then row by row").hasValue(7);
        assertThat(passage.copied("wide")).hasSize(6);
    }
}
