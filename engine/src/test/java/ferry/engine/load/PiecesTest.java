package ferry.engine.load;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.model.Row;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private static final List<Row> ROWS =
            List.of(
                    Row.ofText("1234"),
                    Row.ofText("1234"),
                    Row.ofText("123456789"),
                    Row.ofText("1"));

    @Test
    void withoutALimitABatchStaysWhole() {
        assertThat(Pieces.of(ROWS, Optional.empty())).containsExactly(ROWS);
    }

    @Test
    void piecesKeepTheirOrderAndTheLimit() {
        var size = ROWS.getFirst().byteCount();

        assertThat(Pieces.of(ROWS, Optional.of(2L * size)))
                .containsExactly(ROWS.subList(0, 2), ROWS.subList(2, 3), ROWS.subList(3, 4));
    }

    @Test
    void aLargerRowGoesAlone() {
        assertThat(Pieces.of(ROWS, Optional.of(1L)))
                .containsExactly(
                        ROWS.subList(0, 1),
                        ROWS.subList(1, 2),
                        ROWS.subList(2, 3),
                        ROWS.subList(3, 4));
    }
}
