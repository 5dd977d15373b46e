package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// A statement that commits by itself is fenced by no row: it must not run behind its owner's back.
class LateStatementTest {
    @Test
    void aTruncateThatTheServerHoldsWhenItsConnectionIsLostNeverRunsLater() {
        try (var passage = new Passage()) {
            passage.source.execute(
                    "create table shop.t (id int(32) not null, a int(16), primary (id))");
            passage.insert(passage.source, "t", "1", "7");
            passage.start();
            passage.drive(passage::follows);
            var late = new AtomicBoolean();
            passage.line =
                    call ->
                            call.equals("writer.execute") && !late.getAndSet(true)
                                    ? Fate.LATE
                                    : Fate.DELIVERED;

            passage.source.execute("truncate table shop.t");
            passage.insert(passage.source, "t", "2", "8");
            passage.drive(passage::follows);
            assertThat(passage.target.lateCalls()).isPositive();
            while (passage.target.lateCalls() > 0) {
                passage.target.executeLate(0);
            }

            assertThat(passage.copied("t")).hasSize(1);
        }
    }
}
