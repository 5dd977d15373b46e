package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.Marks;
import ferry.engine.config.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tables take turns: a large one does not keep small ones waiting.
class LoadTurnsTest {
    private static final int ROWS = 40;

    private final Passage passage = new Passage();

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void smallTablesAreLoadedBetweenTheChunksOfALargeOne() {
        passage.settings =
                passage.settings
                        .with(Settings.LOAD_WORKERS, "1")
                        .with(Settings.LOAD_CHUNK_ROWS, "1");
        table("a_large_one", ROWS);
        table("small", 2);
        table("tiny", 1);
        passage.start();

        passage.drive(() -> isCopied("small", 2) && isCopied("tiny", 1));

        assertThat(passage.copied("a_large_one")).hasSizeBetween(1, 5);
        passage.drive(passage::follows);
        assertThat(passage.copied("a_large_one")).hasSize(ROWS);
        assertThat(Marks.known(passage.ends()).orElseThrow().areExact()).isTrue();
    }

    private boolean isCopied(String table, int rows) {
        return passage.stands(table) && passage.copied(table).size() == rows;
    }

    private void table(String name, int rows) {
        passage.source.execute(
                "create table shop." + name + " (id int(32) not null, primary (id))");
        for (var id = 1; id <= rows; id++) {
            passage.insert(passage.source, name, "" + id);
        }
    }
}
