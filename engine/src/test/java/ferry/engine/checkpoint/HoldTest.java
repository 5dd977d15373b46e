package ferry.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HoldTest {
    private final Hold hold = new Hold();

    @Test
    void allWhoAskedByThenLookTogether() {
        var one = hold.ask();
        var other = hold.ask();
        assertThat(hold.wanted()).isTrue();
        assertThat(one.held()).isFalse();

        hold.stand();
        assertThat(one.held()).isTrue();
        assertThat(other.held()).isTrue();

        one.release();
        assertThat(one.held()).isFalse();
        assertThat(other.held()).isTrue();
        assertThat(hold.wanted()).isTrue();

        other.release();
        assertThat(hold.wanted()).isFalse();
    }

    @Test
    void whoAsksWhileApplyStandsWaitsForTheNextTime() {
        var first = hold.ask();
        hold.stand();
        var late = hold.ask();

        hold.stand();
        assertThat(late.held()).isFalse();

        first.release();
        assertThat(late.held()).isFalse();
        assertThat(hold.wanted()).isTrue();

        hold.stand();
        assertThat(late.held()).isTrue();
    }

    @Test
    void whoNoLongerWantsItHoldsNobody() {
        hold.ask().release();

        assertThat(hold.wanted()).isFalse();
    }
}
