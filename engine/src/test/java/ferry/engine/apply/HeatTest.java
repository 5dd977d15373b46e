package ferry.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.UniqueForm;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is named as hot, when most of what comes is not.
final class HeatTest {
    private static final List<Column> COLUMNS = List.of(column("id"), column("email"));
    private static final Key UNIQUE = Key.unique("uk_email", "email");

    private final Heat heat = new Heat();
    private final Schedule schedule =
            new Schedule(
                    Settings.defaults(),
                    Rules.ALL,
                    Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                    heat);
    private int number;

    private static Column column(String name) {
        return Column.of(
                name, new DataType.Text("utf8mb4", "any", 20, false), "text", !name.equals("id"));
    }

    private void add(Table table, Optional<UniqueForm> form, Change... changes) {
        var transaction = new PendingTransaction(new TransactionId("t" + number++));
        transaction.add(
                new PendingTransaction.Part(
                        table, table, new Replay(Mode.STRICT, List.of(changes))),
                ConflictKeys.of((_, _) -> form, table, table),
                false);
        schedule.add(transaction);
    }

    private static Table table(Key... keys) {
        return Table.of(new TableName("shop", "t"), COLUMNS, List.of(keys));
    }

    private static Change update(String id) {
        return new Change.Update(Row.ofText(id, "a" + id), Row.ofText(id, "a" + id));
    }

    @Test
    void theHotRowIsNamedAmongManyThatMeetRarely() {
        schedule.start();
        var table = table(Key.primary("id"));
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++) {
            add(
                    table,
                    Optional.of(UniqueForm.BYTES),
                    update(i % 4 == 0 ? "7" : Integer.toString(10 + random.nextInt(5_000))));
        }

        var seen = heat.seen();
        assertThat(seen.transactions()).isEqualTo(20_000);
        assertThat(seen.met()).isBetween(10_000L, 19_999L);
        var first = seen.meetings().getFirst();
        assertThat(first.where().text()).isEqualTo("row ('7') of shop.t");
        assertThat(first.transactions()).isBetween(4_900L, 4_999L);
    }

    @Test
    void whatNobodyMeetsIsNotHot() {
        schedule.start();
        for (var i = 0; i < 1_000; i++) {
            add(
                    table(Key.primary("id")),
                    Optional.of(UniqueForm.BYTES),
                    update(Integer.toString(i)));
        }

        assertThat(heat.seen().met()).isZero();
        assertThat(heat.seen().meetings()).isEmpty();
    }

    @Test
    void aValueThatIsHandedOnIsNamedWithItsKey() {
        schedule.start();
        for (var i = 0; i < 100; i++) {
            add(
                    table(Key.primary("id"), UNIQUE),
                    Optional.of(UniqueForm.BYTES),
                    new Change.Insert(Row.ofText("n" + i, "x")));
        }

        assertThat(heat.seen().meetings().getFirst().where())
                .isEqualTo(
                        new Meeting(
                                Meeting.Kind.VALUE,
                                new TableName("shop", "t"),
                                "uk_email",
                                "('x')"));
    }

    @Test
    void aTableWithoutAKeyAndAKeyWithoutAFormAreNamedAsWholes() {
        schedule.start();
        for (var i = 0; i < 100; i++) {
            add(
                    table(),
                    Optional.of(UniqueForm.BYTES),
                    new Change.Delete(Row.ofText("n" + i, "x" + i)));
        }
        assertThat(heat.seen().meetings().getFirst().where().text())
                .isEqualTo("table shop.t as a whole");

        for (var i = 0; i < 300; i++) {
            add(
                    table(Key.primary("id"), UNIQUE),
                    Optional.empty(),
                    new Change.Insert(Row.ofText("n" + i, "x" + i)));
        }
        assertThat(heat.seen().meetings())
                .extracting(meeting -> meeting.where().text())
                .contains("key uk_email of shop.t as a whole");
    }

    /// A place that is met once is forgotten without a look at what it stands for.
    @Test
    void countsAreBoundedAndAskOnlyForWhatStays() {
        var counts = new MeetingCounts();
        var asked = new int[1];
        for (var i = 0L; i < 100_000; i++) {
            counts.add(
                    i % 3 == 0 ? -1 : i,
                    _ -> {
                        asked[0]++;
                        return Optional.of(
                                new Meeting(
                                        Meeting.Kind.ROW,
                                        new TableName("shop", "t"),
                                        "PRIMARY",
                                        "('7')"));
                    });
        }

        assertThat(counts.first(5))
                .singleElement()
                .extracting(Heat.OfMeeting::transactions)
                .isEqualTo(33_334L);
        assertThat(asked[0]).isEqualTo(1);
    }

    @Test
    void tablesAreOrderedByTheTimeTheyTook() {
        heat.written(List.of(changes("small", 3), changes("large", 6)), 90);
        heat.written(List.of(changes("large", 4)), 50);

        assertThat(heat.seen().tables())
                .containsExactly(
                        new Heat.OfTable(new TableName("shop", "large"), 10, 110),
                        new Heat.OfTable(new TableName("shop", "small"), 3, 30));
    }

    private static TableChanges changes(String table, int count) {
        var target = Table.of(new TableName("shop", table), COLUMNS, List.of());
        return new TableChanges(
                target.name(), target, Mode.STRICT, Collections.nCopies(count, update("1")));
    }
}
