package ferry.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.Checkpoint.Begun;
import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
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
}
