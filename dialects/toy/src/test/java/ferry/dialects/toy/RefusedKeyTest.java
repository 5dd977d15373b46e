package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.checkpoint.RefusedKey;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A unique key that the target refuses is never forgotten.
class RefusedKeyTest {
    private final Passage passage = new Passage();

    @BeforeEach
    void aTableWhoseKeyTheTargetRefuses() {
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id), unique ua (a))");
        passage.insert(passage.source, "t", "1", "7");
        passage.insert(passage.source, "t", "2", "8");
        passage.line =
                call -> {
                    // Two of its rows are equal there, as under another collation.
                    if (call.equals("writer.execute")
                            && loaded()
                            && passage.copied("t").size() == 2) {
                        passage.insert(passage.target, "t", "3", "7");
                    }
                    return Fate.DELIVERED;
                };
    }

    private boolean loaded() {
        return passage.pipeline() != null
                && passage.pipeline().stage().compareTo(Stage.CATCHING_UP) >= 0;
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void itIsToldInTheCertificateAndAgainAfterAResume() {
        passage.until = Until.VERIFIED;
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        var first = passage.pipeline().refusedKeys();
        assertThat(first).extracting(RefusedKey::object).containsExactly("ua");
        assertThat(first.getFirst().why()).contains("another row has its values in key ua");
        assertThat(passage.pipeline().certificate().orElseThrow().refusedKeys()).isEqualTo(first);
        assertThat(passage.pipeline().progress().refusedKeys())
                .containsExactly(first.getFirst().text());

        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        assertThat(passage.pipeline().refusedKeys()).isEqualTo(first);
        assertThat(passage.pipeline().certificate().orElseThrow().refusedKeys()).isEqualTo(first);
    }

    @Test
    void itIsNoLongerToldOnceSomebodyHasMadeIt() {
        passage.start();
        passage.drive(passage::follows);
        assertThat(passage.pipeline().refusedKeys()).isNotEmpty();
        var transaction = passage.target.begin(false);
        transaction.delete(passage.name(passage.target, "t"), Row.ofText("3", "7"));
        transaction.commit();
        passage.target.execute("alter table copy.t add unique ua (a)");

        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.pipeline().refusedKeys()).isEmpty();
    }

    @Test
    void itIsNotInTheWayOfLaterChangesOfItsTable() {
        passage.start();
        passage.drive(passage::follows);

        passage.source.execute(
                "alter table shop.t drop key ua, add unique ua (a), add column b int(16)");
        passage.drive(passage::follows);

        assertThat(passage.pipeline().refusedKeys()).hasSize(1);
        assertThat(copy().indexOf("b")).isEqualTo(2);
        assertThat(passage.copied("t")).as("not loaded again").hasSize(3);
    }

    @Test
    void itIsNoLongerToldOnceALaterChangeBringsIt() {
        passage.start();
        passage.drive(passage::follows);
        var transaction = passage.target.begin(false);
        transaction.delete(passage.name(passage.target, "t"), Row.ofText("3", "7"));
        transaction.commit();
        passage.line = Line.CALM;

        passage.source.execute(
                "alter table shop.t drop key ua, add unique ua (a), add column b int(16)");
        passage.drive(passage::follows);

        assertThat(copy().keys()).hasSize(2);
        assertThat(passage.pipeline().refusedKeys()).isEmpty();
        assertThat(refusedInTheTarget()).isZero();
    }

    @Test
    void itIsNoLongerToldOnceTheSourceHasDroppedItThoughTheReplyIsLost() {
        passage.start();
        passage.drive(passage::follows);
        assertThat(refusedInTheTarget()).isEqualTo(1);
        var put = new AtomicInteger();
        var lost = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.put")) {
                        put.incrementAndGet();
                    }
                    return put.get() > 0 && call.equals("writer.commit") && !lost.getAndSet(true)
                            ? Fate.REPLY_LOST
                            : Fate.DELIVERED;
                };

        passage.source.execute("alter table shop.t drop key ua, add column b int(16)");
        passage.drive(passage::follows);

        assertThat(lost).isTrue();
        assertThat(copy().keys()).hasSize(1);
        assertThat(passage.pipeline().refusedKeys()).isEmpty();
        assertThat(refusedInTheTarget()).isZero();
    }

    private long refusedInTheTarget() {
        return passage.target.rows(new TableName("ferry", "entry")).stream()
                .filter(row -> row.text(1).equals("refused"))
                .count();
    }

    @Test
    void itGoesWithTheLoadItBelongedTo() {
        passage.start();
        passage.drive(passage::follows);
        passage.line = Line.CALM;

        passage.source.execute("alter table shop.t add column s int(32) not null serial");
        passage.drive(passage::follows);

        assertThat(passage.pipeline().refusedKeys()).isEmpty();
        assertThat(copy().keys()).hasSize(2);
    }

    private Table copy() {
        return passage.target.definition(passage.name(passage.target, "t")).orElseThrow();
    }
}
