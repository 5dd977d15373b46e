package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.apply.Apply;
import ferry.engine.config.Settings;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A change log that reaches its size: what apply is done with makes room, however young it is.
class FullLogTest {
    private static final int VALUE_BYTES = 40_000;
    private static final int ROWS = 100; // four times what the log may hold

    private final Passage passage = new Passage();

    @BeforeEach
    void aSmallLog() {
        passage.settings =
                passage.settings
                        .with(Settings.CHANGELOG_BYTES, "1MiB")
                        .with(Settings.CHANGELOG_SEGMENT_BYTES, "64KiB")
                        .with(Settings.CHANGELOG_COMPRESS, "false");
        passage.source.execute(
                "create table shop.t (id int(32) not null, v text(65000), primary (id))");
        passage.start();
        passage.drive(passage::follows);
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void whatIsAppliedMakesRoomAtOnce() {
        for (var id = 1; id <= ROWS; id++) {
            insert(id);
            passage.drive(passage::follows);
        }

        assertThat(passage.copied("t")).hasSize(ROWS);
    }

    @Test
    void aBurstThatFillsTheLogWaitsUntilApplyMakesRoom() {
        IntStream.rangeClosed(1, ROWS).forEach(this::insert);
        while (passage.retried.isEmpty()) {
            passage.step(passage.loop("capture"));
        }
        assertThat(passage.retried.getFirst().code()).isEqualTo(ProblemCode.LOG_FULL);

        passage.drive(passage::follows);

        requireCopied();
    }

    @Test
    void aProcessThatEndedWithAFullLogIsFollowedByOneThatGoesOn() {
        IntStream.rangeClosed(1, ROWS).forEach(this::insert);
        while (passage.retried.isEmpty()) {
            passage.step(passage.loop("capture"));
        }

        passage.start();
        passage.drive(passage::follows);

        requireCopied();
    }

    @Test
    void aComparisonThatKeepsTooMuchOfTheLogGivesWayAndBeginsAnew() {
        insert(1);
        passage.until = Until.VERIFIED;
        passage.settings = passage.settings.with(Settings.VERIFY_RESTARTS, "1");
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.VERIFYING);
        IntStream.range(0, 5).forEach(_ -> passage.step(passage.pipeline())); // it begins
        passage.retried.clear();

        for (var id = 2; id <= ROWS && passage.retried.isEmpty(); id++) {
            insert(id);
            for (var i = 0; i < 5; i++) {
                passage.step(passage.loop("capture"));
                passage.loops().stream()
                        .filter(loop -> loop.name().startsWith(Apply.LANES))
                        .forEach(passage::step);
            }
        }

        assertThat(passage.retried.getFirst().problem().why()).contains("a comparison");
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
        requireCopied();
        assertThat(passage.pipeline().certificate().orElseThrow().equal()).isTrue();
    }

    private void requireCopied() {
        assertThat(passage.copied("t"))
                .isEqualTo(passage.source.rows(passage.name(passage.source, "t")));
    }

    private void insert(int id) {
        passage.insert(passage.source, "t", "" + id, ("" + id % 10).repeat(VALUE_BYTES));
    }
}
