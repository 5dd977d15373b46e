package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Bookkeeping;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Finding;
import ferry.engine.dialect.Finding.Outcome;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.Role;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.precheck.Precheck;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is checked before a project goes on.
class ResumedPrecheckTest {
    private final Passage passage = new Passage();

    @BeforeEach
    void tables() {
        for (var name : List.of("a", "b", "c")) {
            passage.source.execute(
                    "create table shop." + name + " (id int(32) not null, primary (id))");
        }
    }

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void tablesThatChangedRulesSelectAreNamed() {
        passage.selects = name -> !name.table().equals("c") && name.database().equals("shop");
        passage.start();
        passage.drive(passage::follows);
        assertThat(of("RDB_TABLE_EXIST"))
                .extracting(Finding::outcome)
                .containsExactly(Outcome.PASSED);

        passage.selects = name -> !name.table().equals("a") && name.database().equals("shop");

        var warned =
                of("RDB_TABLE_EXIST").stream()
                        .filter(finding -> finding.outcome() == Outcome.WARNED)
                        .toList();
        assertThat(warned).hasSize(2);
        assertThat(warned.getFirst().what())
                .contains("shop.c")
                .doesNotContain("shop.b")
                .contains("does not carry");
        assertThat(warned.getFirst().remedy()).contains("project of their own");
        assertThat(warned.getLast().what()).contains("no longer select shop.a");
    }

    @Test
    void aTableThatTheRulesNoLongerSelectIsStillLoadedAgain() {
        passage.start();
        passage.drive(passage::follows);
        passage.selects = name -> name.equals(new TableName("shop", "b"));
        passage.insert(passage.source, "a", "1");
        passage.source.execute("alter table shop.a add column s int(32) not null serial");

        passage.start();
        passage.drive(passage::follows);

        assertThat(passage.copied("a")).containsExactly(Row.ofText("1", "1"));
    }

    @Test
    void preparedTransactionsAreRefusedOnlyBeforeTheLogBegins() {
        var transaction = passage.source.begin();
        transaction.insert(new TableName("shop", "a"), Row.ofText("1"));
        transaction.prepare("early");
        passage.source.commitAll();
        assertThat(of("DB_XA")).extracting(Finding::outcome).containsExactly(Outcome.FAILED);
        passage.source.rollbackPrepared("early");
        passage.source.commitAll();
        passage.start();
        passage.drive(passage::follows);

        var later = passage.source.begin();
        later.insert(new TableName("shop", "a"), Row.ofText("2"));
        later.prepare("later");
        passage.source.commitAll();

        assertThat(of("DB_XA")).extracting(Finding::outcome).containsExactly(Outcome.WARNED);
    }

    /// The target answered the checks, but not the look at its books before: by then nobody knew
    /// that the rows were the project's own, and the operator was told to empty the tables.
    @Test
    void noRowIsCalledStrangeWhileNobodyKnowsWhoseItIs() {
        passage.start();
        passage.drive(passage::follows);
        var ends = passage.ends();

        var found =
                new Precheck(
                                new Ends(
                                        ends.project(),
                                        ends.sourceDialect(),
                                        ends.source(),
                                        new BackFromACrash(ends.targetDialect()),
                                        ends.target(),
                                        ends.settings(),
                                        ends.rules(),
                                        ends.clock()),
                                passage::select,
                                true,
                                true)
                        .run();

        assertThat(found)
                .filteredOn(finding -> finding.outcome() == Outcome.FAILED)
                .extracting(Finding::item)
                .containsExactly("RDB_CONNECT");
    }

    /// A target whose books cannot be read the first time, and that calls rows strange in a project
    /// that is not resumed.
    private static final class BackFromACrash extends Delegates.OfDialect {
        BackFromACrash(Dialect whole) {
            super(whole);
        }

        @Override
        public Bookkeeping bookkeeping(Endpoint endpoint, Settings settings) {
            throw ProblemException.of(
                    ProblemCode.TARGET_UNREACHABLE, "no answer", "it restarts", "wait");
        }

        @Override
        public List<Finding> precheck(
                Endpoint endpoint, Role role, PrecheckRequest request, Settings settings) {
            return request.resumed()
                    ? List.of()
                    : List.of(Finding.failed("DB_TARGET_EMPTY", role, "strange rows", "drop them"));
        }
    }

    private List<Finding> of(String item) {
        return new Precheck(passage.ends(), passage::select, true, true)
                .run().stream().filter(finding -> finding.item().equals(item)).toList();
    }
}
