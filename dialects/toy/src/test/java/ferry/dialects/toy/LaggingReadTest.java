package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rows are loaded over an address that leads to several servers, of which one is behind: it shows
/// neither the rows nor the table of late, and says so.
class LaggingReadTest {
    private final Passage passage = new Passage();
    private final AtomicInteger asked = new AtomicInteger(); // of a server that is behind
    private final List<String> planned = new ArrayList<>(); // there
    private boolean leadsToLagging;
    private boolean changesWithinConnection;

    @AfterEach
    void end() {
        passage.close();
    }

    private void begin() {
        passage.settings =
                passage.settings
                        .with(Settings.LOAD_WORKERS, "1")
                        .with(Settings.LOAD_CHUNK_ROWS, "1");
        passage.sourceDialect =
                dialect ->
                        new Delegates.OfDialect(dialect) {
                            @Override
                            public Snapshot snapshot(
                                    Endpoint endpoint, Role role, Settings settings) {
                                return new Lagging(super.snapshot(endpoint, role, settings));
                            }
                        };
        passage.source.execute("create table shop.t (id int(64) not null, primary (id))");
        for (var id = 0; id < 5; id++) {
            passage.insert(passage.source, "t", "" + id);
        }
        passage.start();
    }

    /// Behind until it was asked a few times.
    private final class Lagging extends Delegates.OfSnapshot {
        private final boolean lagging = leadsToLagging;

        private Lagging(Snapshot whole) {
            super(whole);
        }

        private boolean behind(boolean isAsked) {
            return lagging && (isAsked ? asked.incrementAndGet() : asked.get()) < 5;
        }

        @Override
        public Position committed() {
            return behind(true) ? GtidPosition.NONE : super.committed();
        }

        @Override
        public Optional<Row> keyAfter(Table table, Optional<Row> after, long rows) {
            if (behind(false)) {
                planned.add(table.name().toString());
                return Optional.empty();
            }
            return super.keyAfter(table, after, rows);
        }

        @Override
        public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
            if (behind(false) || changesWithinConnection && asked.incrementAndGet() == 2) {
                return new ReadSpan(GtidPosition.NONE, super.logEnd()); // sees nothing
            }
            return super.read(table, range, batches);
        }
    }

    @Test
    void aNewConnectionProvesAgainThatItShowsWhatCaptureSkips() {
        begin();
        var lost = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read")
                            && passage.stands("t")
                            && passage.copied("t").size() == 2
                            && !lost.getAndSet(true)) {
                        leadsToLagging = true;
                        return Fate.REQUEST_LOST;
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(lost).isTrue();
        assertThat(asked.get()).isGreaterThanOrEqualTo(5);
        assertThat(planned).as("chunks planned where the table may not exist yet").isEmpty();
        assertThat(passage.copied("t")).hasSize(5);
    }

    @Test
    void aChunkThatAServerBehindShowedIsNotKept() {
        changesWithinConnection = true;
        begin();

        passage.drive(passage::follows);

        assertThat(passage.retried)
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessageContaining("is behind"));
        assertThat(passage.copied("t")).hasSize(5);
    }
}
