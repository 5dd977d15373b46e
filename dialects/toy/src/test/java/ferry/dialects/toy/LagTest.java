package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Lag.Part;
import ferry.engine.pipeline.Progress;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The lag that people see counts from what is proven.
class LagTest {
    private static final TableName HEARTBEATS = new TableName("shop", "beats");

    private final Passage passage = new Passage();

    @BeforeEach
    void aProjectThatFollows() {
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        passage.start();
        passage.drive(passage::follows);
        insert("1");
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void itIsThatOfWhatIsDurableAndApplied() {
        passage.drive(passage::follows);
        var before = lag(passage.pipeline().progress());
        passage.sleep(Duration.ofSeconds(7));

        assertThat(lag(passage.pipeline().progress()))
                .isBetween(before.plusSeconds(7), before.plusSeconds(8));
    }

    @Test
    void itCountsUpWhileTheChangeLogCannotBeWritten() {
        passage.drive(passage::follows);
        var before = lag(passage.pipeline().progress());
        passage.sleep(Duration.ofSeconds(10));
        passage.home.room(0);
        insert("2");

        for (var tries = 1; tries <= 3; tries++) {
            passage.sleep(Duration.ofSeconds(5));
            failOnce();
            passage.step(passage.loop("apply-0"));
            var progress = passage.pipeline().progress();
            var least = before.plusSeconds(10 + 5 * tries);
            assertThat(progress.captureLag().orElseThrow()).isGreaterThanOrEqualTo(least);
            assertThat(progress.totalLag().orElseThrow()).isGreaterThanOrEqualTo(least);
        }
    }

    @Test
    void itsPartsAddUp() {
        passage.drive(passage::follows);
        passage.sleep(Duration.ofSeconds(3));
        insert("2");
        passage.sleep(Duration.ofSeconds(4));

        var lag = passage.pipeline().progress().lag();
        assertThat(
                        lag.of(Part.CAPTURE)
                                .orElseThrow()
                                .plus(lag.of(Part.QUEUE).orElseThrow())
                                .plus(lag.of(Part.APPLY).orElseThrow()))
                .isEqualTo(lag.of(Part.TOTAL).orElseThrow());
        assertThat(lag.measuredBy()).isEqualTo("the times in the source's log");
    }

    @Test
    void itIsRememberedWhileSomebodyLooks() {
        passage.drive(passage::follows);
        for (var i = 0; i < 20; i++) {
            passage.sleep(Duration.ofSeconds(1));
            passage.pipeline().look();
        }

        var lag = passage.pipeline().progress().lag();
        assertThat(lag.lastMinute().get(Part.TOTAL).most())
                .isEqualTo(lag.sinceStart().get(Part.TOTAL).most())
                .isGreaterThan(lag.lastMinute().get(Part.TOTAL).p50());
    }

    /// The source's clock stands still here, so the times in its log say nothing.
    @Test
    void aHeartbeatTellsItByOurClockAlone() {
        beats();
        passage.drive(() -> passage.follows() && passage.source.definition(HEARTBEATS).isPresent());
        passage.pipeline().look();
        passage.sleep(Duration.ofHours(1));
        beat();
        passage.sleep(Duration.ofSeconds(2));
        assertThat(lag(passage.pipeline().progress()))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));

        passage.drive(passage::follows);
        passage.pipeline().look();
        passage.sleep(Duration.ofSeconds(4)); // nothing is on its way
        var lag = passage.pipeline().progress().lag();
        assertThat(lag.of(Part.TOTAL).orElseThrow()).isLessThan(Duration.ofSeconds(3));
        assertThat(lag.measuredBy()).isEqualTo("heartbeats in shop.beats every 5s");
    }

    @Test
    void aBeatThatIsCapturedAndNotAppliedIsLagOfApply() {
        beats();
        passage.drive(() -> passage.follows() && passage.source.definition(HEARTBEATS).isPresent());
        passage.pipeline().look();
        passage.sleep(Duration.ofHours(1));
        beat();
        for (var i = 0; i < 50; i++) {
            passage.step(passage.loop("capture"));
        }
        passage.pipeline().progress();
        passage.sleep(Duration.ofSeconds(30));

        var lag = passage.pipeline().progress().lag();
        assertThat(lag.of(Part.CAPTURE).orElseThrow()).isLessThan(Duration.ofSeconds(1));
        assertThat(lag.of(Part.QUEUE).orElseThrow()).isGreaterThan(Duration.ofSeconds(29));
        assertThat(lag.of(Part.TOTAL).orElseThrow()).isGreaterThan(Duration.ofSeconds(29));
    }

    @Test
    void aSourceThatTakesNoHeartbeatsStopsNothingAndIsNamed() {
        beats();
        passage.drive(passage::follows);
        passage.line =
                new Line() {
                    @Override
                    public Fate before(String call) {
                        return call.startsWith("heartbeat") ? Fate.REQUEST_LOST : Fate.DELIVERED;
                    }

                    @Override
                    public void after(String call) {}
                };
        passage.sleep(Duration.ofMinutes(1));
        beat();
        insert("2");
        passage.drive(passage::follows);

        var lag = passage.pipeline().progress().lag();
        assertThat(lag.of(Part.TOTAL)).isPresent();
        assertThat(lag.measuredBy())
                .startsWith("the times in the source's log, because it takes no heartbeat: ");
        assertThat(passage.copied("t")).hasSize(2);
    }

    /// It lies in a database that is migrated as a whole.
    @Test
    void theTableOfHeartbeatsIsNotMigrated() {
        beats();
        passage.drive(() -> passage.follows() && passage.source.definition(HEARTBEATS).isPresent());
        passage.sleep(Duration.ofMinutes(1));
        beat();
        passage.drive(passage::follows);
        assertThat(passage.stands("beats")).isFalse();

        passage.start();
        passage.drive(passage::follows);
        assertThat(passage.stands("beats")).isFalse();
    }

    private void beats() {
        passage.settings =
                passage.settings
                        .with(Settings.SOURCE_HEARTBEAT, "true")
                        .with(Settings.SOURCE_HEARTBEAT_TABLE, HEARTBEATS.toString());
        passage.start();
    }

    private void beat() {
        passage.step(passage.loop("heartbeat"));
    }

    /// Whatever capture reads in between, it fails at what it must write.
    private void failOnce() {
        passage.retried.clear();
        while (passage.retried.isEmpty()) {
            passage.step(passage.loop("capture"));
        }
        assertThat(passage.retried)
                .extracting(ProblemException::code)
                .containsExactly(ProblemCode.DISK_FULL);
    }

    /// Of the whole way; capture's is the same when all is applied.
    private static Duration lag(Progress progress) {
        assertThat(progress.totalLag()).isPresent();
        assertThat(progress.captureLag()).isNotEqualTo(Optional.empty());
        return progress.totalLag().orElseThrow();
    }

    private void insert(String id) {
        passage.insert(passage.source, "t", id);
    }
}
