package ferry.engine.pipeline;

import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.load.LoadBoard;
import ferry.engine.schema.SchemaBuilder;
import java.util.Optional;

/// Builds the plain keys of one loaded table a step and has its statistics gathered, while others
/// are still loaded. A statement of its that a lost owner left behind has ended before a successor
/// looks which keys are there: it runs on a connection that its lane's row names. The same holds
/// for a connection of its own that was lost: the table stays in its hands until its lane is open
/// again, which ends that connection.
final class KeyWorker implements Loop {
    private final int number;
    private final LoadBoard board;
    private final SchemaBuilder builder;
    private final Lane lane;
    private Optional<TableMark> taken = Optional.empty();

    KeyWorker(Ends ends, long epoch, int number, LoadBoard board, SchemaBuilder builder) {
        this.number = number;
        this.board = board;
        this.builder = builder;
        this.lane = new Lane(ends, name(), epoch);
    }

    @Override
    public String name() {
        return "keys-" + number;
    }

    @Override
    public Outcome step() {
        if (taken.isEmpty()) {
            taken = board.takeKeys();
        }
        if (taken.isEmpty()) {
            return Outcome.IDLE;
        }
        if (!lane.isOpen()) {
            lane.open();
        }
        var table = taken.orElseThrow();
        builder.buildBehindLoad(lane, table);
        builder.gatherStatistics(lane, table);
        taken = Optional.empty();
        board.keysDone(table);
        return Outcome.WORKED;
    }

    @Override
    public void reset() {
        lane.close();
    }
}
