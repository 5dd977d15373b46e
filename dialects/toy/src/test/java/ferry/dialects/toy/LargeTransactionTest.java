package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.model.Row;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A transaction that is larger than the memory for it is written in pieces, and people see it.
class LargeTransactionTest {
    private static final int CHANGES = 80;

    private final Passage passage = new Passage();

    @AfterEach
    void end() {
        passage.close();
    }

    /// Whole, and split into several target transactions.
    @ParameterizedTest
    @ValueSource(strings = {"0", "1KiB"})
    void progressTellsWhileItIsWrittenHowManyOfItsChangesHaveCome(String splitBytes) {
        passage.settings =
                passage.settings
                        .with(Settings.APPLY_HELD_BYTES, "1KiB")
                        .with(Settings.APPLY_BATCH_ROWS, "10")
                        .with(Settings.APPLY_SPLIT_BYTES, splitBytes);
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        passage.start();
        passage.drive(passage::follows);
        insertAtOnce();
        var told = new ArrayList<Integer>();
        var applied = new ArrayList<Long>();
        passage.line =
                call -> {
                    if (call.equals("writer.apply")) {
                        var progress = passage.pipeline().progress();
                        told.add(changes(progress.waitsFor()));
                        applied.add(progress.changesApplied());
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(told)
                .hasSizeGreaterThan(5)
                .isSorted()
                .doesNotHaveDuplicates()
                .startsWith(10)
                .endsWith(CHANGES);
        assertThat(applied).isSorted().doesNotHaveDuplicates();
        assertThat(passage.pipeline().progress().waitsFor()).isEmpty();
        assertThat(passage.copied("t")).hasSize(CHANGES);
    }

    private void insertAtOnce() {
        var transaction = passage.source.begin(false);
        for (var id = 1; id <= CHANGES; id++) {
            transaction.insert(passage.name(passage.source, "t"), Row.ofText("" + id));
        }
        transaction.commit();
    }

    private static int changes(String waitsFor) {
        var words = "a large transaction, (\\d+) changes so far";
        assertThat(waitsFor).matches(words);
        return Integer.parseInt(waitsFor.replaceFirst(words, "$1"));
    }
}
