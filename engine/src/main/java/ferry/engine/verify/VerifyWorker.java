package ferry.engine.verify;

import ferry.engine.changelog.ChangeLog;
import ferry.engine.checkpoint.Applied;
import ferry.engine.checkpoint.Lane;
import ferry.engine.config.Settings;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Ends;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Carries checks of a board through, one step each time. Most of its time a check waits for apply
/// (where it lags: for as long as it lags), so that a worker has several of them begun: they wait
/// together, and look at the target together when apply stands still.
public final class VerifyWorker implements Loop {
    private final String name;
    private final Ends ends;
    private final VerifyBoard board;
    private final Optional<ChangeLog> log;
    private final Optional<Applied> applied;
    private final Optional<Lane> lane;
    private final int begunMax;
    private final long heldMax;
    private final List<Check> begun = new ArrayList<>(); // the oldest first
    private Sight sight;
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
        begunMax = ends.settings().number(Settings.VERIFY_BEGUN);
        heldMax = ends.settings().get(Settings.VERIFY_MEMORY_BYTES) / 2;
    }

    @Override
    public String name() {
        return name;
    }

    /// What all its checks wait for: empty while it works, the empty text when it has none.
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
        var full = holdsMuch();
        if (full) {
            begun.stream().filter(check -> check.held() == 0).forEach(Check::drop);
        }
        // Apply must not stand for one that has to wait for a long step of another one.
        var standing = begun.stream().anyMatch(Check::asks);
        Predicate<Check> may = check -> !standing || check.isBrief() || check.asks();
        var waits = "";
        for (var check : theAskingFirst()) {
            if (!may.test(check) || full && check.held() == 0) {
                continue;
            }
            switch (step(check)) {
                case Check.Result.Worked _ -> {
                    waitsFor = Optional.empty();
                    return Outcome.BEGUN;
                }
                case Check.Result.Ended(List<Check> next) -> {
                    waitsFor = Optional.empty();
                    begun.remove(check);
                    board.ended(check, next);
                    return Outcome.WORKED;
                }
                case Check.Result.Waiting(String forWhat) ->
                        waits = waits.isEmpty() ? forWhat : waits;
            }
        }
        var next = full || begun.size() >= begunMax ? Optional.<Check>empty() : board.take(may);
        next.ifPresent(begun::add);
        waitsFor = next.isPresent() ? Optional.empty() : Optional.of(waits);
        return next.isPresent() ? Outcome.BEGUN : Outcome.IDLE;
    }

    private List<Check> theAskingFirst() {
        return begun.stream()
                .sorted(Comparator.comparing(check -> !check.asks())) // otherwise the oldest
                .toList();
    }

    /// Then those that hold something end before others go on.
    private boolean holdsMuch() {
        return begun.stream().mapToLong(Check::held).sum() >= heldMax;
    }

    private Check.Result step(Check check) {
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
            begun.remove(check);
            board.disturb(check, e);
            closeSight(); // what a failed read left of it is not known
            return Check.WORKED;
        }
    }

    @Override
    public void reset() {
        for (var check : begun.reversed()) {
            check.drop();
            board.giveBack(check.again());
        }
        begun.clear();
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
