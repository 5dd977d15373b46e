package ferry.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Hash;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which changes of a table may meet. Columns named `ci…` ignore case and cannot tell what lies
/// beyond ASCII, those named `odd…` tell nothing.
final class ConflictKeysTest {
    private static final List<Column> COLUMNS =
            List.of(column("id"), column("u"), column("ci"), column("odd"), column("v"));

    private static Column column(String name) {
        return Column.of(
                name, new DataType.Text("utf8mb4", "any", 20, false), "text", !name.equals("id"));
    }

    private static Optional<UniqueForm> form(Column column) {
        if (column.name().startsWith("odd")) {
            return Optional.empty();
        }
        return Optional.of(
                column.name().startsWith("ci")
                        ? (row, index) -> {
                            var text = row.text(index);
                            var folded =
                                    text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
                            return text.length() < folded.length
                                    ? UniqueForm.ANY
                                    : Hash.of(folded, 0, folded.length);
                        }
                        : UniqueForm.BYTES);
    }

    private static Claims claims(
            List<Column> source, List<Column> target, List<Key> keys, Change change) {
        var claims = new Claims();
        ConflictKeys.of(
                        (_, column) -> form(column),
                        Table.of(new TableName("shop", "t"), source, keys),
                        Table.of(new TableName("copy", "t"), target, keys))
                .claim(change, claims);
        return claims;
    }

    private static boolean meet(List<Key> keys, Change one, Change other) {
        return meet(COLUMNS, COLUMNS, keys, one, other);
    }

    private static boolean meet(
            List<Column> source, List<Column> target, List<Key> keys, Change one, Change other) {
        var claims = claims(source, target, keys, one);
        var others = claims(source, target, keys, other);
        return meet(claims, others) || meet(others, claims);
    }

    private static boolean meet(Claims one, Claims other) {
        var own = new HashSet<Long>();
        one.forEachOwn(own::add);
        var met = new boolean[1];
        other.forEachOwn(hash -> met[0] |= own.contains(hash));
        other.forEachShared(hash -> met[0] |= own.contains(hash));
        return met[0];
    }

    private static Row row(String... values) {
        return Row.ofText(values);
    }

    private static Change insert(String... values) {
        return new Change.Insert(row(values));
    }

    private static final Key ID = Key.primary("id");

    /// Of a table whose rows carry no value of `g`: its server computes it from `v`.
    private static final List<Column> WITH_COMPUTED =
            List.of(column("id"), computed("g"), column("ci"), column("v"));

    private static final Key.Part EXPRESSION = new Key.Part("", 0, false, Optional.of("lower(v)"));

    private static Column computed(String name) {
        return new Column(
                name,
                new DataType.Text("utf8mb4", "any", 20, false),
                "text",
                true,
                Optional.empty(),
                Optional.empty(),
                false,
                Column.Generation.VIRTUAL,
                Optional.of("lower(v)"),
                false,
                "");
    }

    private static Key unique(String name, Key.Part... parts) {
        return new Key(name, Key.Kind.UNIQUE, List.of(parts), Optional.empty());
    }

    /// One change of each kind by which a row takes or gives what is computed from this value.
    private static List<Change> allAt(String id, String v) {
        var row = row(id, "a", v);
        var elsewhere = row(id, "a", "of " + id);
        return List.of(
                new Change.Insert(row),
                new Change.Delete(row),
                new Change.Update(elsewhere, row),
                new Change.Update(row, elsewhere));
    }

    @Test
    void changesOfOneRowMeetAndOthersDoNot() {
        var one = new Change.Update(row("1", "a", "a", "a", "a"), row("1", "a", "a", "a", "b"));

        assertThat(meet(List.of(ID), one, new Change.Delete(row("1", "x", "x", "x", "b"))))
                .isTrue();
        assertThat(meet(List.of(ID), one, insert("2", "a", "a", "a", "a"))).isFalse();
    }

    @Test
    void aChangedKeyMeetsWhatWasAndWhatIs() {
        var moved = new Change.Update(row("1", "a", "a", "a", "a"), row("2", "a", "a", "a", "a"));

        assertThat(meet(List.of(ID), moved, insert("1", "b", "b", "b", "b"))).isTrue();
        assertThat(meet(List.of(ID), moved, insert("2", "b", "b", "b", "b"))).isTrue();
    }

    @Test
    void aUniqueValueThatIsHandedOnMeets() {
        var keys = List.of(ID, Key.unique("u", "u"));
        var gives = new Change.Update(row("1", "a", "a", "a", "a"), row("1", "b", "a", "a", "a"));
        var keeps = new Change.Update(row("1", "a", "a", "a", "a"), row("1", "a", "a", "a", "b"));

        assertThat(meet(keys, gives, insert("2", "a", "x", "x", "x"))).isTrue();
        assertThat(meet(keys, gives, insert("2", "b", "x", "x", "x"))).isTrue();
        assertThat(meet(keys, gives, insert("2", "c", "x", "x", "x"))).isFalse();
        assertThat(meet(keys, keeps, insert("2", "b", "x", "x", "x"))).isFalse();
    }

    @Test
    void nullMeetsNothing() {
        var keys = List.of(ID, Key.unique("u", "u", "ci"));

        assertThat(meet(keys, insert("1", null, "a", "a", "a"), insert("2", null, "a", "a", "a")))
                .isFalse();
    }

    @Test
    void valuesThatTheCollationHoldsEqualMeet() {
        var keys = List.of(ID, Key.unique("ci", "ci"));

        assertThat(meet(keys, insert("1", "a", "X", "a", "a"), insert("2", "a", "x", "a", "a")))
                .isTrue();
        assertThat(meet(keys, insert("1", "a", "x", "a", "a"), insert("2", "a", "y", "a", "a")))
                .isFalse();
    }

    @Test
    void aValueThatMayEqualAnyMeetsAllOfItsKeyOnly() {
        var keys = List.of(ID, Key.unique("ci", "ci"), Key.unique("u", "u"));
        var beyond = insert("1", "a", "ß", "a", "a");

        assertThat(meet(keys, beyond, insert("2", "b", "ss", "a", "a"))).isTrue();
        assertThat(
                        meet(
                                keys,
                                beyond,
                                new Change.Update(
                                        row("2", "b", "s", "a", "a"),
                                        row("2", "c", "s", "a", "a"))))
                .isFalse();
    }

    @Test
    void aKeyThatCannotBeToldMeetsAsAWhole() {
        var prefix =
                new Key(
                        "p",
                        Key.Kind.UNIQUE,
                        List.of(new Key.Part("u", 3, false, Optional.empty())),
                        Optional.empty());
        var expression =
                new Key(
                        "e",
                        Key.Kind.UNIQUE,
                        List.of(new Key.Part("", 0, false, Optional.of("lower(u)"))),
                        Optional.empty());
        for (var key : List.of(prefix, expression, Key.unique("odd", "odd"))) {
            assertThat(
                            meet(
                                    List.of(ID, key),
                                    insert("1", "a", "a", "a", "a"),
                                    insert("2", "b", "b", "b", "b")))
                    .as(key.name())
                    .isTrue();
        }
    }

    @Test
    void aColumnThatTheTargetRewritesMeetsAsAWhole() {
        var other =
                COLUMNS.stream()
                        .map(column ->
                                column.name().equals("u")
                                        ? Column.of("u", new DataType.Int(32, false), "int", true)
                                        : column)
                        .toList();
        var keys = List.of(ID, Key.unique("u", "u"));

        assertThat(
                        meet(
                                other,
                                COLUMNS,
                                keys,
                                insert("1", "01", "a", "a", "a"),
                                insert("2", "1", "b", "b", "b")))
                .isTrue();
    }

    @Test
    void changesThatMayMeetAtAComputedValueMeet() {
        var keys =
                List.of(
                        Key.unique("column", "g"),
                        Key.unique("column behind another", "ci", "g"),
                        unique("expression", EXPRESSION),
                        unique("expression behind a column", Key.Part.column("ci"), EXPRESSION));
        for (var key : keys) {
            for (var one : allAt("1", "x")) {
                for (var other : allAt("2", "X")) {
                    assertThat(meet(WITH_COMPUTED, WITH_COMPUTED, List.of(ID), one, other))
                            .isFalse();
                    assertThat(meet(WITH_COMPUTED, WITH_COMPUTED, List.of(ID, key), one, other))
                            .as("%s: %s and %s", key.name(), one, other)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void changesThatMayMeetAtAValueThatOnlyTheTargetComputesMeet() {
        var plain = List.of(column("id"), column("g"), column("ci"), column("v"));
        var without = List.of(column("id"), column("ci"), column("v"));
        var keys = List.of(ID, Key.unique("g", "g"));
        for (var source : List.of(plain, without)) {
            for (var one : allAt("1", "x")) {
                for (var other : allAt("2", "X")) {
                    assertThat(meet(source, WITH_COMPUTED, keys, one, other))
                            .as("%s and %s", one, other)
                            .isTrue();
                }
            }
        }
    }

    /// Such a key addresses no row.
    @Test
    void changesOfATableWhosePrimaryKeyIsComputedMeet() {
        var keys = List.of(Key.primary("g"));
        for (var one : allAt("1", "x")) {
            for (var other : allAt("2", "X")) {
                assertThat(meet(WITH_COMPUTED, WITH_COMPUTED, keys, one, other))
                        .as("%s and %s", one, other)
                        .isTrue();
            }
        }
    }

    @Test
    void aKeyBehindAComputedColumnIsToldByItsOwnValues() {
        var keys = List.of(ID, Key.unique("ci", "ci"));
        var one = insert("1", "A", "x");

        assertThat(meet(WITH_COMPUTED, WITH_COMPUTED, keys, one, insert("2", "a", "y"))).isTrue();
        assertThat(meet(WITH_COMPUTED, WITH_COMPUTED, keys, one, insert("2", "b", "x"))).isFalse();
    }

    @Test
    void aPrefixIsGivenAndTakenWithItsColumn() {
        var keys = List.of(ID, unique("p", new Key.Part("u", 3, false, Optional.empty())));
        var before = row("1", "abcd", "a", "a", "a");
        var gives = new Change.Update(before, row("1", "xyz", "a", "a", "a"));
        var keeps = new Change.Update(before, row("1", "abcd", "a", "a", "b"));
        var takes =
                List.of(
                        insert("2", "abce", "b", "b", "b"),
                        new Change.Update(
                                row("2", "z", "b", "b", "b"), row("2", "abce", "b", "b", "b")));

        for (var other : takes) {
            assertThat(meet(keys, gives, other)).isTrue();
            assertThat(meet(keys, new Change.Delete(before), other)).isTrue();
            assertThat(meet(keys, keeps, other)).isFalse();
        }
    }

    @Test
    void whatLooksForARowOfATableWithoutAKeyMeetsAll() {
        var row = row("1", "a", "a", "a", "a");
        var other = row("2", "b", "b", "b", "b");
        var looking = List.of(new Change.Delete(row), new Change.Update(row, other));

        for (var change : looking) {
            assertThat(meet(List.of(), change, new Change.Insert(other))).isTrue();
            assertThat(meet(List.of(), change, new Change.Delete(other))).isTrue();
        }
    }

    @Test
    void rowsThatAreAddedToATableWithoutAKeyMeetAtUniqueValuesOnly() {
        var one = insert("1", "a", "a", "a", "a");
        var keys = List.of(Key.unique("u", "u"));

        assertThat(meet(List.of(), one, one)).isFalse();
        assertThat(meet(keys, one, insert("1", "b", "a", "a", "a"))).isFalse();
        assertThat(meet(keys, one, insert("2", "a", "b", "b", "b"))).isTrue();
        assertThat(meet(keys, one, insert("2", null, "b", "b", "b"))).isFalse();
        assertThat(meet(keys, new Change.Delete(row("3", "c", "c", "c", "c")), one)).isTrue();
    }
}
