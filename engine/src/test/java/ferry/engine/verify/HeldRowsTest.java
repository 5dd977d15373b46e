package ferry.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldRowsTest {
    private static final List<Row> ROWS =
            IntStream.range(0, 5_000).mapToObj(i -> Row.ofText("row " + i)).toList();

    @Test
    void sharesThatWereLetGoMakeUpTheWholeAndEachFitsItsLimit() {
        var left = new ArrayDeque<>(List.of(Share.ALL));
        var found = new ArrayList<Row>();
        var firsts = 0;
        var most = 0;

        while (!left.isEmpty()) {
            var held = new HeldRows<Boolean>(left.poll(), 20_000, _ -> 0);
            ROWS.forEach(row -> held.compute(row, (_, _) -> true));
            left.addAll(held.letGo());
            found.addAll(held.rows());
            firsts += held.share().isFirst() ? 1 : 0;
            most = Math.max(most, held.rows().size());
        }

        assertThat(found).hasSameSizeAs(ROWS);
        assertThat(new HashSet<>(found)).isEqualTo(new HashSet<>(ROWS));
        assertThat(firsts).isOne();
        assertThat(most).isLessThan(20_000 / 160);
    }

    @Test
    void whatWasLetGoIsIgnoredFromThenOn() {
        var held = new HeldRows<Long>(Share.ALL, 20_000, _ -> 8);
        ROWS.forEach(row -> held.compute(row, (_, _) -> 1L));

        ROWS.forEach(row -> held.compute(row, (_, count) -> count == null ? -1L : null));

        assertThat(held.letGo()).isNotEmpty();
        assertThat(held.rows()).isEmpty();
    }

    @Test
    void aSingleRowIsHeldWhateverItsSize() {
        var large = Row.ofText("x".repeat(10_000));
        var held = new HeldRows<Boolean>(Share.ALL, 1_000, _ -> 0);

        held.compute(large, (_, _) -> true);

        assertThat(held.rows()).containsExactly(large);
        assertThat(held.letGo()).isEmpty();
    }

    @Test
    void manyRowsOfOneHashAreHeldTogether() {
        var same = List.of(Row.ofText("Aa"), Row.ofText("BB")); // as String.hashCode has it
        assertThat(same.getFirst()).hasSameHashCodeAs(same.getLast());
        var left = new ArrayDeque<>(List.of(Share.ALL));
        var together = 0;

        while (!left.isEmpty()) {
            var held = new HeldRows<Boolean>(left.poll(), 1, _ -> 0);
            same.forEach(row -> held.compute(row, (_, _) -> true));
            left.addAll(held.letGo());
            together += held.rows().size() == 2 ? 1 : 0;
        }

        assertThat(together).isOne();
    }
}
