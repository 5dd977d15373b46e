package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.model.Row;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Comparisons while apply lags: they wait for it together, not one behind the other.
class LaggingVerifyTest {
    private static final int ROWS = 20;
    private static final int RANGES = ROWS / 2 + 1; // the last one is open

    private final Passage passage = new Passage();
    private final AtomicInteger checksums = new AtomicInteger();

    @BeforeEach
    void oneWorker() {
        passage.until = Until.VERIFIED;
        passage.settings =
                passage.settings
                        .with(Settings.VERIFY_WORKERS, "1")
                        .with(Settings.VERIFY_CHUNK_ROWS, "2");
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        for (var id = 1; id <= ROWS; id++) {
            passage.insert(passage.source, "t", "" + id, "7");
        }
        passage.line =
                call -> {
                    if (call.equals("snapshot.checksum")) {
                        checksums.incrementAndGet();
                    }
                    return Fate.DELIVERED;
                };
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void rangesAreReadWhileApplyLags() {
        lag();

        assertThat(checksums).as("ranges of the source, by one worker").hasValue(RANGES);

        requireEqual();
    }

    @Test
    void asManyAsAreChosen() {
        passage.settings = passage.settings.with(Settings.VERIFY_BEGUN, "3");
        lag();

        assertThat(checksums).hasValue(3);

        requireEqual();
    }

    /// The source is written to before and behind what is read of it.
    private void lag() {
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.VERIFYING);
        updateAll("7", "8");
        allButApplyGoOn(() -> passage.pipeline().progress().waitsFor().equals("apply"));
        assertThat(passage.pipeline().progress().waitsFor()).isEqualTo("apply");
        updateAll("8", "9"); // behind what was read
        allButApplyGoOn(() -> false);
    }

    private void allButApplyGoOn(BooleanSupplier done) {
        for (var round = 0; round < 200 && !done.getAsBoolean(); round++) {
            passage.step(passage.pipeline());
            passage.loops().stream()
                    .filter(loop -> !loop.name().startsWith("apply"))
                    .forEach(passage::step);
        }
    }

    private void requireEqual() {
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
        var report = passage.pipeline().certificate().orElseThrow().tables().getFirst();
        assertThat(report.equal()).as("%s", report.differences()).isTrue();
    }

    private void updateAll(String before, String after) {
        for (var id = 1; id <= ROWS; id++) {
            var transaction = passage.source.begin();
            transaction.update(
                    passage.name(passage.source, "t"),
                    Row.ofText("" + id, before),
                    Row.ofText("" + id, after));
            transaction.commit();
        }
    }
}
