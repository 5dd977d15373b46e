package ferry.engine.apply;

import static ferry.engine.apply.NumberPosition.id;
import static ferry.engine.apply.NumberPosition.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.ChunkMark;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.dialect.Snapshot.ReadSpan;
import ferry.engine.filter.TableMapping;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Key;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Position;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableWindowTest {
    private static final Comparator<Row> NUMERIC =
            Comparator.comparingInt(row -> Integer.parseInt(row.text(0)));
    private static final TableMark MARK = mark();

    @Test
    void aChangeBeforeTheChunkIsSeenAndOneAfterItIsNot() {
        var window =
                window(
                        false,
                        Rules.ALL,
                        chunk(0, "", "10", upTo(20), 25),
                        chunk(1, "10", "", upTo(30), 35));

        walk(window, 1, 20);
        assertThat(window.seen(Row.ofText("5"), id(20))).isTrue();
        walk(window, 21, 21);
        assertThat(window.seen(Row.ofText("5"), id(21))).isFalse();
        assertThat(window.seen(Row.ofText("10"), id(21))).isFalse();
        assertThat(window.seen(Row.ofText("11"), id(21))).isTrue();
    }

    @Test
    void behindAGapNothingIsSeen() {
        var gap = upTo(20).without(15);

        var window = window(false, Rules.ALL, chunk(0, "", "", gap, 25));
        walk(window, 1, 14);
        assertThat(window.seen(Row.ofText("5"), id(14))).isTrue();
        walk(window, 15, 16);
        assertThat(window.seen(Row.ofText("5"), id(16))).isFalse();

        var broken =
                window(false, Rules.without(Rule.READ_AT_IS_A_PREFIX), chunk(0, "", "", gap, 25));
        walk(broken, 1, 16);
        assertThat(broken.seen(Row.ofText("5"), id(16))).isTrue();
    }

    @Test
    void aTableWithUniqueKeysInPlaceIsReplayedFromItsSmallestReadAt() {
        var window =
                window(
                        true,
                        Rules.ALL,
                        chunk(0, "", "10", upTo(20), 25),
                        chunk(1, "10", "", upTo(30), 35));

        walk(window, 1, 21);

        assertThat(window.seen(Row.ofText("11"), id(21))).isFalse();
    }

    @Test
    void withoutAnOrderOfKeysTheSmallestReadAtCounts() {
        var chunks = List.of(chunk(0, "", "10", upTo(20), 25), chunk(1, "10", "", upTo(30), 35));
        var window = new TableWindow(MARK, chunks, Optional.empty(), false, upTo(0), Rules.ALL);

        walk(window, 1, 21);

        assertThat(window.seen(Row.ofText("11"), id(21))).isFalse();
    }

    @Test
    void theWindowEndsAtTheLargestReadBy() {
        var window =
                window(
                        false,
                        Rules.ALL,
                        chunk(0, "", "10", upTo(20), 40),
                        chunk(1, "10", "", upTo(30), 35));

        assertThat(window.endsBefore(id(40), upTo(39))).isFalse();
        assertThat(window.endsBefore(id(41), upTo(40))).isTrue();
        assertThat(window.endsAt(upTo(39))).isFalse();
        assertThat(window.endsAt(upTo(40))).isTrue();
    }

    @Test
    void aWindowThatIsOpenedAtALaterLowWaterMarkKnowsWhatIsPassed() {
        var chunks = List.of(chunk(0, "", "10", upTo(20), 25), chunk(1, "10", "", upTo(30), 35));
        var window =
                new TableWindow(MARK, chunks, Optional.of(NUMERIC), false, upTo(25), Rules.ALL);

        walk(window, 26, 26);

        assertThat(window.seen(Row.ofText("5"), id(26))).isFalse();
        assertThat(window.seen(Row.ofText("11"), id(26))).isTrue();
    }

    private static void walk(TableWindow window, int from, int to) {
        for (var i = from; i <= to; i++) {
            window.advance(id(i));
        }
    }

    private static TableWindow window(boolean uniqueKeys, Rules rules, ChunkMark... chunks) {
        return new TableWindow(
                MARK, List.of(chunks), Optional.of(NUMERIC), uniqueKeys, upTo(0), rules);
    }

    private static ChunkMark chunk(
            int number, String after, String upTo, Position readAt, int readBy) {
        var range =
                new KeyRange(
                        after.isEmpty() ? Optional.empty() : Optional.of(Row.ofText(after)),
                        upTo.isEmpty() ? Optional.empty() : Optional.of(Row.ofText(upTo)));
        return new ChunkMark(
                1, 0, number, range, Optional.of(new ReadSpan(readAt, upTo(readBy))), 0, 0);
    }

    private static TableMark mark() {
        var name = new TableName("shop", "t");
        var table =
                Table.of(
                        name,
                        List.of(Column.of("id", new DataType.Int(32, false), "int", false)),
                        List.of(Key.primary("id")));
        return new TableMark(
                        1,
                        TableMapping.of(name, name),
                        0,
                        TableMark.Phase.NEW,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        0)
                .created(table, table, Optional.empty(), true)
                .next(TableMark.Phase.LOADED);
    }
}
