package ferry.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Entry;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Marks that are read from the target while others are recorded.
class MarksTest {
    private static final int READS = 50;
    private static final int RECORDED_DURING_A_READ = 2_000;

    private final Marks marks =
            new Marks(text -> {
                throw new IllegalStateException("no position expected: " + text);
            });
    private final TableName name = new TableName("shop", "t");
    private TableMark now = marks.select(TableMapping.of(name, name));

    @Test
    void whatIsRecordedDuringAReadNeverVanishesBehindIt() throws InterruptedException {
        marks.record(now);
        var wentBack = new AtomicInteger();
        var watcher = Thread.ofPlatform().start(() -> watch(wentBack));

        for (var read = 0; read < READS; read++) {
            marks.read(new OldBooks(now.entry()), "project");
        }
        watcher.interrupt();
        watcher.join();

        assertThat(generation()).isEqualTo(READS * RECORDED_DURING_A_READ);
        assertThat(wentBack).hasValue(0);
    }

    @Test
    void theVersionStaysWhereNothingChanged() {
        marks.record(now);
        var before = marks.version();

        marks.read(new OldBooks(now.entry(), 0), "project");
        assertThat(marks.version()).isEqualTo(before);

        marks.read(new OldBooks(now.again().entry(), 0), "project");
        assertThat(marks.version()).isGreaterThan(before);
        assertThat(generation()).isEqualTo(1);
    }

    private void watch(AtomicInteger wentBack) {
        var seen = 0;
        while (!Thread.currentThread().isInterrupted()) {
            var next = generation();
            if (next < seen) {
                wentBack.incrementAndGet();
            }
            seen = next;
        }
    }

    private int generation() {
        return marks.table(name).orElseThrow().generation();
    }

    /// A target that was looked at before others recorded newer generations of the table.
    private final class OldBooks implements Bookkeeping {
        private final Entry table;
        private final int recorded;

        OldBooks(Entry table) {
            this(table, RECORDED_DURING_A_READ);
        }

        OldBooks(Entry table, int recorded) {
            this.table = table;
            this.recorded = recorded;
        }

        @Override
        public List<Entry> entries(String project, String kind) {
            if (kind.equals(TableMark.KIND)) {
                for (var i = 0; i < recorded; i++) {
                    now = now.again();
                    marks.record(now);
                }
                return List.of(table);
            }
            return List.of();
        }

        @Override
        public Map<String, String> checkpoints(String project, String lanes) {
            throw new IllegalStateException("only entries are read");
        }

        @Override
        public void create() {
            throw new IllegalStateException("only entries are read");
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public Optional<Owner> owner(String project) {
            throw new IllegalStateException("only entries are read");
        }

        @Override
        public Owner takeOver(String project, String identity, boolean force) {
            throw new IllegalStateException("only entries are read");
        }

        @Override
        public LaneState lane(String project, String lane, long epoch) {
            throw new IllegalStateException("only entries are read");
        }

        @Override
        public void forget(String project) {
            throw new IllegalStateException("only entries are read");
        }

        @Override
        public void close() {}
    }
}
