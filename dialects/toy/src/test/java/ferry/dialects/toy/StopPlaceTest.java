package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.apply.Apply;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Checkpoint.Begun;
import ferry.engine.checkpoint.Lane;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Endpoint;
import ferry.engine.model.NamedPlace;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.pipeline.ProjectPlan.Bounds;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that ends at a place of the source's log: all before it is in the target, nothing behind.
final class StopPlaceTest {
    private final Passage passage = new Passage();

    @BeforeEach
    void loadsTenRows() {
        for (var server : new ToyServer[] {passage.source, passage.target}) {
            server.execute(
                    "create table %s.t (id int(64) not null, name text(10), primary (id))"
                            .formatted(server == passage.source ? "shop" : "copy"));
        }
        passage.target.execute("drop table copy.t");
        insert(1, 10);
        passage.start();
        passage.drive(passage::follows);
    }

    @AfterEach
    void close() {
        passage.close();
    }

    private void insert(int from, int to) {
        for (var id = from; id <= to; id++) {
            passage.sourceMicros += 1_000_000;
            passage.insert(passage.source, "t", "" + id, "row");
        }
    }

    private void stopsAt(NamedPlace place) {
        passage.bounds = new Bounds(Optional.empty(), Optional.of(place));
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
    }

    private NamedPlace afterNow() {
        try (var snapshot = passage.ends().sourceSnapshot()) {
            return new NamedPlace.InLog(snapshot.logEnd().text());
        }
    }

    private static NamedPlace at(long micros) {
        var time = Instant.ofEpochSecond(0, micros * 1_000);
        return new NamedPlace.AtTime(time, time.toString());
    }

    private void holdsRowsUpTo(int last) {
        assertThat(
                        passage.copied("t").stream()
                                .map(row -> Integer.valueOf(row.shown(0).replace("'", "")))
                                .sorted())
                .isEqualTo(IntStream.rangeClosed(1, last).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {ToyDialect.GLOBAL_IDS, ToyDialect.FILES})
    void nothingBehindAPlaceIsApplied(String ids) {
        try (var other = new Passage()) {
            other.ids = ids;
            other.source.execute(
                    "create table shop.t (id int(64) not null, name text(10), primary (id))");
            other.start();
            other.drive(other::follows);
            for (var id = 0; id < 5; id++) {
                other.insert(other.source, "t", "" + id, "row");
            }
            NamedPlace place;
            try (var snapshot = other.ends().sourceSnapshot()) {
                place = new NamedPlace.InLog(snapshot.logEnd().text());
            }
            for (var id = 5; id < 10; id++) {
                other.insert(other.source, "t", "" + id, "row");
            }

            other.bounds = new Bounds(Optional.empty(), Optional.of(place));
            other.start();
            other.drive(() -> other.pipeline().stage() == Stage.FINISHED);

            assertThat(other.copied("t")).hasSize(5);
            assertThat(other.pipeline().stoppedAt()).isPresent();
        }
    }

    @Test
    void aLaterStopGoesOnAndAnEarlierOneIsRefused() {
        insert(11, 13);
        var first = afterNow();
        insert(14, 16);
        var second = afterNow();
        insert(17, 19);

        stopsAt(first);
        holdsRowsUpTo(13);
        stopsAt(first);
        holdsRowsUpTo(13);
        stopsAt(second);
        holdsRowsUpTo(16);
        assertThatThrownBy(() -> stopsAt(first))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.PLACE_REFUSED));
        holdsRowsUpTo(16);

        passage.bounds = Bounds.NONE;
        passage.start();
        passage.drive(passage::follows);
        holdsRowsUpTo(19);
        assertThatThrownBy(() -> stopsAt(second))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("reaches further already");
    }

    /// The source may have dropped the file, and another server means another place by it.
    @Test
    void theSameStopIsNotLookedForAgain() {
        insert(11, 13);
        var stop = afterNow();
        insert(14, 16);
        stopsAt(stop);
        passage.sourceDialect =
                dialect ->
                        new Delegates.OfDialect(dialect) {
                            @Override
                            public Position place(
                                    Endpoint source, NamedPlace place, Settings settings) {
                                throw ProblemException.of(
                                        ProblemCode.PLACE_REFUSED,
                                        "the place is not known",
                                        "its file was dropped",
                                        "name another");
                            }
                        };

        stopsAt(stop);

        holdsRowsUpTo(13);
    }

    @Test
    void aStopIsMovedOverWhatConcernsNobody() {
        passage.source.execute("create table other.o (id int(64) not null, primary (id))");
        insert(11, 13);
        var first = afterNow();
        stopsAt(first);
        passage.close();
        others(0, 4);
        var second = afterNow();
        others(5, 9);
        var read = passage.ends().position(afterNow().text());
        stores(checkpoint -> checkpoint.raisedTo(read)); // nothing of it concerns the project

        stopsAt(second);

        holdsRowsUpTo(13);
        assertThatThrownBy(() -> stopsAt(first)).hasMessageContaining("reaches further already");
    }

    /// Stores how far apply is, as a process that was killed left it.
    private void stores(UnaryOperator<Checkpoint> left) {
        var ends = passage.ends();
        var checkpoint = left.apply(Apply.checkpoint(ends).orElseThrow());
        long epoch;
        try (var bookkeeping = ends.bookkeeping()) {
            var identity = bookkeeping.owner(ends.project()).orElseThrow().identity();
            epoch = bookkeeping.takeOver(ends.project(), identity, true).epoch();
        }
        try (var lane = new Lane(ends, Apply.LANE, epoch)) {
            lane.open();
            lane.transaction(checkpoint.text(), _ -> {});
        }
    }

    @Test
    void aStopBeforeATransactionThatIsHalfInTheTargetIsRefused() {
        passage.close();
        var stop = afterNow();
        var next = new TransactionId("source:" + (number(stop) + 1));
        stores(checkpoint -> checkpoint.with(new Begun(next, 3)));

        assertThatThrownBy(() -> stopsAt(stop))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.PLACE_REFUSED))
                .hasMessageContaining("a part of a large transaction");
    }

    private void others(int from, int to) {
        for (var id = from; id <= to; id++) {
            var other = passage.source.begin(false);
            other.insert(new TableName("other", "o"), Row.ofText("" + id));
            other.commit();
        }
    }

    private static long number(NamedPlace place) {
        return Long.parseLong(place.text().substring(place.text().lastIndexOf('-') + 1));
    }

    @Test
    void aTimeEndsTheRunBeforeTheFirstLaterTransaction() {
        insert(11, 13);
        var time = passage.sourceMicros;
        insert(14, 16);

        stopsAt(at(time));
        holdsRowsUpTo(13);
        stopsAt(at(time + 2_500_000));
        holdsRowsUpTo(15);
        assertThatThrownBy(() -> stopsAt(at(time + 1)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("reaches further already");
    }

    @Test
    void aTimeThatIsStillToComeIsWaitedForAlsoWhereNothingFollows() {
        insert(11, 12);
        passage.bounds =
                new Bounds(Optional.empty(), Optional.of(at(passage.sourceMicros + 5_000_000)));
        passage.start();
        for (var i = 0; i < 500; i++) {
            passage.step(passage.pipeline());
            passage.loops().forEach(passage::step);
            passage.tickMicros = 100_000;
        }
        assertThat(passage.pipeline().stage()).isEqualTo(Stage.CATCHING_UP);

        insert(13, 13);
        passage.sourceMicros += 10_000_000;
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        holdsRowsUpTo(13);
    }

    @Test
    void aStopInsideTheLoadIsRefused() {
        try (var other = new Passage()) {
            other.source.execute(
                    "create table shop.t (id int(64) not null, name text(10), primary (id))");
            other.insert(other.source, "t", "1", "row");
            other.bounds =
                    new Bounds(
                            Optional.empty(), Optional.of(new NamedPlace.InLog("gtid:source:1-1")));
            other.start();

            assertThatThrownBy(() -> other.drive(() -> other.pipeline().stage() == Stage.FINISHED))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("reaches further already");
        }
    }

    @Test
    void aStopInsideTheWindowIsRefused() {
        try (var other = new Passage()) {
            other.source.execute(
                    "create table shop.t (id int(64) not null, name text(10), primary (id))");
            for (var id = 1; id <= 9; id++) {
                other.insert(other.source, "t", "" + id, "row");
            }
            other.bounds =
                    new Bounds(
                            Optional.empty(),
                            Optional.of(new NamedPlace.InLog("gtid:source:1-12")));
            other.start();
            other.drive(() -> other.pipeline().stage() == Stage.SCHEMA);
            for (var id = 10; id <= 15; id++) {
                other.insert(other.source, "t", "" + id, "row");
            }

            assertThatThrownBy(() -> other.drive(() -> other.pipeline().stage() == Stage.FINISHED))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("cannot stop at");
        }
    }

    @Test
    void placesAreReadAsOperatorsWriteThem() {
        assertThat(NamedPlace.parse("2026-01-31 12:00:00 Europe/Berlin"))
                .isEqualTo(
                        new NamedPlace.AtTime(
                                Instant.parse("2026-01-31T11:00:00Z"),
                                "2026-01-31 12:00:00 Europe/Berlin"));
        assertThat(((NamedPlace.AtTime) NamedPlace.parse("2026-01-31T12:00:00.5+02:00")).time())
                .isEqualTo(Instant.parse("2026-01-31T10:00:00.5Z"));
        assertThat(
                        NamedPlace.parse(
                                        "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,\n 4e11fa47-71ca-11e1-9e33-c80aa9429562:7")
                                .text())
                .isEqualTo(
                        "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,4e11fa47-71ca-11e1-9e33-c80aa9429562:7");
        assertThat(NamedPlace.parse("binlog.000003:1234")).isInstanceOf(NamedPlace.InLog.class);
        assertThat(NamedPlace.parse("0-1-5,1-1-9")).isInstanceOf(NamedPlace.InLog.class);
        assertThatThrownBy(() -> NamedPlace.parse("2026-01-31 12:00:00"))
                .hasMessageContaining("names no zone");
        assertThatThrownBy(() -> NamedPlace.parse("2026-01-31 12:00:00 Mars/Crater"))
                .hasMessageContaining("is no time");
        assertThatThrownBy(() -> NamedPlace.parse("tomorrow")).hasMessageContaining("neither");
    }
}
