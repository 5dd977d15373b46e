package ferry.engine.apply;

import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.RowError;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.ErrorSettings;
import ferry.engine.config.ErrorSettings.RowErrors;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.Key;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TransactionId;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What becomes of changes that the target refuses (`apply.row.errors`). A job that failed as a
/// whole is written again in the order of its changes, unmerged, and in pieces that are halved
/// until single changes are left that fail: those are recorded together with it, or, where nothing
/// is recorded, the first of them is told with its transaction. Safe for several threads.
final class RowPolicy {
    private static final int SHOWN_MAX = 2_000;

    private final Ends ends;
    private final Marks marks;
    private final boolean records;
    private final long rowsMax;
    private final Set<String> underWay = new HashSet<>(); // of transactions that lanes have open

    RowPolicy(Ends ends, Marks marks) {
        this.ends = ends;
        this.marks = marks;
        records = ends.settings().get(ErrorSettings.APPLY_ROW_ERRORS) == RowErrors.RECORD;
        rowsMax = ends.settings().get(ErrorSettings.APPLY_ROW_ERRORS_LIMIT);
    }

    /// True for what can be the fault of one change.
    static boolean isOfRow(ProblemException problem) {
        return problem.table().isPresent() && problem.code().isOfRow();
    }

    /// True where the change that met this problem may be recorded.
    boolean records(ProblemException problem) {
        return records && isOfRow(problem);
    }

    /// Writes a part of a transaction; what fails is added to `failed`, or thrown.
    void write(
            Writer writer,
            TransactionId id,
            PendingTransaction.Part part,
            SequencedMap<String, RowError> failed) {
        write(writer, id, part, part.replay().changes(), failed);
    }

    private void write(
            Writer writer,
            TransactionId id,
            PendingTransaction.Part part,
            List<Change> changes,
            SequencedMap<String, RowError> failed) {
        var source = part.source().name();
        var problem =
                writer.attempt(
                        new TableChanges(source, part.target(), part.replay().mode(), changes));
        if (problem.isEmpty()) {
            return;
        }
        if (changes.size() > 1) {
            var half = changes.size() / 2;
            write(writer, id, part, changes.subList(0, half), failed);
            write(writer, id, part, changes.subList(half, changes.size()), failed);
            return;
        }
        if (!records || part.source().rowKey().isEmpty()) {
            throw told(problem.get(), id, part, changes.getFirst());
        }
        record(problem.get(), id, part, changes.getFirst(), failed);
    }

    private ProblemException told(
            ProblemException met, TransactionId id, PendingTransaction.Part part, Change change) {
        var problem = met.problem();
        var where =
                "%s; it is the %s of a row of %s in transaction %s"
                        .formatted(
                                problem.why(),
                                kind(change).name().toLowerCase(Locale.ROOT),
                                part.source().name(),
                                name(id));
        return new ProblemException(
                        new Problem(problem.code(), problem.what(), where, problem.remedy()), met)
                .concerning(part.source().name());
    }

    /// The same problem, told with the transaction in which it was met.
    ProblemException inTransaction(ProblemException met, TransactionId id) {
        var problem = met.problem();
        return new ProblemException(
                new Problem(
                        problem.code(),
                        problem.what(),
                        problem.why() + "; it was met in transaction " + name(id),
                        problem.remedy()),
                met);
    }

    /// As people know it.
    private String name(TransactionId id) {
        return ends.sourceDialect().globalId(id).orElse(id.text());
    }

    /// A change of key concerns two rows.
    private void record(
            ProblemException met,
            TransactionId id,
            PendingTransaction.Part part,
            Change change,
            SequencedMap<String, RowError> failed) {
        var mark = marks.table(part.source().name()).orElseThrow();
        var before = before(change);
        var after = after(change);
        before.ifPresent(row -> record(met, id, part, change, mark, row, failed));
        after.filter(row -> before.isEmpty() || !key(part, row).equals(key(part, before.get())))
                .ifPresent(row -> record(met, id, part, change, mark, row, failed));
    }

    private void record(
            ProblemException met,
            TransactionId id,
            PendingTransaction.Part part,
            Change change,
            TableMark mark,
            Row row,
            SequencedMap<String, RowError> failed) {
        var key = key(part, row);
        var known =
                Optional.ofNullable(failed.get(RowError.id(mark.id(), key)))
                        .or(() -> marks.rowError(mark, key));
        var error =
                known.map(first -> first.again(name(id)))
                        .orElseGet(() ->
                                RowError.of(
                                        mark,
                                        key,
                                        shown(key, keyColumns(part)),
                                        kind(change),
                                        met.problem(),
                                        name(id),
                                        before(change).map(old -> shown(part, old)).orElse(""),
                                        after(change).map(now -> shown(part, now)).orElse(""),
                                        ends.clock().instant().toString()));
        failed.put(error.id(), error);
    }

    /// Puts what failed into the transaction that leaves it out.
    void put(Writer writer, Collection<RowError> failed) {
        if (failed.isEmpty()) {
            return;
        }
        var known = marks.rowErrors().stream().map(RowError::id).collect(Collectors.toSet());
        synchronized (underWay) {
            failed.forEach(error -> underWay.add(error.id()));
            known.addAll(underWay);
        }
        if (known.size() > rowsMax) {
            var first = failed.iterator().next();
            throw ProblemException.of(
                    ProblemCode.ROW_ERRORS,
                    "the changes of " + known.size() + " rows failed",
                    "apply.row.errors.limit allows %d; the last one is of %s in transaction %s: %s: %s"
                            .formatted(
                                    rowsMax,
                                    first.table(),
                                    first.lastTransaction(),
                                    first.what(),
                                    first.why()),
                    "look at them with 'ferry errors', mend the cause and retry or drop them, or raise the limit");
        }
        writer.put(failed.stream().map(RowError::entry).toList());
    }

    /// No lane has anything open.
    void forget() {
        synchronized (underWay) {
            underWay.clear();
        }
    }

    /// They are in the target.
    void recorded(Collection<RowError> failed) {
        failed.forEach(marks::record);
        synchronized (underWay) {
            failed.forEach(error -> underWay.remove(error.id()));
        }
    }

    private static RowError.Kind kind(Change change) {
        return switch (change) {
            case Change.Insert _ -> RowError.Kind.INSERT;
            case Change.Update _ -> RowError.Kind.UPDATE;
            case Change.Delete _ -> RowError.Kind.DELETE;
        };
    }

    private static Optional<Row> before(Change change) {
        return switch (change) {
            case Change.Insert _ -> Optional.empty();
            case Change.Update(var before, var _) -> Optional.of(before);
            case Change.Delete(var before) -> Optional.of(before);
        };
    }

    private static Optional<Row> after(Change change) {
        return switch (change) {
            case Change.Insert(var after) -> Optional.of(after);
            case Change.Update(var _, var after) -> Optional.of(after);
            case Change.Delete _ -> Optional.empty();
        };
    }

    private static Row key(PendingTransaction.Part part, Row row) {
        return row.project(keyColumns(part).stream().mapToInt(part.target()::indexOf).toArray());
    }

    private static List<String> keyColumns(PendingTransaction.Part part) {
        return part.source().rowKey().orElseThrow().parts().stream().map(Key.Part::column).toList();
    }

    private static String shown(PendingTransaction.Part part, Row row) {
        Table target = part.target();
        return shown(row, target.carried().stream().map(Column::name).toList());
    }

    private static String shown(Row row, List<String> columns) {
        var text =
                IntStream.range(0, row.size())
                        .filter(i -> !row.isAbsent(i))
                        .mapToObj(i -> columns.get(i) + " " + row.shown(i))
                        .collect(Collectors.joining(", "));
        return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
    }
}
