package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A source dropped log that was not read: what is still there reaches every table.
final class GapTest {
    private static final Set<TableName> QUIET = Set.of(new TableName("shop", "quiet"));

    private static Passage following(String ids) {
        var passage = new Passage();
        passage.ids = ids;
        for (var table : new String[] {"t", "quiet"}) {
            passage.source.execute(
                    "create table shop." + table + " (id int(64) not null, primary (id))");
            passage.insert(passage.source, table, "1");
        }
        passage.start();
        passage.drive(passage::follows);
        return passage;
    }

    @ParameterizedTest
    @ValueSource(strings = {ToyDialect.GLOBAL_IDS, ToyDialect.FILES})
    void whatIsBehindTheGapReachesTablesThatAreNotLoadedAgain(String ids) {
        try (var passage = following(ids)) {
            passage.sleep(Duration.ofMinutes(1)); // so that the mark is stored
            for (var i = 0; i < 20; i++) {
                passage.step(passage.pipeline());
                passage.loops().forEach(passage::step);
            }
            passage.close();
            passage.insert(passage.source, "t", "2");
            passage.source.rotateLog();
            passage.source.rotateLog();
            passage.insert(passage.source, "t", "3");
            passage.insert(passage.source, "quiet", "2");
            passage.source.purgeLog(1);

            passage.start();
            assertThatThrownBy(() -> passage.drive(passage::follows))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            stopped ->
                                    assertThat(stopped.code()).isEqualTo(ProblemCode.LOG_PURGED));
            passage.start().reloadAfterGap(QUIET);
            passage.drive(passage::follows);

            assertThat(passage.copied("t")).hasSize(3);
            assertThat(passage.copied("quiet"))
                    .as("its change behind the gap is in the log")
                    .hasSize(2);
            assertThat(passage.pipeline().decisions())
                    .anySatisfy(told -> assertThat(told).contains("loaded again: shop.t;"));
        }
    }
}
