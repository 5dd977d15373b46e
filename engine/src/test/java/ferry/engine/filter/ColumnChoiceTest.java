package ferry.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.Column.Generation;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TextDecoder;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnChoiceTest {
    private static final TableName NAME = new TableName("shop", "users");
    private static final TableName PARENT = new TableName("shop", "teams");
    private static final Table TABLE =
            new Table(
                    NAME,
                    List.of(
                            column("id"),
                            column("nick"),
                            column("password"),
                            column("team"),
                            computed("twice", "(`nick` * 2)"),
                            computed("again", "(`twice` + 1)")),
                    List.of(
                            Key.primary("id"),
                            Key.unique("by_nick", "nick"),
                            Key.plain("by_password", "team", "password"),
                            new Key(
                                    "by_sum",
                                    Key.Kind.PLAIN,
                                    List.of(
                                            new Key.Part(
                                                    "", 0, false, Optional.of("(`PASSWORD` + 1)"))),
                                    Optional.empty())),
                    List.of(
                            new ForeignKey(
                                    "in_team",
                                    List.of("team"),
                                    PARENT,
                                    List.of("id"),
                                    "CASCADE",
                                    "CASCADE")),
                    Map.of("check long_enough", "(`password` > 7)", "comment", "password"),
                    Optional.of("PARTITION BY HASH (`id`)"));

    private static Column column(String name) {
        return Column.of(name, new DataType.Int(32, false), "int", false);
    }

    private static Column computed(String name, String sql) {
        return new Column(
                name,
                new DataType.Int(32, false),
                "int",
                true,
                Optional.empty(),
                Optional.empty(),
                false,
                Generation.STORED,
                Optional.of(sql),
                false,
                "");
    }

    private static TableMapping mapping(String columns) {
        return new TableMapping(
                NAME, NAME, Optional.empty(), Optional.of(ColumnChoice.parse(columns)));
    }

    private static List<String> names(Table table) {
        return table.columns().stream().map(Column::name).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id,nick ; id, nick",
                "nick = x ; REFUSED",
                "id, nick=alias ; id, nick=alias",
                "*, -password ; *, -password",
                "*,nick=alias,-password ; *, -password, nick=alias",
                "`a,b`, `-c`=`d``e` ; `-c`=`d``e`, `a,b`",
                "*, -zeta, -alpha ; *, -alpha, -zeta",
                "* ; *"
            })
    void aChoiceIsReadAndWritten(String text, String written) {
        if (written.equals("REFUSED")) {
            assertThatThrownBy(() -> ColumnChoice.parse(text)).hasMessageContaining("backticks");
            return;
        }
        assertThat(ColumnChoice.parse(text)).hasToString(written);
        assertThat(ColumnChoice.parse(written)).isEqualTo(ColumnChoice.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "id,,nick", "-password", "*, id", "id, ID", "*, -a, a=b", "a=b=c", "a="})
    void whatMakesNoSenseIsRefused(String text) {
        assertThatThrownBy(() -> ColumnChoice.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aViewShowsWhatWasChosenUnderItsNewName() {
        var view = mapping("*, -PASSWORD, nick=alias").view(TABLE);

        assertThat(names(view)).containsExactly("id", "alias", "team");
        assertThat(view.keys()).containsExactly(Key.primary("id"), Key.unique("by_nick", "alias"));
        assertThat(names(view.underOwnNames())).containsExactly("id", "nick", "team");
        assertThat(view.underOwnNames().keys())
                .containsExactly(Key.primary("id"), Key.unique("by_nick", "nick"));
        assertThat(view.whole()).isEqualTo(TABLE);
        assertThat(view.options()).containsOnlyKeys("comment");
        assertThat(view.partitioning()).isPresent();
    }

    @Test
    void whatGoesWithAColumnIsTold() {
        var mapping = mapping("*, -password, nick=alias");

        assertThat(mapping.leftOut(mapping.view(TABLE)))
                .containsExactly(
                        "generated column twice",
                        "generated column again",
                        "key by_password",
                        "key by_sum",
                        "check long_enough");
        assertThat(mapping("*, id=number").leftOut(mapping("*, id=number").view(TABLE)))
                .containsExactly("its partitions");
    }

    @Test
    void aForeignKeyFollowsTheNamesOfItsParent() {
        var view = mapping("*, team=crew").view(TABLE);
        var parent =
                new TableMapping(
                        PARENT,
                        PARENT,
                        Optional.empty(),
                        Optional.of(ColumnChoice.parse("*, id=number")));
        var without =
                new TableMapping(
                        PARENT, PARENT, Optional.empty(), Optional.of(ColumnChoice.parse("name")));

        var followed = TableMapping.withParents(view, _ -> Optional.of(parent)).foreignKeys();
        assertThat(followed.getFirst().columns()).containsExactly("crew");
        assertThat(followed.getFirst().parentColumns()).containsExactly("number");
        assertThat(TableMapping.withParents(view, _ -> Optional.of(without)).foreignKeys())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "nick ; its column id must move",
                "id, nick=x, team=X ; would both become",
                "*, nick=team ; would both become"
            })
    void aChoiceThatDoesNotFitIsAProblemOfItsTable(String columns, String why) {
        var problem =
                catchThrowableOfType(ProblemException.class, () -> mapping(columns).view(TABLE));

        assertThat(problem.code()).isEqualTo(ProblemCode.COLUMN_CHOICE);
        assertThat(problem.table()).contains(NAME);
        assertThat(problem.problem().why()).contains(why);
    }

    /// A slip of the pen must not let a password move.
    @Test
    void aColumnThatIsNotThereIsAProblemAtTheBeginning() {
        var problem =
                catchThrowableOfType(
                        ProblemException.class, () -> mapping("*, -pasword").requireColumns(TABLE));

        assertThat(problem.problem().why()).isEqualTo("it has no column pasword");
        mapping("*, -Password").requireColumns(TABLE);
    }

    @Test
    void loggedRowsKeepTheirPlacesAndLoseTheNamesOfWhatStays() {
        var logged = LoggedTable.of(mapping("id, nick=alias, team"), TABLE, TextDecoder.UTF_8);
        var before = Row.ofText("1", "2", "3", "4");

        assertThat(names(logged.layout())).startsWith("id", "alias", "", "team");
        assertThat(logged.layout().rowKeyIndexes()).containsExactly(0);
        assertThat(
                        logged.moved(
                                List.of(
                                        new Change.Insert(before),
                                        new Change.Update(before, Row.ofText("1", "2", "9", "4")),
                                        new Change.Update(before, Row.ofText("1", "9", "3", "4")))))
                .containsExactly(
                        new Change.Insert(before),
                        new Change.Update(before, Row.ofText("1", "9", "3", "4")));
    }

    /// Two columns that change places under one name look as if nothing had happened.
    @Test
    void aStatementNamesWhatMoves() {
        var mapping =
                new TableMapping(
                        NAME,
                        NAME,
                        Optional.of("password > 7"),
                        Optional.of(ColumnChoice.parse("id, nick=alias")));

        assertThat(mapping.isNamedIn("ALTER TABLE users DROP nick, CHANGE team `Nick` INT", TABLE))
                .isTrue();
        assertThat(mapping.isNamedIn("ALTER TABLE users DROP COLUMN Password", TABLE)).isTrue();
        assertThat(mapping.isNamedIn("ALTER TABLE users DROP COLUMN team", TABLE)).isFalse();
        assertThat(
                        TableMapping.of(NAME, NAME)
                                .isNamedIn("ALTER TABLE users DROP COLUMN nick", TABLE))
                .isFalse();
    }

    /// It may have got another name, under which it would move.
    @Test
    void aColumnThatWasLeftOutAndIsGoneIsAProblem() {
        var without = Table.of(NAME, List.of(column("id"), column("password_hash")), List.of());

        var problem =
                catchThrowableOfType(
                        ProblemException.class, () -> mapping("*, -password").requireLeft(without));

        assertThat(problem.code()).isEqualTo(ProblemCode.COLUMN_CHOICE);
        mapping("id, password=secret").requireLeft(without);
    }

    @Test
    void aComputedColumnMayStandBeforeWhatItIsComputedFrom() {
        var table =
                Table.of(
                        NAME,
                        List.of(
                                column("id"),
                                computed("first", "(`second` + 1)"),
                                computed("second", "LENGTH(`password`)"),
                                column("password")),
                        List.of(Key.primary("id")));

        assertThat(names(mapping("*, -password").view(table))).containsExactly("id");
    }

    @Test
    void aChangeOfWhatStaysIsNotSeen() {
        var more = new ArrayList<>(TABLE.columns());
        more.add(column("more"));
        var wider =
                new Table(
                        NAME,
                        more,
                        TABLE.keys(),
                        TABLE.foreignKeys(),
                        TABLE.options(),
                        TABLE.partitioning());

        assertThat(mapping("id, nick").seesAlike(TABLE, wider)).isTrue();
        assertThat(mapping("*, -password").seesAlike(TABLE, wider)).isFalse();
        assertThat(mapping("id, more").seesAlike(TABLE, wider)).isFalse();
    }
}
