package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

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
            assertThat(progress.applyLag().orElseThrow()).isGreaterThanOrEqualTo(least);
        }
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
        assertThat(progress.applyLag()).isPresent();
        assertThat(progress.captureLag()).isNotEqualTo(Optional.empty());
        return progress.applyLag().orElseThrow();
    }

    private void insert(String id) {
        passage.insert(passage.source, "t", id);
    }
}
