package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.apply.Apply;
import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.ErrorSettings;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.engine.pipeline.ProjectPlan.Part;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Tables that are set aside, and come back.
class SetAsideTest extends ApartHistories {
    @Test
    void aTableWhoseChangesFailIsSetAsideAndLoadedAgainLater() {
        eachReplyLost(lose -> {
            tables("table.errors", "aside");
            passage.start();
            passage.drive(passage::follows);
            delete(passage.target, "t", row(2, 7));
            var transaction = passage.source.begin();
            transaction.update(shop("t"), row(2, 7), row(2, 8));
            transaction.update(shop("other"), row(2, 7), row(2, 8));
            transaction.commit();
            update("other", row(3, 7), row(3, 8));
            passage.insert(passage.source, "t", "5", "5");
            lose.run();
            passage.drive(passage::follows);

            assertThat(passage.copied("other")).isEqualTo(rows("other"));
            assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
            assertThat(passage.pipeline().notices())
                    .anySatisfy(notice ->
                            assertThat(notice)
                                    .contains("shop.t is set aside")
                                    .contains("transaction"));

            order(marks -> marks.table(shop("t")).orElseThrow().anew().entry());
            passage.insert(passage.source, "t", "6", "6");
            passage.start();
            passage.drive(passage::follows);
            update("t", row(6, 6), row(6, 7));
            passage.drive(passage::follows);
            assertThat(passage.copied("t")).isEqualTo(rows("t"));
            assertThat(passage.copied("other")).isEqualTo(rows("other"));
        });
    }

    @Test
    void aTableThatCannotBeLoadedIsSetAsideAndTheCertificateSaysSo() {
        tables("table.errors", "aside");
        passage.until = Until.VERIFIED;
        passage.start();
        var met = new AtomicBoolean();
        passage.line =
                call -> {
                    if (call.equals("writer.insert")
                            && passage.stands("t")
                            && !met.getAndSet(true)) {
                        for (var id = 1; id <= 4; id++) {
                            passage.insert(passage.target, "t", "" + id, "99");
                        }
                    }
                    return Fate.DELIVERED;
                };
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        assertThat(met).isTrue();
        var certificate = passage.pipeline().certificate().orElseThrow();
        assertThat(certificate.equal()).isFalse();
        assertThat(certificate.aside())
                .singleElement()
                .satisfies(aside -> assertThat(aside.table()).isEqualTo(shop("t")));
        assertThat(certificate.tables())
                .singleElement()
                .satisfies(report -> assertThat(report.equal()).isTrue());
    }

    @Test
    void schemaChangesOfATableThatIsSetAsideConcernNobody() {
        tables("table.errors", "aside");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        update("t", row(2, 7), row(2, 8));
        passage.drive(passage::follows);

        passage.source.execute("alter table shop.t add column b int(16)");
        passage.insert(passage.source, "t", "5", "5", "5");
        passage.insert(passage.source, "other", "5", "5");
        passage.drive(passage::follows);
        passage.move();
        passage.start();
        passage.insert(passage.source, "t", "6", "6", "6");
        passage.insert(passage.source, "other", "6", "6");
        passage.drive(passage::follows);
        assertThat(passage.copied("other")).isEqualTo(rows("other"));

        passage.source.execute("drop table shop.t");
        passage.drive(passage::follows);
        assertThat(marks().table(shop("t"))).isEmpty();
        assertThat(passage.stands("t")).isFalse();
    }

    @Test
    void foreignKeysAreBuiltWhenTheTableThatWasSetAsideIsDropped() {
        tables("table.errors", "aside");
        passage.source.execute(
                "create table shop.child (id int(32) not null, parent int(32), primary (id),"
                        + " foreign to_other (parent) references shop.other (id))");
        passage.target.execute("create table copy.t (id int(32) not null, primary (id))");
        passage.insert(passage.target, "t", "8");
        passage.start();
        passage.drive(passage::follows);
        var child = new TableName("copy", "child");
        assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
        assertThat(passage.target.definition(child).orElseThrow().foreignKeys()).isEmpty();

        passage.source.execute("drop table shop.t");
        passage.drive(passage::follows);
        assertThat(marks().table(shop("t"))).isEmpty();
        assertThat(passage.target.definition(child).orElseThrow().foreignKeys()).hasSize(1);
    }

    @Test
    void soManyTablesAndNoMoreAreSetAside() {
        tables("table.errors", "aside");
        choose(ErrorSettings.TABLE_ERRORS_LIMIT.name(), "1");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        delete(passage.target, "other", row(2, 7));
        update("t", row(2, 7), row(2, 8));
        passage.drive(passage::follows);
        update("other", row(2, 7), row(2, 8));

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("FERRY-3020");
    }

    @Test
    void aLargeTransactionGoesOnWithoutTheTable() {
        tables("table.errors", "aside");
        choose(Settings.APPLY_HELD_BYTES.name(), "1KiB");
        passage.start();
        passage.drive(passage::follows);
        delete(passage.target, "t", row(2, 7));
        large();
        passage.drive(passage::follows);

        assertThat(marks().table(shop("t")).orElseThrow().isAside()).isTrue();
        assertThat(passage.copied("other")).isEqualTo(rows("other"));
    }

    @Test
    void withoutTheLoadNoTableIsLoadedAgain() {
        tables("table.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        passage.parts = EnumSet.of(Part.SCHEMA, Part.INCREMENTAL);
        order(marks -> marks.table(shop("t")).orElseThrow().anew().entry());
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("cannot be loaded again without the step full");
        assertThat(passage.copied("t")).isEqualTo(rows("t"));

        passage.parts = EnumSet.allOf(Part.class);
        passage.start();
        passage.drive(passage::follows);
        passage.parts = EnumSet.of(Part.SCHEMA, Part.INCREMENTAL);
        passage.start();
        passage.drive(passage::follows);
        passage.source.execute("drop table shop.t");
        passage.source.execute(
                "create table shop.t (id int(32) not null, a int(16), primary (id))");
        passage.insert(passage.source, "t", "1", "7");

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .hasMessageContaining("the step full is not chosen");
    }

    @Test
    void anotherServerIsRefusedInTheMiddleOfALargeTransactionThatWouldLoseATable() {
        tables("table.errors", "stop");
        passage.start();
        passage.drive(passage::follows);
        passage.close();
        large();
        // As a process leaves it that is killed between two parts, inside a window.
        var ends = passage.ends();
        var id = new TransactionId(lastTransaction());
        order(marks -> marks.table(shop("t")).orElseThrow().next(Phase.LOADED).entry());
        begun(Apply.checkpoint(ends).orElseThrow().with(new Checkpoint.Begun(id, 10)));
        passage.sourceDialect = AnotherServer::new;
        passage.start();

        assertThatThrownBy(() -> passage.drive(passage::follows))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.code()).isEqualTo(ProblemCode.LOG_FOREIGN))
                .hasMessageContaining("in the middle of a large transaction");
        assertThat(marks().table(shop("t")).orElseThrow().phase()).isEqualTo(Phase.LOADED);
    }

    private void begun(Checkpoint checkpoint) {
        var ends = passage.ends();
        long epoch;
        try (var bookkeeping = ends.bookkeeping()) {
            var owner = bookkeeping.owner(ends.project()).orElseThrow();
            epoch = bookkeeping.takeOver(ends.project(), owner.identity(), true).epoch();
        }
        try (var lane = new Lane(ends, Apply.LANE, epoch)) {
            lane.open();
            lane.transaction(checkpoint.text(), _ -> {});
        }
    }

    /// The same server under another identity: it has everything that was captured.
    private static final class AnotherServer extends Delegates.OfDialect {
        AnotherServer(Dialect whole) {
            super(whole);
        }

        @Override
        public Optional<String> continuesNot(
                Endpoint source, Position captured, Settings settings) {
            return Optional.empty();
        }

        @Override
        public Catalog catalog(Endpoint endpoint, Role role, Settings settings) {
            return new Delegates.OfCatalog(whole.catalog(endpoint, role, settings)) {
                @Override
                public String serverIdentity() {
                    return "another";
                }
            };
        }
    }
}
