package ferry.engine.pipeline;

import ferry.engine.checkpoint.Lane;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.load.LoadBoard;
import ferry.engine.schema.SchemaBuilder;

/// Builds the plain keys of one loaded table a step, while others are still loaded. A statement of
/// its that a lost owner left behind has ended before a successor looks which keys are there: it
/// runs on a connection that its lane's row names.
final class KeyWorker implements Loop {
    private final int number;
    private final LoadBoard board;
    private final SchemaBuilder builder;
    private final Lane lane;

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
        var taken = board.takeKeys();
        if (taken.isEmpty()) {
            return Outcome.IDLE;
        }
        var built = false;
        try {
            if (!lane.isOpen()) {
                lane.open();
            }
            builder.buildBehindLoad(lane, taken.get());
            built = true;
        } finally {
            board.keysDone(taken.get(), built);
        }
        return Outcome.WORKED;
    }

    @Override
    public void reset() {
        lane.close();
    }
}
