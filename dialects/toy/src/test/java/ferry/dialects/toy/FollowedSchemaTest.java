package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.problem.ProblemException;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Schema changes behind the windows: interrupted ones, and ones that the target refuses.
class FollowedSchemaTest {
    private static final String SEVERAL =
            "alter table shop.t add column b int(16), add column c int(16), add unique ub (b)";

    private final Passage passage = new Passage();

    @BeforeEach
    void aTable() {
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        passage.insert(passage.source, "t", "1", "7");
        passage.insert(passage.source, "t", "2", "8");
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void aStatementOfSeveralActionsGoesOnBehindOneThatFailed() {
        passage.start();
        passage.drive(passage::follows);
        var executed = new AtomicInteger();
        passage.line =
                call ->
                        call.equals("writer.execute") && executed.incrementAndGet() == 2
                                ? Fate.REQUEST_LOST
                                : Fate.DELIVERED;

        passage.source.execute(SEVERAL);
        passage.drive(passage::follows);

        requireSameDefinition();
        assertThat(executed).as("each once, and the lost one again").hasValue(4);
    }

    @Test
    void aStatementOfSeveralActionsGoesOnBehindOneThatWasDone() {
        passage.start();
        passage.drive(passage::follows);
        var executed = new AtomicInteger();
        var lost = new AtomicInteger();
        passage.line =
                call -> {
                    if (call.equals("writer.execute")) {
                        executed.incrementAndGet();
                    }
                    return call.equals("writer.begin")
                                    && executed.get() == 1
                                    && lost.getAndIncrement() == 0
                            ? Fate.REQUEST_LOST
                            : Fate.DELIVERED;
                };

        passage.source.execute(SEVERAL);
        passage.drive(passage::follows);

        requireSameDefinition();
        assertThat(executed).as("each once").hasValue(3);
    }

    @Test
    void aProcessThatDiesBetweenTwoStatementsLosesNone() {
        passage.start();
        passage.drive(passage::follows);
        passage.line =
                new Line() {
                    @Override
                    public Fate before(String call) {
                        return Fate.DELIVERED;
                    }

                    @Override
                    public void after(String call) {
                        if (call.equals("writer.execute")) {
                            throw new IllegalStateException("killed");
                        }
                    }
                };
        passage.source.execute(SEVERAL);
        assertThatThrownBy(() -> passage.drive(passage::follows)).hasMessage("killed");

        passage.line = Line.CALM;
        passage.start();
        passage.drive(passage::follows);

        requireSameDefinition();
    }

    @Test
    void aTableIsLoadedAgainWhenTheTargetRefusesAChange() {
        passage.start();
        passage.drive(passage::follows);
        // Two rows of the target are equal where the source's are not, as under another collation.
        var transaction = passage.target.begin(false);
        transaction.update(
                passage.name(passage.target, "t"), Row.ofText("2", "8"), Row.ofText("2", "7"));
        transaction.commit();

        passage.source.execute("alter table shop.t add unique ua (a)");
        passage.insert(passage.source, "t", "3", "9");
        passage.drive(passage::follows);

        requireSameDefinition();
        assertThat(passage.copied("t"))
                .isEqualTo(passage.source.rows(passage.name(passage.source, "t")));
    }

    @Test
    void aRefusedChangeOfATableThatCannotBeLoadedAgainIsAProblem() {
        passage.parts = EnumSet.of(Part.SCHEMA, Part.INCREMENTAL);
        passage.start();
        passage.drive(passage::follows);
        passage.insert(passage.target, "t", "11", "1");
        passage.insert(passage.target, "t", "12", "1");

        passage.source.execute("alter table shop.t add unique ua (a)");

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("a schema change of shop.t could not be followed")
                .hasMessageContaining("another row has its values in key ua");
        assertThat(passage.copied("t")).hasSize(2);
    }

    private void requireSameDefinition() {
        var there = passage.source.definition(passage.name(passage.source, "t")).orElseThrow();
        var here = passage.target.definition(passage.name(passage.target, "t")).orElseThrow();
        assertThat(here.columns()).isEqualTo(there.columns());
        assertThat(here.keys().stream().map(Key::name).toList())
                .isEqualTo(there.keys().stream().map(Key::name).toList());
    }
}
