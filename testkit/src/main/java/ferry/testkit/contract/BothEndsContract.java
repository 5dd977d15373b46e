package ferry.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Role;
import ferry.engine.model.Column;
import ferry.engine.model.Key;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the engine relies on between the two ends: one row is the same bytes everywhere.
public abstract class BothEndsContract extends LabTest {
    @Test
    void aRowIsTheSameReadByQueryFromTheLogAndFromTheTarget() {
        var fence = fence();
        for (var sample : lab.samples()) {
            var table = createAtSource(sample);
            var targetTable = createAtTarget(fence, table);
            fence = fence.next();
            var fromLog = rowsInLogAfterInserting(sample, table);
            try (var source = source();
                    var target = target();
                    var writer = writer()) {
                var fromSource = rowsAt(source, table);
                var translation = dialect().translation(table, targetTable);
                writer.begin(fence, "");
                writer.insert(
                        targetTable, fromSource.stream().map(translation::translate).toList());
                writer.commit();
                fence = fence.next();
                var fromTarget = rowsAt(target, targetTable);

                assertThat(fromSource)
                        .as("%s by query", sample)
                        .containsExactlyInAnyOrderElementsOf(sample.rows());
                assertThat(fromLog)
                        .as("%s from the log", sample)
                        .containsExactlyInAnyOrderElementsOf(sample.rows());
                assertThat(fromTarget)
                        .as("%s from the target", sample)
                        .containsExactlyInAnyOrderElementsOf(
                                fromSource.stream().map(translation::translate).toList());
                if (can(Ability.CHECKSUM) && table.rowKey().isPresent()) {
                    assertThat(target.checksum(targetTable, table, KeyRange.ALL))
                            .as("checksums of %s", sample)
                            .isEqualTo(source.checksum(table, targetTable, KeyRange.ALL));
                }
                assertThat(target.checksums(targetTable, table, 4))
                        .isEqualTo(source.checksums(table, targetTable, 4));
            }
        }
    }

    private List<Row> rowsInLogAfterInserting(Sample sample, Table table) {
        if (!can(Ability.LOG)) {
            insertAtSource(sample);
            return sample.rows();
        }
        try (var snapshot = source();
                var log = log(snapshot.committed())) {
            log.admit(table);
            insertAtSource(sample);
            var rows = new ArrayList<Row>();
            for (var change : changes(nextTransactionWithRows(log))) {
                rows.add(((ferry.engine.model.Change.Insert) change).after());
            }
            return rows;
        }
    }

    @Test
    void aReadThatFailsNamesItsEnd() {
        var sample = keyed();
        var missing = sample.table().withName(new TableName("nowhere", "never"));
        try (var source = source();
                var target = target()) {
            assertRefused(ProblemCode.SOURCE_STATEMENT, () -> rowsAt(source, missing));
            assertRefused(ProblemCode.TARGET_STATEMENT, () -> rowsAt(target, missing));
        }
    }

    @Test
    void translationBetweenEqualTablesChangesNothing() {
        for (var sample : lab.samples()) {
            var table = createAtSource(sample);
            var translation = dialect().translation(table, table);

            sample.rows().forEach(row -> assertThat(translation.translate(row)).isEqualTo(row));
        }
    }

    @Test
    void aPlannedTableHasEveryColumnAndKeyInTheEnd() {
        var fence = fence();
        for (var sample : lab.samples()) {
            var table = createAtSource(sample);

            var created = createAtTarget(fence, table);
            fence = fence.next();

            assertThat(created.carried().stream().map(Column::name))
                    .as(sample.toString())
                    .containsExactlyElementsOf(table.carried().stream().map(Column::name).toList());
            assertThat(created.keys().stream().map(Key::name))
                    .containsExactlyInAnyOrderElementsOf(
                            table.keys().stream().map(Key::name).toList());
            assertThat(created.rowKey().map(Key::parts)).isEqualTo(table.rowKey().map(Key::parts));
            assertThat(dialect().keyOrder(created).isPresent())
                    .isEqualTo(dialect().keyOrder(table).isPresent());
        }
    }

    @Test
    void aPlanKeepsSecondaryUniqueKeysForTheEndOfTheWindow() {
        var sample =
                sample(one ->
                        !one.table().secondaryUniqueKeys().isEmpty()
                                && one.table().rowKey().isPresent());
        var table = createAtSource(sample);
        try (var catalog = dialect().catalog(lab.target(), Role.TARGET, lab.settings())) {
            var plan = catalog.plan(table, lab.atTarget(table.name()));

            assertThat(plan.atWindowEnd().stream().map(build -> build.name()))
                    .containsAll(table.secondaryUniqueKeys().stream().map(Key::name).toList());
            assertThat(plan.table().secondaryUniqueKeys())
                    .hasSameSizeAs(table.secondaryUniqueKeys());
        }
    }
}
