package ferry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.LogReader;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What the contract's tests share: short words for the roles of a [Lab].
public abstract class LabTest {
    static final String PROJECT = "contract";
    static final String IDENTITY = "contract-identity";
    static final String LANE = "lane-0";
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    Lab lab;

    /// A fresh laboratory; closed after each test.
    protected abstract Lab newLab();

    @BeforeEach
    void openLab() {
        lab = newLab();
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    Dialect dialect() {
        return lab.dialect();
    }

    boolean can(Ability ability) {
        return dialect().abilities(lab.source().type()).contains(ability);
    }

    Snapshot source() {
        return dialect().snapshot(lab.source(), Role.SOURCE, lab.settings());
    }

    Snapshot target() {
        return dialect().snapshot(lab.target(), Role.TARGET, lab.settings());
    }

    LogReader log(Position after) {
        return dialect().log(lab.source(), after, lab.settings());
    }

    Writer writer() {
        return dialect().writer(lab.target(), lab.settings());
    }

    Bookkeeping bookkeeping() {
        var bookkeeping = dialect().bookkeeping(lab.target(), lab.settings());
        bookkeeping.create();
        return bookkeeping;
    }

    /// Owns the project and opens a lane.
    Fence fence() {
        try (var bookkeeping = bookkeeping()) {
            var epoch = bookkeeping.takeOver(PROJECT, IDENTITY, true).epoch();
            return bookkeeping.lane(PROJECT, LANE, epoch).fence();
        }
    }

    /// Creates the table at the source and reads its definition.
    Table createAtSource(Sample sample) {
        lab.create(sample.table());
        return definition(sample.table().name());
    }

    Table definition(TableName name) {
        try (var catalog = dialect().catalog(lab.source(), Role.SOURCE, lab.settings())) {
            return catalog.table(name).orElseThrow();
        }
    }

    void insertAtSource(Sample sample) {
        lab.commit(sample.table(), sample.rows().stream().<Change>map(Change.Insert::new).toList());
    }

    /// Creates the table at the target as planned, with all its keys, and reads its definition.
    Table createAtTarget(Fence fence, Table source) {
        try (var catalog = dialect().catalog(lab.target(), Role.TARGET, lab.settings());
                var writer = writer()) {
            var plan = catalog.plan(source, lab.atTarget(source.name()));
            writer.begin(fence, "");
            writer.commit();
            plan.create().forEach(writer::execute);
            plan.laterKeys().forEach(build -> writer.execute(build.statement()));
            plan.afterAll().forEach(build -> writer.execute(build.statement()));
            return catalog.table(plan.table().name()).orElseThrow();
        }
    }

    Sample sample(Predicate<Sample> wanted) {
        return lab.samples().stream().filter(wanted).findFirst().orElseThrow();
    }

    Sample keyed() {
        return sample(sample ->
                sample.table().rowKey().isPresent()
                        && sample.table().secondaryUniqueKeys().isEmpty()
                        && sample.rows().size() >= 5);
    }

    Sample keyless() {
        return sample(sample -> sample.table().rowKey().isEmpty() && sample.rows().size() >= 2);
    }

    static List<Row> read(Snapshot snapshot, Table table, KeyRange range) {
        var rows = new ArrayList<Row>();
        snapshot.read(table, range, rows::addAll);
        return rows;
    }

    static List<Row> readExactly(Snapshot snapshot, Table table) {
        var rows = new ArrayList<Row>();
        snapshot.readExactly(table, rows::addAll);
        return rows;
    }

    /// All rows of a table, at an end whose positions do not matter.
    static List<Row> rowsAt(Snapshot snapshot, Table table) {
        var rows = new ArrayList<Row>();
        snapshot.readRange(table, KeyRange.ALL, rows::addAll);
        return rows;
    }

    static Row key(Table table, Row row) {
        return row.project(table.rowKeyIndexes());
    }

    /// Reads events until `last` is seen; it is the last of the list. Progress is left out, unless
    /// it is what is waited for.
    static List<LogEvent> readUntil(LogReader log, Predicate<LogEvent> last) {
        var events = new ArrayList<LogEvent>();
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            assertThat(Instant.now()).as("seen until now: %s", events).isBefore(deadline);
            var event = log.next(WAIT);
            if (last.test(event)) {
                events.add(event);
                return events;
            }
            if (!(event instanceof LogEvent.Progress)) {
                events.add(event);
            }
        }
    }

    /// Reads until a transaction has ended that brought rows.
    static List<LogEvent> nextTransactionWithRows(LogReader log) {
        while (true) {
            var events = readUntil(log, event -> event instanceof LogEvent.Commit);
            if (events.stream().anyMatch(event -> event instanceof LogEvent.Rows)) {
                return events;
            }
        }
    }

    static List<Change> changes(List<LogEvent> events) {
        return events.stream()
                .filter(event -> event instanceof LogEvent.Rows)
                .flatMap(event -> ((LogEvent.Rows) event).changes().stream())
                .toList();
    }

    static void assertRefused(ProblemCode code, Runnable work) {
        var thrown = catchThrowable(work::run);
        assertThat(thrown).isInstanceOf(ProblemException.class);
        assertThat(((ProblemException) thrown).code()).as(thrown.getMessage()).isEqualTo(code);
    }
}
