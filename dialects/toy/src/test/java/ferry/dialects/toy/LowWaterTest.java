package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.model.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The low-water mark in the target passes over what concerns no selected table.
class LowWaterTest {
    private static final int STRANGERS = 30;

    private final Passage passage = new Passage();

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void whatConcernsNobodyIsNotReadAgain() {
        passage.settings = passage.settings.with(Settings.CHECKPOINT_TIME, "100ms");
        passage.tickMicros = 10_000;
        passage.selects = name -> name.table().equals("t");
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        passage.source.execute("create table shop.other (id int(32) not null, primary (id))");
        passage.insert(passage.source, "t", "1");
        passage.start();
        passage.drive(passage::follows);
        var before = storedMark();

        for (var id = 1; id <= STRANGERS; id++) {
            passage.insert(passage.source, "other", "" + id);
        }
        passage.drive(passage::follows);
        passage.drive(() -> !storedMark().equals(before) && storedMark().equals(logEnd()));

        // Another home has no change log: what it reads begins at the mark.
        passage.move();
        passage.start();
        passage.drive(passage::follows);
        assertThat(passage.pipeline().progress().transactionsCaptured()).isZero();
        passage.insert(passage.source, "t", "2");
        passage.drive(passage::follows);
        assertThat(passage.pipeline().progress().transactionsCaptured()).isOne();
        assertThat(passage.copied("t")).hasSize(2);
    }

    private String storedMark() {
        return passage.target.rows(new TableName("ferry", "lane")).stream()
                .filter(row -> row.text(1).equals("apply-0"))
                .map(row -> row.text(5))
                .findFirst()
                .orElse("");
    }

    private String logEnd() {
        try (var snapshot = passage.ends().sourceSnapshot()) {
            return snapshot.logEnd().text();
        }
    }
}
