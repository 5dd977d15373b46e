package ferry.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// In which order, and how much together, the changes of a target transaction reach the writer.
final class PendingChangesTest {
    private static final Table KEYED = table("keyed", Key.primary("id"));
    private static final Table OTHER = table("other", Key.primary("id"));
    private static final Table KEYLESS = table("keyless");

    private final List<List<String>> written = new ArrayList<>(); // what came together
    private final Writer writer =
            (Writer)
                    Proxy.newProxyInstance(
                            Writer.class.getClassLoader(),
                            new Class<?>[] {Writer.class},
                            (_, method, arguments) -> {
                                assertThat(method.getName()).isEqualTo("apply");
                                written.add(told((List<?>) arguments[0]));
                                return null;
                            });

    private static Table table(String name, Key... keys) {
        var type = new DataType.Text("utf8mb4", "utf8mb4_bin", 20, false);
        return Table.of(
                new TableName("shop", name),
                List.of(
                        Column.of("id", type, "text", false),
                        Column.of("value", type, "text", true)),
                List.of(keys));
    }

    private static List<String> told(List<?> all) {
        return all.stream()
                .map(TableChanges.class::cast)
                .map(some ->
                        "%s %s %s"
                                .formatted(
                                        some.target().name().table(),
                                        some.mode(),
                                        some.changes().stream()
                                                .map(PendingChangesTest::told)
                                                .toList()))
                .toList();
    }

    private static String told(Change change) {
        return switch (change) {
            case Change.Insert(var after) -> "+" + after.text(0) + after.text(1);
            case Change.Update(var before, var after) ->
                    before.text(0) + before.text(1) + after.text(1);
            case Change.Delete(var before) -> "-" + before.text(0) + before.text(1);
        };
    }

    private static Change insert(String id, String value) {
        return new Change.Insert(Row.ofText(id, value));
    }

    private static Change update(String id, String from, String to) {
        return new Change.Update(Row.ofText(id, from), Row.ofText(id, to));
    }

    private static Change delete(String id, String value) {
        return new Change.Delete(Row.ofText(id, value));
    }

    private static PendingChanges pending(Settings settings) {
        return new PendingChanges(settings, Rules.ALL, new Heat());
    }

    private static Settings unmerged() {
        return Settings.defaults().with(Settings.APPLY_MERGE, "false");
    }

    private void add(PendingChanges pending, Table table, Mode mode, Change... changes) {
        pending.add(writer, table, table, new Replay(mode, List.of(changes)));
    }

    @Test
    void unmergedChangesGoTogetherEachTablesInTheirOrder() {
        var pending = pending(unmerged());
        add(pending, KEYED, Mode.STRICT, insert("1", "a"));
        add(pending, OTHER, Mode.STRICT, insert("1", "b"));
        add(pending, KEYED, Mode.STRICT, update("1", "a", "c"), delete("1", "c"));
        add(pending, KEYLESS, Mode.STRICT);
        assertThat(written).isEmpty();

        pending.write(writer);
        pending.write(writer);

        assertThat(written)
                .containsExactly(List.of("keyed STRICT [+1a, 1ac, -1c]", "other STRICT [+1b]"));
    }

    @Test
    void anotherModeOfATableBeginsAnew() {
        var pending = pending(unmerged());
        add(pending, KEYED, Mode.STRICT, insert("1", "a"));
        add(pending, OTHER, Mode.STRICT, insert("1", "b"));
        add(pending, KEYED, Mode.WINDOW, update("1", "a", "c"));
        add(pending, KEYED, Mode.STRICT, delete("1", "c"));
        add(pending, KEYED, Mode.STRICT, insert("1", "d"));

        pending.write(writer);

        assertThat(written)
                .containsExactly(
                        List.of(
                                "keyed STRICT [+1a]",
                                "other STRICT [+1b]",
                                "keyed WINDOW [1ac]",
                                "keyed STRICT [-1c, +1d]"));
    }

    @Test
    void mergedTablesAndThoseThatCannotBeMergedGoTogether() {
        var pending = pending(Settings.defaults());
        add(pending, KEYLESS, Mode.STRICT, insert("1", "a"));
        add(pending, KEYED, Mode.STRICT, insert("1", "a"));
        add(pending, KEYLESS, Mode.STRICT, insert("1", "a"), delete("1", "a"));
        add(pending, KEYED, Mode.STRICT, update("1", "a", "b"));

        pending.write(writer);

        assertThat(written)
                .containsExactly(List.of("keyless STRICT [+1a, +1a, -1a]", "keyed STRICT [+1b]"));
    }

    @Test
    void aTableThatLeavesItsWindowKeepsItsOrder() {
        var pending = pending(Settings.defaults());
        add(pending, KEYED, Mode.WINDOW, insert("1", "a"));
        add(pending, KEYED, Mode.WINDOW, update("1", "a", "b"));
        add(pending, KEYED, Mode.STRICT, delete("1", "b"));

        pending.write(writer);

        assertThat(written)
                .containsExactly(List.of("keyed WINDOW [+1a, 1ab]", "keyed STRICT [-1b]"));
    }

    @Test
    void aTableThatComesIntoAWindowKeepsItsOrder() {
        var pending = pending(Settings.defaults());
        add(pending, KEYED, Mode.STRICT, insert("1", "a"));
        add(pending, OTHER, Mode.STRICT, insert("2", "a"));
        add(pending, KEYED, Mode.WINDOW, insert("1", "b"));
        add(pending, KEYED, Mode.STRICT, delete("1", "b"));

        pending.write(writer);

        assertThat(written)
                .containsExactly(
                        List.of("keyed STRICT [+1a]", "other STRICT [+2a]"),
                        List.of("keyed WINDOW [+1b]", "keyed STRICT [-1b]"));
    }

    @Test
    void whatDoesNotFitGoesBehindWhatIsThere() {
        var pending = pending(Settings.defaults());
        add(pending, KEYLESS, Mode.STRICT, insert("7", "z"));
        add(pending, KEYED, Mode.STRICT, insert("1", "a"));
        add(pending, KEYED, Mode.STRICT, insert("1", "b"));

        pending.write(writer);

        assertThat(written)
                .containsExactly(
                        List.of("keyless STRICT [+7z]", "keyed STRICT [+1a]"),
                        List.of("keyed STRICT [+1b]"));
    }

    @Test
    void manyAreWrittenBeforeTheEndAndForgottenOnesNever() {
        var pending = pending(unmerged().with(Settings.APPLY_BATCH_ROWS, "2"));
        add(pending, KEYED, Mode.STRICT, insert("1", "a"));
        add(pending, OTHER, Mode.STRICT, insert("1", "a"));
        assertThat(written).hasSize(1);
        add(pending, KEYED, Mode.STRICT, insert("2", "a"));
        pending.clear();
        add(pending, OTHER, Mode.STRICT, insert("2", "a"));
        pending.write(writer);

        assertThat(written)
                .containsExactly(
                        List.of("keyed STRICT [+1a]", "other STRICT [+1a]"),
                        List.of("other STRICT [+2a]"));
    }
}
