package ferry.engine.verify;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.checkpoint.Applied;
import ferry.engine.checkpoint.Lane;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/// Carries checks of a board through, one step each time.
public final class VerifyWorker implements Loop {
    private final String name;
    private final Ends ends;
    private final VerifyBoard board;
    private final Optional<ChangeLog> log;
    private final Optional<Applied> applied;
    private final Optional<Lane> lane;
    private Sight sight;
    private Check check;
    private volatile Optional<String> waitsFor = Optional.empty();

    /// `lane` for a worker that corrects.
    public VerifyWorker(
            String name,
            Ends ends,
            VerifyBoard board,
            Optional<ChangeLog> log,
            Optional<Applied> applied,
            Optional<Lane> lane) {
        this.name = name;
        this.ends = ends;
        this.board = board;
        this.log = log;
        this.applied = applied;
        this.lane = lane;
    }

    @Override
    public String name() {
        return name;
    }

    /// What its check waits for: empty while it works, the empty text when it has none.
    public Optional<String> waitsFor() {
        return waitsFor;
    }

    @Override
    public Outcome step() {
        if (board.ended()) {
            reset();
            return Outcome.DONE;
        }
        open();
        if (check == null) {
            var taken = board.take();
            if (taken.isEmpty()) {
                waitsFor = Optional.of("");
                return Outcome.IDLE;
            }
            check = taken.orElseThrow();
        }
        var result = stepCheck();
        waitsFor =
                result instanceof Check.Result.Waiting(String forWhat)
                        ? Optional.of(forWhat)
                        : Optional.empty();
        return switch (result) {
            case Check.Result.Worked _ -> Outcome.BEGUN;
            case Check.Result.Waiting _ -> Outcome.IDLE;
            case Check.Result.Ended(List<Check> next) -> {
                var ended = check;
                check = null;
                board.ended(ended, next);
                yield Outcome.WORKED;
            }
        };
    }

    private Check.Result stepCheck() {
        try {
            return check.step(sight);
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.LOG_LIMIT && board.abandoned()) {
                return Check.WORKED;
            }
            if (e.code() != ProblemCode.SOURCE_STATEMENT
                    && e.code() != ProblemCode.TARGET_STATEMENT) {
                throw e;
            }
            check.drop();
            board.disturb(check, e);
            check = null;
            closeSight(); // what a failed read left of it is not known
            return Check.WORKED;
        }
    }

    @Override
    public void reset() {
        if (check != null) {
            check.drop();
            board.giveBack(check.again());
            check = null;
        }
        lane.ifPresent(Lane::close);
        closeSight();
    }

    private void closeSight() {
        if (sight != null) {
            sight.source().close();
            sight.target().close();
            sight = null;
        }
    }

    private void open() {
        lane.filter(open -> !open.isOpen()).ifPresent(Lane::open);
        if (sight == null) {
            var source = ends.sourceSnapshot();
            try {
                sight = new Sight(ends, source, ends.targetSnapshot(), log, applied);
            } finally {
                if (sight == null) {
                    source.close();
                }
            }
        }
    }
}
