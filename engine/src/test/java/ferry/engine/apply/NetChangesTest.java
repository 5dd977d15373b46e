package ferry.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random histories of a table with a key and another unique key: what they come to must lead a
/// table that checks both keys at every step to the same rows.
final class NetChangesTest {
    private static final int HISTORIES = 3_000;
    private static final int KEYS = 5;
    private static final int VALUES = 6;

    private static final Table TABLE =
            Table.of(
                    new TableName("shop", "t"),
                    List.of(column("id", false), column("u", true), column("v", true)),
                    List.of(Key.primary("id"), Key.unique("u", "u")));

    private static Column column(String name, boolean nullable) {
        return Column.of(
                name, new DataType.Text("utf8mb4", "utf8mb4_bin", 20, false), "text", nullable);
    }

    /// Rows by id, with both keys checked at every change.
    private static final class Checked {
        private final TreeMap<String, Row> rows = new TreeMap<>();

        Checked(Checked other) {
            rows.putAll(other.rows);
        }

        Checked() {}

        void apply(Change change) {
            switch (change) {
                case Change.Insert(var after) -> insert(after);
                case Change.Delete(var before) -> delete(before);
                case Change.Update(var before, var after) -> {
                    delete(before);
                    insert(after);
                }
            }
        }

        private void delete(Row before) {
            assertThat(rows.remove(before.text(0))).isEqualTo(before);
        }

        private void insert(Row after) {
            assertThat(takes(after)).as("%s meets a row in %s", after, rows).isTrue();
            rows.put(after.text(0), after);
        }

        boolean takes(Row after) {
            return !rows.containsKey(after.text(0))
                    && (after.isNull(1)
                            || rows.values().stream()
                                    .noneMatch(row ->
                                            row.isPresent(1) && row.text(1).equals(after.text(1))));
        }
    }

    @Test
    void whatHistoriesComeToLeadsToTheSameRows() {
        var merged = 0;
        for (var seed = 0; seed < HISTORIES; seed++) {
            var random = new Random(seed);
            var begin = new Checked();
            for (var i = 0; i < KEYS; i++) {
                change(begin, random);
            }
            var serial = new Checked(begin);
            var net = new NetChanges(TABLE, false);
            var count = 0;
            for (var i = 0; i < 12; i++) {
                var change = change(serial, random);
                if (change != null) {
                    assertThat(net.add(change)).isTrue();
                    count++;
                }
            }
            var together = new Checked(begin);
            var taken = net.take();
            taken.forEach(together::apply);

            assertThat(together.rows).as("seed %d", seed).isEqualTo(serial.rows);
            merged += count - taken.size();
        }
        assertThat(merged).isPositive();
    }

    /// Makes a change that both keys allow, if the dice fall upon one.
    private static Change change(Checked table, Random random) {
        var there = new ArrayList<>(table.rows.values());
        var row = row(random);
        var change =
                switch (random.nextInt(3)) {
                    case 0 -> new Change.Insert(row);
                    case 1 ->
                            there.isEmpty()
                                    ? null
                                    : new Change.Delete(there.get(random.nextInt(there.size())));
                    default ->
                            there.isEmpty()
                                    ? null
                                    : new Change.Update(
                                            there.get(random.nextInt(there.size())), row);
                };
        return change != null && isAllowed(table, change) ? applied(table, change) : null;
    }

    private static boolean isAllowed(Checked table, Change change) {
        var tried = new Checked(table);
        return switch (change) {
            case Change.Insert(var after) -> tried.takes(after);
            case Change.Delete _ -> true;
            case Change.Update(var before, var after) -> {
                tried.delete(before);
                yield tried.takes(after);
            }
        };
    }

    private static Change applied(Checked table, Change change) {
        table.apply(change);
        return change;
    }

    private static Row row(Random random) {
        var unique = random.nextInt(VALUES);
        return Row.ofText(
                String.valueOf(random.nextInt(KEYS)),
                unique == 0 ? null : String.valueOf(unique),
                String.valueOf(random.nextInt(3)));
    }

    @Test
    void aChangeThatDoesNotFitIsLeftToTheTarget() {
        var net = new NetChanges(TABLE, false);
        var row = Row.ofText("1", "2", "3");

        assertThat(net.add(new Change.Insert(row))).isTrue();
        assertThat(net.add(new Change.Insert(row))).isFalse();

        assertThat(net.take()).containsExactly(new Change.Insert(row));
        assertThat(net.add(new Change.Delete(row))).isTrue();
        assertThat(net.add(new Change.Delete(row))).isFalse();
        assertThat(net.add(new Change.Update(row, Row.ofText("1", "2", "4")))).isFalse();
    }

    @Test
    void aRowThatCameAndWentIsNothing() {
        var net = new NetChanges(TABLE, false);
        var row = Row.ofText("1", "2", "3");

        net.add(new Change.Insert(row));
        net.add(new Change.Delete(row));

        assertThat(net.take()).isEmpty();
    }

    /// Which of a row's values it is computed from nobody tells.
    @Test
    void aComputedUniqueValueIsGivenBeforeItIsTaken() {
        var computed =
                new Column(
                        "g",
                        new DataType.Text("utf8mb4", "utf8mb4_bin", 20, false),
                        "text",
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Column.Generation.STORED,
                        Optional.of("lower(v)"),
                        false,
                        "");
        var columns = List.of(column("id", false), computed, column("v", true));
        var expression = new Key.Part("", 0, false, Optional.of("lower(v)"));
        for (var part : List.of(Key.Part.column("g"), expression)) {
            var key = new Key("c", Key.Kind.UNIQUE, List.of(part), Optional.empty());
            var table = Table.of(TABLE.name(), columns, List.of(Key.primary("id"), key));
            var net = new NetChanges(table, false);

            net.add(new Change.Update(Row.ofText("1", "x"), Row.ofText("1", null)));
            net.add(new Change.Update(Row.ofText("2", "y"), Row.ofText("2", "x")));
            net.add(new Change.Update(Row.ofText("1", null), Row.ofText("1", "y")));

            assertThat(net.take())
                    .as("%s", part)
                    .containsExactly(
                            new Change.Delete(Row.ofText("1", "x")),
                            new Change.Delete(Row.ofText("2", "y")),
                            new Change.Insert(Row.ofText("1", "y")),
                            new Change.Insert(Row.ofText("2", "x")));
        }
    }

    @Test
    void tablesWithColumnsOfTheirOwnAtTheTargetAreNotMerged() {
        var wider =
                Table.of(
                        TABLE.name(),
                        List.of(
                                column("id", false),
                                column("u", true),
                                column("v", true),
                                column("more", true)),
                        TABLE.keys());
        var keyless = Table.of(TABLE.name(), TABLE.columns(), List.of());

        assertThat(NetChanges.canTake(TABLE, TABLE)).isTrue();
        assertThat(NetChanges.canTake(TABLE, wider)).isFalse();
        assertThat(NetChanges.canTake(keyless, keyless)).isFalse();
        assertThat(NetChanges.canTake(TABLE, keyless)).isFalse();
    }
}
