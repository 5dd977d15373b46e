package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.model.Row;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.verify.Difference;
import ferry.engine.verify.TableReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Verification with memory for six rows compares two hundred as exactly as with memory for all.
class VerifyMemoryTest {
    private static final int ROWS = 200;

    private final Passage passage = new Passage();

    /// A table for each way of comparing.
    private enum Shape {
        RANGES("(id int(32) not null, v text(8), primary (id))"),
        BUCKETS("(id text(8) odd not null, v text(8), primary (id))"),
        WHOLE("(id int(32), v text(8))");

        private final String columns;

        Shape(String columns) {
            this.columns = columns;
        }
    }

    @BeforeEach
    void smallMemory() {
        passage.until = Until.VERIFIED;
        passage.settings =
                passage.settings
                        .with(Settings.VERIFY_MEMORY_BYTES, "1KiB")
                        .with(Settings.APPLY_BATCH_ROWS, "3");
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyDifferenceIsFoundOnceAndCorrected(Shape shape) {
        fill(shape);
        run();
        damage();

        var damaged = run();

        assertThat(damaged.equal()).isFalse();
        assertThat(damaged.differences().stream().map(VerifyMemoryTest::text).sorted().toList())
                .isEqualTo(damages(shape));
        assertThat(damaged.rows()).as("each row counts once").isEqualTo(ROWS);

        passage.corrects = true;
        assertThat(run().equal()).isTrue();
        assertThat(passage.copied("t"))
                .containsExactlyInAnyOrderElementsOf(
                        passage.source.rows(passage.name(passage.source, "t")));
    }

    @ParameterizedTest
    @EnumSource
    void whatChangesBetweenTheTwoReadsIsSettled(Shape shape) {
        fill(shape);
        run();
        var reads = new AtomicInteger();
        // Unequal ranges are read again, so there the place is what lies before the change; else
        // the source was read, and the target comes next.
        var before = shape == Shape.RANGES ? 1 : 2;
        passage.line =
                call -> {
                    if (isRead(shape, call) && reads.incrementAndGet() == before) {
                        changeEveryOther();
                        applyAll();
                    }
                    return Fate.DELIVERED;
                };

        var report = run();

        assertThat(reads).hasValueGreaterThanOrEqualTo(2);
        assertThat(report.equal()).as("%s", report.differences()).isTrue();
        if (shape != Shape.WHOLE) {
            assertThat(report.settledKeys()).isGreaterThanOrEqualTo(ROWS / 2);
        }
    }

    private static boolean isRead(Shape shape, String call) {
        return switch (shape) {
            case RANGES -> call.equals("snapshot.checksum");
            case BUCKETS -> call.equals("snapshot.checksums");
            case WHOLE -> call.equals("snapshot.readExactly") || call.equals("snapshot.readBucket");
        };
    }

    private void fill(Shape shape) {
        passage.source.execute("create table shop.t " + shape.columns);
        var transaction = passage.source.begin(false);
        for (var id = 1; id <= ROWS; id++) {
            transaction.insert(passage.name(passage.source, "t"), row(id, "a"));
        }
        transaction.commit();
    }

    private TableReport run() {
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
        return passage.pipeline().certificate().orElseThrow().tables().getFirst();
    }

    /// Forty rows are changed, forty are gone and forty are too many.
    private void damage() {
        var table = passage.name(passage.target, "t");
        var transaction = passage.target.begin(false);
        for (var id = 1; id <= 40; id++) {
            transaction.update(table, row(id, "a"), row(id, "b"));
            transaction.delete(table, row(id + 40, "a"));
            transaction.insert(table, row(id + ROWS, "c"));
        }
        transaction.commit();
    }

    private static List<String> damages(Shape shape) {
        var texts = new ArrayList<String>();
        for (var id = 1; id <= 40; id++) {
            if (shape == Shape.WHOLE) {
                texts.add("MASTER_ONLY " + row(id, "a"));
                texts.add("IMAGE_ONLY " + row(id, "b"));
                texts.add("MASTER_ONLY " + row(id + 40, "a"));
                texts.add("IMAGE_ONLY " + row(id + ROWS, "c"));
            } else {
                texts.add("MISMATCHED " + Row.ofText("" + id));
                texts.add("MASTER_ONLY " + Row.ofText("" + (id + 40)));
                texts.add("IMAGE_ONLY " + Row.ofText("" + (id + ROWS)));
            }
        }
        return texts.stream().sorted().toList();
    }

    private static String text(Difference difference) {
        return difference.kind() + " " + difference.key();
    }

    private void changeEveryOther() {
        var table = passage.name(passage.source, "t");
        var transaction = passage.source.begin(false);
        for (var id = 2; id <= ROWS; id += 2) {
            transaction.update(table, row(id, "a"), row(id, "n"));
        }
        transaction.commit();
    }

    private void applyAll() {
        for (var i = 0; i < 500; i++) {
            passage.loops().stream()
                    .filter(loop ->
                            loop.name().equals("capture") || loop.name().startsWith("apply"))
                    .forEach(passage::step);
        }
    }

    private static Row row(int id, String value) {
        return Row.ofText("" + id, value);
    }
}
