package ferry.engine.apply;

import ferry.engine.checkpoint.Checkpoint;
import ferry.engine.checkpoint.Lane;
import ferry.engine.checkpoint.Marks;
import ferry.engine.checkpoint.SkipOrder;
import ferry.engine.checkpoint.SkipOrder.State;
import ferry.engine.checkpoint.TableMark;
import ferry.engine.config.Rule;
import ferry.engine.dialect.Ends;
import ferry.engine.model.Position;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Carries out orders to leave transactions out. What was left out is told in the target
/// transaction that passes over it, while every lane stands. For the thread that reads the log.
final class Skips {
    private static final String NOTHING = "it held no change that was to be written";

    private final Ends ends;
    private final Marks marks;
    private final Map<TableName, Long> changes = new TreeMap<>(); // of the present transaction

    Skips(Ends ends, Marks marks) {
        this.ends = ends;
        this.marks = marks;
    }

    /// Nothing of a transaction is counted yet.
    void forget() {
        changes.clear();
    }

    /// The order that concerns this transaction and has not ended.
    Optional<SkipOrder> of(TransactionId id) {
        var open = open();
        return open.isEmpty()
                ? Optional.empty()
                : ends.sourceDialect()
                        .globalId(id)
                        .flatMap(name ->
                                open.stream().filter(order -> order.id().equals(name)).findFirst());
    }

    /// The order to leave this transaction out, whether it was carried out already or not.
    Optional<SkipOrder> leftOut(TransactionId id) {
        var orders = marks.skips().stream().filter(order -> order.state() != State.VOID).toList();
        return orders.isEmpty()
                ? Optional.empty()
                : ends.sourceDialect()
                        .globalId(id)
                        .flatMap(name ->
                                orders.stream()
                                        .filter(order -> order.id().equals(name))
                                        .findFirst());
    }

    /// A table that was apart has come to what these leave out, so many of its changes each: as
    /// they are behind that.
    List<SkipOrder> ended(TableName table, Map<SkipOrder, Long> met) {
        var ended = new ArrayList<SkipOrder>();
        met.forEach((order, count) -> {
            var told = "%d changes of %s".formatted(count, table);
            var before =
                    order.state() == State.DONE && !order.outcome().equals(NOTHING)
                            ? order.outcome() + ", "
                            : "";
            ended.add(order.ended(State.DONE, before + told));
        });
        return ended;
    }

    private List<SkipOrder> open() {
        return marks.skips().stream().filter(order -> order.state() == State.ORDERED).toList();
    }

    /// Changes that would have been written.
    void count(TableName table, int more) {
        changes.merge(table, (long) more, Long::sum);
    }

    /// The transaction is behind; `after` is what the target holds then.
    void end(Lane lane, SkipOrder order, Checkpoint after) {
        var told =
                changes.isEmpty()
                        ? NOTHING
                        : changes.entrySet().stream()
                                .map(entry ->
                                        "%d changes of %s"
                                                .formatted(entry.getValue(), entry.getKey()))
                                .collect(Collectors.joining(", "));
        changes.clear();
        if (!ends.rules().keeps(Rule.LEFT_OUT_WITH_ITS_CHECKPOINT)) {
            store(lane, order.ended(State.DONE, told), lane.checkpoint());
        }
        store(lane, order.ended(State.DONE, told), after.text());
    }

    /// Definitions follow one another: none can be left out.
    void refuse(Lane lane, TransactionId id) {
        of(id).ifPresent(order ->
                store(
                        lane,
                        order.ended(State.VOID, "it is a schema change, which cannot be left out"),
                        lane.checkpoint()));
    }

    /// Everything up to here was read: what was ordered for it did not come, under this id at
    /// least, or concerned no table.
    void passed(Lane lane, Position lowWater) {
        if (marks.tables().stream().anyMatch(TableMark::isApart)) {
            return; // it may come for these
        }
        for (var order : open()) {
            if (ends.sourceDialect().includes(lowWater, order.id())) {
                store(
                        lane,
                        order.ended(
                                State.VOID,
                                "no transaction with this id and with changes of the tables came"),
                        lane.checkpoint());
            }
        }
    }

    private void store(Lane lane, SkipOrder order, String checkpoint) {
        lane.transaction(checkpoint, writer -> writer.put(List.of(order.entry())));
        marks.record(order);
    }
}
