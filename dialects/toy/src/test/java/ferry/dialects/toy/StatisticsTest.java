package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Statistics are gathered once behind each load, and whatever becomes of that stops nothing.
class StatisticsTest {
    private final Passage passage = new Passage();
    private final List<String> asked = new ArrayList<>(); // with the rows that were there

    @BeforeEach
    void twoTables() {
        for (var table : List.of("a", "b")) {
            passage.source.execute(
                    "create table shop.%s (id int(32) not null, primary (id))".formatted(table));
            passage.insert(passage.source, table, "1");
            passage.insert(passage.source, table, "2");
        }
        passage.until = Until.VERIFIED;
    }

    @AfterEach
    void end() {
        passage.close();
    }

    private void gather(Function<Catalog, List<String>> statements) {
        passage.targetDialect =
                dialect ->
                        new Delegates.OfDialect(dialect) {
                            @Override
                            public Catalog catalog(
                                    Endpoint endpoint, Role role, Settings settings) {
                                return telling(whole.catalog(endpoint, role, settings), statements);
                            }
                        };
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
    }

    private Catalog telling(Catalog catalog, Function<Catalog, List<String>> statements) {
        return new Delegates.OfCatalog(catalog) {
            @Override
            public List<String> statistics(TableName table, long rows) {
                asked.add("%s %d of %d".formatted(table, passage.target.rows(table).size(), rows));
                return statements.apply(this);
            }
        };
    }

    @Test
    void eachTableHasThemGatheredOnceWhenItsRowsAreThere() {
        gather(catalog -> List.of(catalog.drop(new TableName("copy", "no_table"))));

        assertThat(asked).containsExactlyInAnyOrder("copy.a 2 of 2", "copy.b 2 of 2");
        assertThat(passage.retried).isEmpty();
    }

    @Test
    void aTargetThatRefusesThemStopsNothing() {
        gather(_ -> List.of("truncate table copy.no_table"));

        assertThat(asked).hasSize(2);
        assertThat(passage.retried).isEmpty();
        assertThat(passage.pipeline().certificate().orElseThrow().equal()).isTrue();
    }

    @Test
    void theNextStatementIsForAServerThatRefusesTheOneBefore() {
        for (var table : List.of("second", "third")) {
            passage.target.execute(
                    "create table copy.%s (id int(32) not null, primary (id))".formatted(table));
        }
        gather(catalog ->
                List.of(
                        "truncate table copy.no_table",
                        catalog.drop(new TableName("copy", "second")),
                        catalog.drop(new TableName("copy", "third"))));

        assertThat(passage.target.tableNames())
                .contains(new TableName("copy", "third"))
                .doesNotContain(new TableName("copy", "second"));
    }

    @Test
    void aConnectionThatIsLostMeanwhileIsOpenedAnew() {
        var lost = new boolean[1];
        passage.line =
                call -> {
                    var cut = call.equals("writer.execute") && !asked.isEmpty() && !lost[0];
                    lost[0] |= cut;
                    return cut ? Line.Fate.REPLY_LOST : Line.Fate.DELIVERED;
                };
        gather(catalog -> List.of(catalog.drop(new TableName("copy", "no_table"))));

        assertThat(lost[0]).isTrue();
        assertThat(asked).hasSize(3);
        assertThat(passage.pipeline().certificate().orElseThrow().equal()).isTrue();
    }

    @Test
    void nothingIsAskedWhereTheyAreNotWanted() {
        passage.settings = passage.settings.with(Settings.LOAD_STATISTICS, "false");
        gather(_ -> List.of("truncate table copy.no_table"));

        assertThat(asked).isEmpty();
    }
}
