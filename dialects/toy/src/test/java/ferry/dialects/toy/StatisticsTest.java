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
import java.util.Optional;
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

    private void gather(Function<Catalog, String> statement) {
        passage.targetDialect =
                dialect ->
                        new Delegates.OfDialect(dialect) {
                            @Override
                            public Catalog catalog(
                                    Endpoint endpoint, Role role, Settings settings) {
                                return telling(whole.catalog(endpoint, role, settings), statement);
                            }
                        };
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
    }

    private Catalog telling(Catalog catalog, Function<Catalog, String> statement) {
        return new Delegates.OfCatalog(catalog) {
            @Override
            public Optional<String> statistics(TableName table) {
                asked.add(table + " " + passage.target.rows(table).size());
                return Optional.of(statement.apply(this));
            }
        };
    }

    @Test
    void eachTableHasThemGatheredOnceWhenItsRowsAreThere() {
        gather(catalog -> catalog.drop(new TableName("copy", "no_table")));

        assertThat(asked).containsExactlyInAnyOrder("copy.a 2", "copy.b 2");
        assertThat(passage.retried).isEmpty();
    }

    @Test
    void aTargetThatRefusesThemStopsNothing() {
        gather(_ -> "truncate table copy.no_table");

        assertThat(asked).hasSize(2);
        assertThat(passage.retried).isEmpty();
        assertThat(passage.pipeline().certificate().orElseThrow().equal()).isTrue();
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
        gather(catalog -> catalog.drop(new TableName("copy", "no_table")));

        assertThat(lost[0]).isTrue();
        assertThat(asked).hasSize(3);
        assertThat(passage.pipeline().certificate().orElseThrow().equal()).isTrue();
    }

    @Test
    void nothingIsAskedWhereTheyAreNotWanted() {
        passage.settings = passage.settings.with(Settings.LOAD_STATISTICS, "false");
        gather(_ -> "truncate table copy.no_table");

        assertThat(asked).isEmpty();
    }
}
