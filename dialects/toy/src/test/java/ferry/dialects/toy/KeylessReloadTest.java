package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A table without a key whose load broke off is emptied before it is loaded again, and never by
/// one transaction that holds all of its rows.
class KeylessReloadTest {
    private static final int ROWS = 30;

    private final Passage passage = new Passage();
    private final List<String> executed = new ArrayList<>();
    private int deletes;

    @BeforeEach
    void aTableWithoutAKey() {
        passage.settings =
                passage.settings
                        .with(Settings.LOAD_WORKERS, "1")
                        .with(Settings.LOAD_TRANSACTION_ROWS, "10");
        passage.source.execute("create table shop.t (a int(16), b text(4))");
        for (var i = 0; i < ROWS; i++) {
            passage.insert(passage.source, "t", "" + i, "x");
        }
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void rowsOfATableThatWasThereAreDeletedInPieces() {
        passage.target.execute("create table copy.t (a int(16), b text(4))");
        loadAgain();

        assertThat(deletes).as("two full pieces, and a look at the end").isEqualTo(3);
        assertThat(executed).isEmpty();
        assertThat(passage.copied("t")).hasSize(ROWS);
    }

    @Test
    void aTableThatIsOursIsEmptiedAtOnce() {
        loadAgain();

        assertThat(deletes).isZero();
        assertThat(executed).hasSize(1);
        assertThat(passage.copied("t")).hasSize(ROWS);
    }

    /// The connection is lost when all rows are written, and all but the last of them committed.
    private void loadAgain() {
        passage.start();
        var lost = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.put") && loading() && !lost.getAndSet(true)) {
                        return Fate.REQUEST_LOST;
                    }
                    if (lost.get() && call.equals("writer.execute")) {
                        executed.add(call);
                    }
                    deletes += call.equals("writer.deleteSome") && lost.get() ? 1 : 0;
                    return Fate.DELIVERED;
                };
        passage.drive(passage::follows);
        assertThat(lost).isTrue();
    }

    private boolean loading() {
        return passage.stands("t") && !passage.copied("t").isEmpty();
    }
}
