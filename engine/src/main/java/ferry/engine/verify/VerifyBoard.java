package ferry.engine.verify;

import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.checkpoint.TableMark.Phase;
import ferry.engine.config.Rule;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Ends;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What is to be compared and what came out. Hands checks to the verify workers; safe for several
/// threads.
public final class VerifyBoard {
    /// Ranges with no more rows than this are compared row by row.
    private static final long ROWS_AT_MOST = 1_000;

    private final Ends ends;
    private final Map<TableName, TableReport> reports = new LinkedHashMap<>();
    private final Map<TableName, Long> open = new LinkedHashMap<>();
    private final Deque<Check> checks = new ArrayDeque<>();
    private final Map<TableName, ProblemException> disturbed = new HashMap<>();
    private boolean abandoned;

    public VerifyBoard(Ends ends, List<TableMark> tables) {
        this.ends = ends;
        for (var mark : tables) {
            var report =
                    new TableReport(
                            mark.name(),
                            mark.targetTable(),
                            method(mark),
                            ends.settings().get(Settings.VERIFY_DIFFERENCES));
            reports.put(mark.name(), report);
            add(new PlanCheck(mark, report));
        }
    }

    /// A board that corrects what the reports of another one found, through this lane, which one
    /// worker owns.
    public static VerifyBoard correcting(
            Ends ends, List<TableMark> tables, List<TableReport> found, Lane lane) {
        var board = new VerifyBoard(ends, List.of());
        for (var mark : tables) {
            var report =
                    found.stream().filter(other -> other.table().equals(mark.name())).findFirst();
            if (report.isEmpty() || report.orElseThrow().differences().isEmpty()) {
                continue;
            }
            var corrected =
                    new TableReport(
                            mark.name(),
                            mark.targetTable(),
                            report.orElseThrow().method(),
                            Long.MAX_VALUE);
            board.reports.put(mark.name(), corrected);
            if (mark.keyed()) {
                var keys =
                        report.orElseThrow().differences().stream().map(Difference::key).toList();
                var holds = ends.rules().keeps(Rule.CORRECTION_AT_ONE_PLACE);
                board.add(new CorrectCheck(mark, corrected, lane, keys, holds));
            } else {
                board.add(new WholeCheck(mark, corrected, Optional.of(lane)));
            }
        }
        return board;
    }

    /// A board that settles the recorded row errors with these ids, all if there are none, of the
    /// tables that changes are applied to.
    public static VerifyBoard settling(Ends ends, Marks marks, Set<String> ids, Lane lane) {
        var board = new VerifyBoard(ends, List.of());
        for (var mark : marks.tables(Phase.EXACT)) {
            var errors =
                    marks.rowErrors(mark).stream()
                            .filter(error -> ids.isEmpty() || ids.contains(error.id()))
                            .toList();
            if (!errors.isEmpty()) {
                var report =
                        new TableReport(
                                mark.name(),
                                mark.targetTable(),
                                board.method(mark),
                                Long.MAX_VALUE);
                board.reports.put(mark.name(), report);
                var holds = ends.rules().keeps(Rule.CORRECTION_AT_ONE_PLACE);
                board.add(new SettleErrorsCheck(mark, report, lane, marks, errors, holds));
            }
        }
        return board;
    }

    public synchronized boolean ended() {
        return abandoned || open.isEmpty();
    }

    /// Nobody wants the outcome any more, and the change log is let go.
    public synchronized void abandon() {
        abandoned = true;
    }

    synchronized boolean abandoned() {
        return abandoned;
    }

    public synchronized List<TableReport> reports() {
        return List.copyOf(reports.values());
    }

    /// Tables that could not be read, because a schema change is on its way, or otherwise. Their
    /// checks are not handed out again.
    public synchronized Map<TableName, ProblemException> disturbed() {
        return Map.copyOf(disturbed);
    }

    synchronized void disturb(Check check, ProblemException problem) {
        disturbed.put(check.report().table(), problem);
        checks.addLast(check.again());
    }

    /// The next one of this kind.
    synchronized Optional<Check> take(Predicate<Check> kind) {
        var next =
                checks.stream()
                        .filter(kind)
                        .filter(check -> !disturbed.containsKey(check.report().table()))
                        .findFirst();
        next.ifPresent(checks::remove);
        return next;
    }

    synchronized void giveBack(Check check) {
        checks.addFirst(check);
    }

    synchronized void ended(Check check, List<Check> next) {
        var report = check.report();
        if (!report.givenUp()) {
            // First of all: what is known of these rows waits in memory.
            next.reversed()
                    .forEach(each -> {
                        open.merge(report.table(), 1L, Long::sum);
                        checks.addFirst(each);
                    });
        }
        var left = open.merge(report.table(), -1L, Long::sum);
        if (left == 0) {
            open.remove(report.table());
            report.end();
        }
    }

    private void add(Check check) {
        open.merge(check.report().table(), 1L, Long::sum);
        checks.add(check);
    }

    private TableReport.Method method(TableMark mark) {
        if (!mark.keyed()) {
            return TableReport.Method.WHOLE_ROWS;
        }
        return sameOrder(mark) ? TableReport.Method.KEY_RANGES : TableReport.Method.HASH_BUCKETS;
    }

    /// Both ends must sort the key alike: a known order at each, over the same types.
    private boolean sameOrder(TableMark mark) {
        return ends.sourceDialect().keyOrder(mark.sourceLayout()).isPresent()
                && mark.targetTable().rowKey().isPresent()
                && ends.targetDialect().keyOrder(mark.targetTable()).isPresent()
                && keyTypes(mark.sourceLayout(), mark.sourceLayout())
                        .equals(keyTypes(mark.targetTable(), mark.sourceLayout()));
    }

    private static List<Object> keyTypes(Table table, Table keyOf) {
        return keyOf.rowKey().orElseThrow().parts().stream()
                .map(part -> (Object) table.carried().get(table.indexOf(part.column())).type())
                .toList();
    }

    /// Cuts a table into checks.
    private static final class PlanCheck extends Check {
        PlanCheck(TableMark mark, TableReport report) {
            super(mark, report);
        }

        @Override
        Check again() {
            return new PlanCheck(mark(), report());
        }

        @Override
        Result step(Sight sight) {
            return new Result.Ended(
                    switch (report().method()) {
                        case WHOLE_ROWS ->
                                List.of(new WholeCheck(mark(), report(), Optional.empty()));
                        case HASH_BUCKETS ->
                                List.of(new BucketsCheck(mark(), report(), buckets(sight)));
                        case KEY_RANGES -> ranges(sight);
                    });
        }

        private int buckets(Sight sight) {
            try (var catalog = sight.ends().sourceCatalog()) {
                var rows = catalog.size(source()).rows();
                return (int) Math.clamp(rows / ROWS_AT_MOST, 1, 100_000);
            }
        }

        private List<Check> ranges(Sight sight) {
            var rows = sight.ends().settings().get(Settings.VERIFY_CHUNK_ROWS);
            var ranges = new ArrayList<Check>();
            var after = Optional.<Row>empty();
            do {
                var upTo = sight.source().keyAfter(source().allRows(), after, rows);
                ranges.add(
                        new RangeCheck(mark(), report(), new KeyRange(after, upTo), ROWS_AT_MOST));
                after = upTo;
            } while (after.isPresent());
            return ranges;
        }
    }
}
