package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.pipeline.ProjectPlan.Part;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/// Transactions that are left out, and values that the target has no form of.
class LeftOutTest extends ApartHistories {
    @Test
    void oneTransactionIsLeftOutOnce() {
        eachReplyLost(lose -> {
            tables("apply.row.errors", "stop");
            passage.start();
            passage.drive(passage::follows);
            passage.close();
            update("t", row(1, 7), row(1, 8));
            var transaction = passage.source.begin();
            transaction.update(shop("t"), row(2, 7), row(2, 8));
            transaction.insert(shop("t"), row(5, 5));
            transaction.update(shop("other"), row(2, 7), row(2, 8));
            transaction.commit();
            var id = lastTransaction();
            update("t", row(3, 7), row(3, 8));
            order(_ -> SkipOrder.of(id, "me", "now", "a bad batch").entry());
            passage.start();
            lose.run();
            passage.drive(passage::follows);

            assertThat(passage.copied("t"))
                    .containsExactlyInAnyOrder(row(1, 8), row(2, 7), row(3, 8), row(4, 7));
            assertThat(passage.copied("other")).contains(row(2, 7));
            assertThat(marks().skips())
                    .singleElement()
                    .satisfies(order -> {
                        assertThat(order.state()).isEqualTo(SkipOrder.State.DONE);
                        assertThat(order.outcome())
                                .isEqualTo("1 changes of shop.other, 2 changes of shop.t");
                    });
        });
    }

    @Test
    void aValueThatCannotBeTranslatedStopsUntilItsTransactionIsLeftOut() {
        tables("apply.row.errors", "record");
        passage.targetDialect = RefusesNines::new;
        passage.parts = EnumSet.of(Part.SCHEMA, Part.FULL, Part.INCREMENTAL);
        passage.start();
        passage.drive(passage::follows);
        update("t", row(2, 7), row(2, 9));
        var id = lastTransaction();
        update("t", row(3, 7), row(3, 8));
        update("other", row(3, 7), row(3, 8));

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("it was met in transaction " + id);
        order(_ -> SkipOrder.of(id, "me", "now", "a nine").entry());
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrder(row(1, 7), row(2, 7), row(3, 8), row(4, 7));
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
        assertThat(marks().skips())
                .singleElement()
                .satisfies(order -> assertThat(order.outcome()).isEqualTo("1 changes of shop.t"));
    }

    @Test
    void aTableWithAValueThatCannotBeTranslatedIsSetAside() {
        tables("table.errors", "aside");
        passage.targetDialect = RefusesNines::new;
        passage.start();
        passage.drive(passage::follows);
        update("t", row(2, 7), row(2, 9));
        update("other", row(3, 7), row(3, 8));
        passage.drive(passage::follows);

        assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
    }

    @Test
    void aSchemaChangeIsNotLeftOut() {
        tables("apply.row.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        passage.close();
        passage.source.execute("alter table shop.t add column b int(16)");
        var id = lastTransaction();
        order(_ -> SkipOrder.of(id, "me", "now", "why not").entry());
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("t")).isEqualTo(rows("t"));
        assertThat(marks().skips())
                .singleElement()
                .satisfies(order -> assertThat(order.state()).isEqualTo(SkipOrder.State.VOID));
    }

    @Test
    void anOrderForWhatDoesNotComeSaysNoMoreThanIsKnown() {
        tables("apply.row.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        order(_ -> SkipOrder.of("source:1", "me", "now", "why not").entry());
        passage.start();
        passage.drive(() -> {
            passage.sleep(Duration.ofMinutes(1));
            return marks().skips().getFirst().state() == SkipOrder.State.VOID;
        });

        assertThat(marks().skips().getFirst().outcome())
                .isEqualTo("no transaction with this id and with changes of the tables came");
    }
}
