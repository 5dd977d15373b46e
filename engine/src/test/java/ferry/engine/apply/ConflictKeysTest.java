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

    private static Claims claims(List<Key> keys, Change change) {
        return claims(COLUMNS, keys, change);
    }

    private static Claims claims(List<Column> source, List<Key> keys, Change change) {
        var claims = new Claims();
        ConflictKeys.of(
                        (_, column) -> form(column),
                        Table.of(new TableName("shop", "t"), source, keys),
                        Table.of(new TableName("copy", "t"), COLUMNS, keys))
                .claim(change, claims);
        return claims;
    }

    private static boolean meet(List<Key> keys, Change one, Change other) {
        return meet(claims(keys, one), claims(keys, other))
                || meet(claims(keys, other), claims(keys, one));
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
                                claims(other, keys, insert("1", "01", "a", "a", "a")),
                                claims(other, keys, insert("2", "1", "b", "b", "b"))))
                .isTrue();
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
