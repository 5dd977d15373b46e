package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Snapshot;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Loads that a schema change voids, and loads into tables that were there.
class VoidedLoadTest {
    private final Passage passage = new Passage();

    @BeforeEach
    void tables() {
        passage.settings =
                passage.settings
                        .with(Settings.LOAD_CHUNK_ROWS, "1")
                        .with(Settings.LOAD_RELOADS, "2");
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        passage.source.execute("create table shop.other (id int(32) not null, primary (id))");
        for (var id = 1; id <= 40; id++) { // so that loading goes on
            passage.insert(passage.source, "t", "" + id, "7");
        }
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void whatAWorkerStillHoldsIsNotWrittenIntoTheTableOfTheNextLoad() {
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.LOADING);
        passage.step(passage.loop("load-0"));
        var meanwhile = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.insert") && !meanwhile.getAndSet(true)) {
                        whileOneWorkerIsAboutToInsert();
                    }
                    return Fate.DELIVERED;
                };

        passage.step(passage.loop("load-1"));
        passage.line = Line.CALM;
        passage.drive(passage::follows);

        assertThat(meanwhile).isTrue();
        assertThat(passage.copied("t")).isEqualTo(passage.source.rows(shop("t")));
    }

    /// The other worker meets an ALTER; then the rows vanish that the first one has read.
    private void whileOneWorkerIsAboutToInsert() {
        passage.source.execute("alter table shop.t drop column a");
        passage.step(passage.loop("load-0"));
        passage.source.execute("alter table shop.t add column a text(4)");
        var transaction = passage.source.begin();
        passage.source.rows(shop("t")).forEach(row -> transaction.delete(shop("t"), row));
        transaction.commit();
        for (var i = 0; i < 20; i++) {
            passage.step(passage.pipeline());
            passage.step(passage.loop("capture"));
        }
    }

    @Test
    void aTableThatIsGoneIsForgottenAlthoughTheReplyIsLost() {
        for (var id = 1; id <= 40; id++) {
            passage.insert(passage.source, "other", "" + id); // so that loading goes on
        }
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.LOADING);
        var dropped = new AtomicBoolean();
        var executed = new AtomicBoolean();
        var lost = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read") && !dropped.getAndSet(true)) {
                        passage.source.execute("drop table shop.t");
                    }
                    executed.compareAndSet(false, dropped.get() && call.equals("writer.execute"));
                    return executed.get() && call.equals("writer.commit") && !lost.getAndSet(true)
                            ? Fate.REPLY_LOST
                            : Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(lost).isTrue();
        assertThat(passage.target.definition(copy("t"))).isEmpty();
        assertThat(passage.target.definition(copy("other"))).isPresent();
    }

    /// As behind a source's log that was begun anew, or under another name.
    @Test
    void aLoadWhoseChunksWereReadInTwoLogsHasNoWindow() {
        passage.settings = passage.settings.with(Settings.LOAD_WORKERS, "1");
        var reads = new AtomicInteger();
        passage.sourceDialect = dialect -> new OtherLog(dialect, reads);
        passage.start();

        passage.drive(passage::follows);

        assertThat(generation()).isEqualTo(1);
        assertThat(passage.copied("t")).isEqualTo(passage.source.rows(shop("t")));
    }

    @Test
    void aReadThatKeepsFailingIsToldThoughTheCounterMoves() {
        passage.sourceDialect = Unreadable::new;
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.SOURCE_STATEMENT))
                .hasMessageContaining("the table is marked as crashed");
    }

    @Test
    void aDefinitionThatWasAnotherOnlyWhileItWasReadVoidsTheLoad() {
        passage.start();
        var dropped = new AtomicBoolean();
        var back = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read") && !dropped.getAndSet(true)) {
                        passage.source.execute("alter table shop.t drop column a");
                    } else if (call.equals("catalog.table")
                            && dropped.get()
                            && !back.getAndSet(true)) {
                        passage.source.execute("alter table shop.t add column a int(16)");
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(back).isTrue();
        assertThat(generation()).isEqualTo(1);
        assertThat(passage.copied("t")).isEqualTo(passage.source.rows(shop("t")));
    }

    @Test
    void loadsThatAreVoidedOneAfterTheOtherAreLimitedAndTheLastCauseIsTold() {
        passage.start();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read")) {
                        passage.source.execute("truncate table shop.t");
                    }
                    return Fate.DELIVERED;
                };

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.RELOADS_EXHAUSTED))
                .hasMessageContaining("loaded 3 times in vain")
                .hasMessageContaining("truncate table shop.t");
    }

    @Test
    void theLimitCountsOverRestartsAndAQuietLoadEndsIt() {
        passage.start();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read")) {
                        passage.source.execute("truncate table shop.t");
                    }
                    return Fate.DELIVERED;
                };
        passage.drive(() -> generation() == 2);

        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("loaded 3 times in vain");
        passage.start();
        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("loaded 4 times in vain");

        passage.line = Line.CALM;
        passage.insert(passage.source, "t", "9", "9");
        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("t")).containsExactly(Row.ofText("9", "9"));
        assertThat(mark()).contains("voided=0");
    }

    private int generation() {
        var generation = Pattern.compile("generation=(\\d+)").matcher(mark());
        return generation.find() ? Integer.parseInt(generation.group(1)) : -1;
    }

    /// What the target knows of the table, as it stands there.
    private String mark() {
        var entries = new TableName("ferry", "entry");
        return passage.target.definition(entries).isEmpty()
                ? ""
                : passage.target.rows(entries).stream()
                        .map(row -> row.text(3))
                        .filter(fact -> fact.contains("table=t\n"))
                        .findFirst()
                        .orElse("");
    }

    @Test
    void loadsOfALongLifeAreNotLimited() {
        passage.start();
        for (var i = 0; i < 4; i++) {
            passage.drive(passage::follows);
            passage.source.execute(
                    "alter table shop.t add column s" + i + " int(32) not null serial");
        }
        passage.drive(passage::follows);
        var truncated = new AtomicInteger();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read") && truncated.getAndIncrement() == 0) {
                        passage.source.execute("truncate table shop.t");
                    }
                    return Fate.DELIVERED;
                };
        passage.source.execute("alter table shop.t add column last int(32) not null serial");

        passage.drive(passage::follows);

        assertThat(truncated).hasPositiveValue();
        assertThat(passage.copied("t")).isEmpty();
    }

    @Test
    void aUniqueValueThatMovesBetweenTwoReadsIsLoadedIntoATableThatWasThere() {
        passage.settings = passage.settings.with(Settings.LOAD_WORKERS, "1");
        passage.source.execute(
                "create table shop.u (id int(32) not null, u int(16), primary (id), unique u (u))");
        passage.target.execute(
                "create table copy.u (id int(32) not null, u int(16), primary (id), unique u (u))");
        passage.insert(passage.source, "u", "5", "77");
        passage.insert(passage.source, "u", "50", "78");
        passage.start();
        var moved = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("snapshot.read")
                            && !passage.copied("u").isEmpty()
                            && !moved.getAndSet(true)) {
                        var transaction = passage.source.begin();
                        transaction.update(
                                shop("u"), Row.ofText("5", "77"), Row.ofText("105", "77"));
                        transaction.commit();
                    }
                    return Fate.DELIVERED;
                };

        passage.drive(passage::follows);

        assertThat(moved).isTrue();
        assertThat(passage.copied("u"))
                .containsExactly(Row.ofText("50", "78"), Row.ofText("105", "77"));
    }

    private static TableName shop(String table) {
        return new TableName("shop", table);
    }

    private static TableName copy(String table) {
        return new TableName("copy", table);
    }

    /// A source whose first read is told in the terms of another log.
    private static final class OtherLog extends Delegates.OfDialect {
        private final AtomicInteger reads;

        OtherLog(Dialect whole, AtomicInteger reads) {
            super(whole);
            this.reads = reads;
        }

        @Override
        public Snapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
            return new Delegates.OfSnapshot(super.snapshot(endpoint, role, settings)) {
                @Override
                public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
                    var span = super.read(table, range, batches);
                    return table.name().equals(shop("t")) && reads.getAndIncrement() == 0
                            ? new ReadSpan(span.readAt(), new FilePosition("source", 1, 10))
                            : span;
                }
            };
        }
    }

    /// A source whose table cannot be read and whose counter moves with every look.
    private static final class Unreadable extends Delegates.OfDialect {
        private final AtomicInteger looks = new AtomicInteger();

        Unreadable(Dialect whole) {
            super(whole);
        }

        @Override
        public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
            return new Delegates.OfCatalog(super.catalog(endpoint, role, settings)) {
                @Override
                public Optional<Table> table(TableName name) {
                    return super.table(name).map(this::counted);
                }

                private Table counted(Table table) {
                    var options = new HashMap<>(table.options());
                    options.put("auto_increment", "" + looks.incrementAndGet());
                    return new Table(
                            table.name(),
                            table.columns(),
                            table.keys(),
                            table.foreignKeys(),
                            options,
                            table.partitioning());
                }
            };
        }

        @Override
        public Snapshot snapshot(Endpoint endpoint, Role role, Settings settings) {
            return new Delegates.OfSnapshot(super.snapshot(endpoint, role, settings)) {
                @Override
                public ReadSpan read(Table table, KeyRange range, Consumer<List<Row>> batches) {
                    throw Toy.problem(
                            ProblemCode.SOURCE_STATEMENT,
                            "rows of " + table.name() + " cannot be read",
                            "the table is marked as crashed");
                }
            };
        }
    }
}
