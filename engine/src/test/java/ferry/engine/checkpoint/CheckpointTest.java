package ferry.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.Checkpoint.Begun;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is in the target for certain.
final class CheckpointTest {
    /// A place in a log, which says nothing of single transactions before it.
    private record Place(int offset) implements Position {
        @Override
        public boolean covers(Position other) {
            return offset >= ((Place) other).offset;
        }

        @Override
        public boolean includes(TransactionId id) {
            return offset >= Integer.parseInt(id.text());
        }

        @Override
        public Position plus(TransactionId id) {
            return new Place(Math.max(offset, Integer.parseInt(id.text())));
        }

        @Override
        public boolean liesBefore(TransactionId id) {
            return !includes(id);
        }

        @Override
        public String text() {
            return "" + offset;
        }
    }

    @Test
    void aTransactionAboveTheMarkHidesNothingThatIsMissingBeforeIt() {
        var killed = Checkpoint.at(new Place(100)).with(new TransactionId("105"));

        assertThat(killed.all().covers(new Place(104))).as("the place alone").isTrue();
        assertThat(killed.isWholeAt(new Place(105))).isFalse();
        assertThat(killed.isWholeAt(new Place(100))).isFalse();
        assertThat(killed.raisedTo(new Place(105)).isWholeAt(new Place(105))).isTrue();
        assertThat(Checkpoint.at(new Place(100)).isWholeAt(new Place(101))).isFalse();
    }

    @Test
    void aPartOfATransactionIsNotTheWhole() {
        var begun = Checkpoint.at(new Place(100)).with(new Begun(new TransactionId("101"), 3));

        assertThat(begun.isWholeAt(new Place(100))).isFalse();
    }

    @Test
    void theTextIsReadBackAndNamesNeighboursByTheirDifferences() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 500; round++) {
            var ids = new LinkedHashSet<TransactionId>();
            for (var i = random.nextInt(20); i > 0; i--) {
                ids.add(new TransactionId(someId(random)));
            }
            var begun =
                    random.nextBoolean()
                            ? Optional.of(new Begun(new TransactionId(someId(random)), 7))
                            : Optional.<Begun>empty();
            var checkpoint = new Checkpoint(new Place(100), ids, begun);

            assertThat(Checkpoint.parse(checkpoint.text(), CheckpointTest::place))
                    .as("seed %d: %s", seed, checkpoint.text())
                    .isEqualTo(checkpoint);
        }
        var log = "gtid=3e11fa47-71ca-11e1-9e33-c80aa9429562:%d;file=binlog.000003:%d@3e11fa47";
        var two =
                Checkpoint.at(new Place(1))
                        .with(new TransactionId(log.formatted(41, 1234)))
                        .with(new TransactionId(log.formatted(42, 5678)));
        assertThat(two.text()).endsWith("~43,9:2;file=binlog.000003:5678");
    }

    private static String someId(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "" + random.nextInt(2_000);
            case 1 -> "~".repeat(random.nextInt(3)) + random.nextInt(9) + ",1:";
            case 2 -> "aa".repeat(random.nextInt(4)) + "b";
            default -> "gtid=source:%d;file=log:%d@server".formatted(random.nextInt(99), 7);
        };
    }

    /// Checkpoints that were stored before neighbours were told by their differences.
    @Test
    void wholeNamesAreReadToo() {
        assertThat(Checkpoint.parse("100\n105\n107", CheckpointTest::place))
                .isEqualTo(
                        Checkpoint.at(new Place(100))
                                .with(new TransactionId("105"))
                                .with(new TransactionId("107")));
    }

    private static Position place(String text) {
        return new Place(Integer.parseInt(text));
    }
}
