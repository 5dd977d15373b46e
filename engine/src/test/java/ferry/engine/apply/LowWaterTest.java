package ferry.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Checkpoint.Begun;
import ferry.engine.config.Rules;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Where the mark stands while lanes commit in any order. Positions are sets of numbers.
final class LowWaterTest {
    private final LowWater mark = new LowWater(Rules.ALL, _ -> Optional.empty());

    private static Optional<Position> behind(int number) {
        return Optional.of(NumberPosition.upTo(number));
    }

    private LowWater.Entry read(int number) {
        return mark.read(NumberPosition.id(number), behind(number), number);
    }

    private Checkpoint checkpoint() {
        return mark.checkpoint().orElseThrow();
    }

    private void start(Checkpoint checkpoint) {
        mark.start(checkpoint);
    }

    @Test
    void itStandsBeforeTheFirstThatIsNotWritten() {
        start(Checkpoint.at(NumberPosition.upTo(2)));
        var third = read(3);
        var fourth = read(4);
        mark.done(List.of(fourth));
        assertThat(checkpoint().lowWater()).isEqualTo(NumberPosition.upTo(2));
        assertThat(mark.micros()).isZero();

        mark.done(List.of(third));
        assertThat(checkpoint().lowWater()).isEqualTo(NumberPosition.upTo(4));
        assertThat(mark.micros()).isEqualTo(4);
    }

    @Test
    void whatConcernsNobodyMovesItBehindWhatIsWritten() {
        start(Checkpoint.at(NumberPosition.upTo(2)));
        mark.passed(NumberPosition.id(3), behind(3), 3);
        assertThat(checkpoint().lowWater()).isEqualTo(NumberPosition.upTo(3));

        var fourth = read(4);
        mark.passed(NumberPosition.id(5), behind(5), 5);
        assertThat(checkpoint().lowWater()).isEqualTo(NumberPosition.upTo(3));

        mark.done(List.of(fourth));
        assertThat(checkpoint().lowWater()).isEqualTo(NumberPosition.upTo(5));
    }

    /// The server that takes the first one's place tells them at other places of its log.
    @Test
    void whatWasWrittenIsKnownAgainByItsGlobalId() {
        var successor =
                new LowWater(Rules.ALL, id -> Optional.of("gtid " + Integer.parseInt(id.text())));
        var above = new LinkedHashSet<>(Set.of(NumberPosition.id(4)));
        successor.start(
                new Checkpoint(
                        NumberPosition.upTo(2),
                        above,
                        Optional.of(new Begun(NumberPosition.id(5), 7))));

        assertThat(successor.includes(new TransactionId("03"))).isFalse();
        assertThat(successor.includes(new TransactionId("04"))).isTrue();
        assertThat(successor.begun(new TransactionId("05"))).isEqualTo(7);

        successor.read(new TransactionId("03"), Optional.empty(), 3);
        successor.passed(new TransactionId("04"), Optional.empty(), 4);
        assertThat(successor.checkpoint().orElseThrow().above()).isEmpty();
        assertThat(successor.checkpointWith(new TransactionId("05"), Optional.empty()).begun())
                .isEmpty();
        successor.passed(new TransactionId("05"), Optional.empty(), 5);
        assertThat(successor.hasGaps()).isFalse();
    }

    @Test
    void behindAnOpenXaGroupItStaysAndWhatIsWrittenIsNamed() {
        start(Checkpoint.at(NumberPosition.upTo(2)));
        var fourth = mark.read(NumberPosition.id(4), Optional.empty(), 4);
        mark.done(List.of(fourth));

        assertThat(checkpoint().lowWater()).isEqualTo(NumberPosition.upTo(2));
        assertThat(checkpoint().above()).containsExactly(NumberPosition.id(4));
        assertThat(mark.above()).isEqualTo(1);

        mark.passed(NumberPosition.id(5), behind(5), 5);
        assertThat(checkpoint().above()).isEmpty();
    }

    @Test
    void whatOthersWroteAboveTheMarkCountsOnlyOnceItIsReadAgain() {
        start(
                new Checkpoint(
                        NumberPosition.upTo(2), new LinkedHashSet<>(Set.of(NumberPosition.id(4)))));

        assertThat(mark.includes(NumberPosition.id(4))).isTrue();
        assertThat(mark.applied()).isEqualTo(behind(2));
        assertThat(mark.hasGaps()).isTrue();
        assertThat(checkpoint().above()).containsExactly(NumberPosition.id(4));

        var third = read(3);
        mark.passed(NumberPosition.id(4), behind(4), 4);
        assertThat(mark.applied()).isEqualTo(behind(2));
        mark.done(List.of(third));
        assertThat(mark.applied()).isEqualTo(behind(4));
        assertThat(mark.hasGaps()).isFalse();
    }

    @Test
    void aTransactionThatHasBegunIsAGapUntilItIsWritten() {
        var begun = new Begun(NumberPosition.id(3), 17);
        start(Checkpoint.at(NumberPosition.upTo(2)).with(begun));

        assertThat(mark.hasGaps()).isTrue();
        assertThat(checkpoint().begun()).contains(begun);

        mark.passed(NumberPosition.id(3), behind(3), 3);
        assertThat(mark.hasGaps()).isFalse();
        assertThat(checkpoint().begun()).isEmpty();
    }

    @Test
    void lanesThatCommittedInAnotherOrderOweTheirMark() {
        start(Checkpoint.at(NumberPosition.upTo(2)));
        var third = read(3);
        var fourth = read(4);
        mark.done(List.of(fourth));
        mark.stored(NumberPosition.upTo(2));
        mark.done(List.of(third));
        mark.stored(NumberPosition.upTo(3));

        assertThat(mark.isOwed()).isTrue();
        mark.stored(NumberPosition.upTo(4));
        assertThat(mark.isOwed()).isFalse();
        assertThat(mark.stored()).isEqualTo(behind(4));
    }
}
