package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Entry;
import ferry.engine.dialect.RowTranslation;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/// What tests of what stands apart from an ordinary migration have in common. Where something is
/// decided it is decided once, whichever reply of the target is lost, and whether the process dies
/// of it or not.
abstract class ApartHistories {
    private static final int REPLIES = 12; // of which each is lost once, behind what is tested

    Passage passage = new Passage();

    @AfterEach
    void end() {
        passage.close();
    }

    void tables(String setting, String value) {
        passage.settings =
                Settings.defaults()
                        .with(Settings.LOAD_WORKERS, "2")
                        .with(Settings.LOAD_CHUNK_ROWS, "2")
                        .with(Settings.APPLY_LANES, "2");
        choose(setting, value);
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        passage.source.execute(
                "create table shop.other (id int(32) not null, a int(16), primary (id))");
        for (var id = 1; id <= 4; id++) {
            passage.insert(passage.source, "t", "" + id, "7");
            passage.insert(passage.source, "other", "" + id, "7");
        }
    }

    void choose(String setting, String value) {
        passage.settings =
                passage.settings.with(
                        Settings.ALL.stream()
                                .filter(known -> known.name().equals(setting))
                                .findFirst()
                                .orElseThrow(),
                        value);
    }

    void large() {
        var transaction = passage.source.begin();
        for (var id = 10; id < 60; id++) {
            transaction.insert(shop("other"), row(id, 1));
        }
        transaction.update(shop("t"), row(2, 7), row(2, 8));
        for (var id = 60; id < 90; id++) {
            transaction.insert(shop("other"), row(id, 1));
        }
        transaction.commit();
    }

    /// Tells a history again and again: once as it is, then so that one reply to a target's commit
    /// is lost behind the moment, another one each time, and the process goes on or dies of it.
    void eachReplyLost(Consumer<Runnable> history) {
        history.accept(() -> {});
        for (var reply = 1; reply <= REPLIES; reply++) {
            for (var dies : List.of(false, true)) {
                passage.close();
                passage = new Passage();
                var wanted = reply;
                history.accept(() -> lose(wanted, dies));
            }
        }
    }

    private void lose(int reply, boolean dies) {
        var commits = new AtomicInteger();
        var lost = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.commit") && commits.incrementAndGet() == reply) {
                        lost.set(true);
                        return Fate.REPLY_LOST;
                    }
                    return Fate.DELIVERED;
                };
        if (dies) {
            passage.drive(() -> lost.get() || passage.follows());
            passage.line = Line.CALM;
            passage.start();
        }
    }

    void retry(Set<String> ids) {
        passage.line = Line.CALM;
        passage.until = Until.VERIFIED;
        passage.retries = Optional.of(ids);
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
        assertThat(passage.pipeline().certificate()).isEmpty();
        passage.retries = Optional.empty();
    }

    Marks marks() {
        var ends = passage.ends();
        var marks = new Marks(ends::position);
        try (var bookkeeping = ends.bookkeeping()) {
            marks.read(bookkeeping, ends.project());
        }
        return marks;
    }

    /// What a command does while nobody works on the project.
    void order(Function<Marks, Entry> order) {
        passage.close();
        passage.line = Line.CALM;
        var ends = passage.ends();
        long epoch;
        try (var bookkeeping = ends.bookkeeping()) {
            var owner = bookkeeping.owner(ends.project()).orElseThrow();
            epoch = bookkeeping.takeOver(ends.project(), owner.identity(), true).epoch();
        }
        try (var lane = new Lane(ends, "orders", epoch)) {
            lane.open();
            var entry = order.apply(marks());
            lane.transaction(lane.checkpoint(), writer -> writer.put(List.of(entry)));
        }
    }

    String lastTransaction() {
        try (var snapshot = passage.ends().sourceSnapshot()) {
            var text = snapshot.logEnd().text();
            return "source:" + text.replaceAll(".*[^0-9](\\d+)$", "$1");
        }
    }

    void update(String table, Row before, Row after) {
        var transaction = passage.source.begin();
        transaction.update(shop(table), before, after);
        transaction.commit();
    }

    void delete(String table, Row row) {
        delete(passage.source, table, row);
    }

    void delete(ToyServer server, String table, Row row) {
        var transaction = server.begin();
        transaction.delete(passage.name(server, table), row);
        transaction.commit();
    }

    List<Row> rows(String table) {
        return passage.source.rows(shop(table));
    }

    static Row row(int id, int a) {
        return Row.ofText("" + id, "" + a);
    }

    static TableName shop(String table) {
        return new TableName("shop", table);
    }

    /// A target that has no form of the value 9 for rows of `t`.
    static final class RefusesNines extends Delegates.OfDialect {
        RefusesNines(Dialect whole) {
            super(whole);
        }

        @Override
        public RowTranslation translation(Table source, Table target) {
            return row -> {
                if (source.name().equals(shop("t")) && row.text(1).equals("9")) {
                    throw ProblemException.of(
                            ProblemCode.VALUE_REFUSED, "no nine", "it has no form here", "none");
                }
                return row;
            };
        }
    }
}
