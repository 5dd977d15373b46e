package ferry.engine.governor;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Setting;
import ferry.engine.config.Settings;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GovernorTest {
    private final MovedClock clock = new MovedClock("2026-03-02T12:00:00Z"); // a Monday
    private Settings settings = Settings.defaults();

    private Governor governor(Setting<?> setting, String value) {
        settings = settings.with(setting, value);
        return governor();
    }

    private Governor governor() {
        return new Governor(settings, clock);
    }

    private static Watch watch(Governor governor, Setting<?> setting) {
        return governor.watches().stream()
                .filter(watch -> watch.setting().equals(setting.name()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutLimitsNobodyWaitsAndNothingIsLookedAt() {
        var governor = governor();

        governor.spent(Work.LOAD, 1_000_000_000, 1L << 50);
        governor.spent(Work.APPLY, 1_000_000_000, 1L << 50);

        assertThat(governor.enterLoad()).isEmpty();
        assertThat(governor.waits(Work.APPLY)).isEmpty();
        assertThat(governor.watches()).isEmpty();
        assertThat(governor.batchBytes()).isEmpty();
        assertThat(governor.chunkRows(50_000)).isEqualTo(50_000);
    }

    @Test
    void rowsOfTheLoadAreLimitedAndTheWaitSaysWhy() {
        var governor = governor(GovernorSettings.LOAD_ROWS, "5000");
        assertThat(governor.enterLoad()).isEmpty();

        governor.spent(Work.LOAD, 10_000, 1);

        assertThat(governor.enterLoad())
                .contains("the limit of 5,000 rows a second (govern.load.rows)");
        assertThat(governor.waits(Work.APPLY)).isEmpty();
        clock.pass(Duration.ofSeconds(2));
        assertThat(governor.enterLoad()).isEmpty();
    }

    @Test
    void bytesOfApplyAreLimitedApart() {
        var governor = governor(GovernorSettings.APPLY_BYTES, "1MiB");

        governor.spent(Work.APPLY, 1, 3L << 20);

        assertThat(governor.waits(Work.APPLY))
                .contains("the limit of 1.0MiB a second (govern.apply.bytes)");
        assertThat(governor.enterLoad()).isEmpty();
        clock.pass(Duration.ofMillis(2_999));
        assertThat(governor.waits(Work.APPLY)).isPresent();
        clock.pass(Duration.ofMillis(1));
        assertThat(governor.waits(Work.APPLY)).isEmpty();
    }

    @Test
    void theTighterOfSettingAndScheduleCounts() {
        settings = settings.with(GovernorSettings.LOAD_ROWS, "1000");
        var governor =
                governor(GovernorSettings.SCHEDULE, "08:00-13:00 rows 100; 13:00-14:00 rows 9999");
        governor.spent(Work.LOAD, 200, 1);
        assertThat(governor.enterLoad())
                .contains(
                        "the limit of 100 rows a second (govern.schedule '08:00-13:00 rows 100')");
        clock.set("2026-03-02T13:00:00Z");

        governor.spent(Work.LOAD, 3_000, 1);

        assertThat(governor.enterLoad())
                .contains("the limit of 1,000 rows a second (govern.load.rows)");
    }

    @Test
    void theScheduleStopsWorkAndLetsItGoAtItsBorder() {
        settings = settings.with(GovernorSettings.SCHEDULE_ZONE, "Europe/Berlin");
        var governor = governor(GovernorSettings.SCHEDULE, "Mon 13:00-15:00 load off");

        assertThat(governor.enterLoad())
                .contains("the end of 'Mon 13:00-15:00 load off' (govern.schedule, Europe/Berlin)");
        assertThat(governor.waits(Work.APPLY)).isEmpty();
        clock.set("2026-03-02T13:59:59.999Z");
        assertThat(governor.enterLoad()).isPresent();
        clock.set("2026-03-02T14:00:00Z");
        assertThat(governor.enterLoad()).isEmpty();
    }

    @Test
    void whatWasOwedUnderAScheduleIsForgottenWhenItEnds() {
        var governor = governor(GovernorSettings.SCHEDULE, "12:00-12:01 rows 1");
        governor.spent(Work.LOAD, 300, 1);
        clock.set("2026-03-02T12:00:59Z");
        assertThat(governor.enterLoad()).isPresent();

        clock.set("2026-03-02T12:01:00Z");

        assertThat(governor.enterLoad()).isEmpty();
    }

    @Test
    void aChunkIsNotMoreThanASecondsWork() {
        assertThat(governor(GovernorSettings.LOAD_ROWS, "100").chunkRows(50_000)).isEqualTo(100);
        // 50,000 rows were estimated at load.chunk.bytes, 8MiB.
        assertThat(governor(GovernorSettings.LOAD_BYTES, "8KiB").chunkRows(50_000)).isEqualTo(48);
        assertThat(governor(GovernorSettings.LOAD_BYTES, "1").chunkRows(50_000)).isEqualTo(1);
    }

    @Test
    void stressAtTheSourceSlowsTheLoadStepByStepAndApplyGoesOn() {
        settings = settings.with(Settings.LOAD_WORKERS, "4");
        var governor = governor(GovernorSettings.SOURCE_THREADS, "50");
        var threads = watch(governor, GovernorSettings.SOURCE_THREADS);
        governor.seen(Map.of(threads, new Seen.Calm()));
        assertThat(governor.enterLoad()).isEmpty();
        assertThat(governor.enterLoad()).isEmpty();

        governor.seen(
                Map.of(threads, new Seen.Stressed("the source, where 80 threads are running")));

        assertThat(governor.enterLoad())
                .contains(
                        "calm, 2 of 4 load workers go on: the source, where 80 threads are running");
        assertThat(governor.batchBytes()).contains(512L << 10);
        assertThat(governor.chunkRows(50_000)).isEqualTo(25_000);
        assertThat(governor.waits(Work.APPLY)).isEmpty();
        governor.leaveLoad();
        assertThat(governor.enterLoad()).isEmpty();
        governor.leaveLoad();
        governor.leaveLoad();
        for (var i = 0; i < 2; i++) {
            clock.pass(Duration.ofSeconds(1));
            governor.seen(Map.of(threads, new Seen.Stressed("the source")));
        }
        assertThat(governor.enterLoad()).contains("calm, 0 of 4 load workers go on: the source");

        governor.seen(Map.of(threads, new Seen.Calm()));
        clock.pass(Duration.ofSeconds(10));

        assertThat(governor.enterLoad()).isEmpty();
        assertThat(governor.enterLoad()).isPresent();
    }

    @Test
    void captureThatIsFarBehindSlowsTheLoadAndApplyGoesOn() {
        settings = settings.with(Settings.LOAD_WORKERS, "2");
        var governor = governor(GovernorSettings.SOURCE_LOG_SHARE, "25");
        var capture = watch(governor, GovernorSettings.SOURCE_LOG_SHARE);
        assertThat(governor.enterLoad()).contains("the first look at govern.source.log.share");
        assertThat(governor.waits(Work.APPLY)).isEmpty();

        for (var i = 0; i < 2; i++) {
            clock.pass(Duration.ofSeconds(1));
            governor.seen(Map.of(capture, new Seen.Stressed("capture, which is behind")));
        }

        assertThat(governor.enterLoad())
                .contains("calm, 0 of 2 load workers go on: capture, which is behind");
        assertThat(governor.waits(Work.APPLY)).isEmpty();
    }

    @Test
    void stressAtTheTargetLetsApplyWaitUntilItIsOver() {
        var governor = governor(GovernorSettings.TARGET_MEMORY, "80");
        var memory = watch(governor, GovernorSettings.TARGET_MEMORY);

        governor.seen(Map.of(memory, new Seen.Stressed("the target, whose memstore is full")));
        assertThat(governor.waits(Work.APPLY)).contains("the target, whose memstore is full");

        governor.seen(Map.of(memory, new Seen.Calm()));
        assertThat(governor.waits(Work.APPLY)).isEmpty();
    }

    @Test
    void aThrottleStopsBothAtOnce() {
        var governor = governor(GovernorSettings.SOURCE_QUERY, "select 1");
        var query = watch(governor, GovernorSettings.SOURCE_QUERY);

        governor.seen(Map.of(query, new Seen.Stressed("the query")));

        assertThat(governor.enterLoad()).contains("the query");
        assertThat(governor.waits(Work.APPLY)).contains("the query");
        governor.seen(Map.of(query, new Seen.Calm()));
        assertThat(governor.enterLoad()).isEmpty();
        assertThat(governor.batchBytes()).as("a throttle is no stress").isEmpty();
    }

    @Test
    void whatIsNotKnownLetsWorkWaitOrGoAsTheOperatorChose() {
        var careful = governor(GovernorSettings.TARGET_THREADS, "50");
        assertThat(careful.enterLoad()).contains("the first look at govern.target.threads");
        var daring = governor(GovernorSettings.UNKNOWN, "go");
        assertThat(daring.enterLoad()).isEmpty();

        for (var governor : new Governor[] {careful, daring}) {
            governor.seen(
                    Map.of(
                            watch(governor, GovernorSettings.TARGET_THREADS),
                            new Seen.Unknown("nobody answers")));
        }

        assertThat(careful.enterLoad()).contains("nobody answers");
        assertThat(careful.waits(Work.APPLY)).contains("nobody answers");
        assertThat(daring.enterLoad()).isEmpty();
    }

    @Test
    void aTargetThatAsksToTryAgainIsUnderStressAndOtherProblemsAreNone() {
        var governor = governor(Settings.LOAD_WORKERS, "4");

        governor.met(new Problem(ProblemCode.SOURCE_UNREACHABLE, "", "", ""));
        assertThat(governor.batchBytes()).isEmpty();
        governor.met(new Problem(ProblemCode.TARGET_BUSY, "", "over tenant memory limits", ""));

        assertThat(governor.enterLoad()).isEmpty();
        assertThat(governor.enterLoad()).isEmpty();
        assertThat(governor.enterLoad())
                .contains(
                        "calm, 2 of 4 load workers go on: the target asked to try again: over tenant memory limits");
    }

    @Test
    void aWaitIsToldForAMomentOnly() {
        var governor = governor(GovernorSettings.LOAD_ROWS, "1000");
        governor.spent(Work.LOAD, 1_000, 1);
        assertThat(governor.waited(Work.LOAD)).isEmpty();

        var why = governor.enterLoad();

        assertThat(governor.waited(Work.LOAD)).isPresent().isEqualTo(why);
        assertThat(governor.waited(Work.APPLY)).isEmpty();
        clock.pass(Duration.ofSeconds(2));
        assertThat(governor.waited(Work.LOAD)).isEmpty();
    }
}
