package ferry.engine.changelog;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.BitSet;
import java.util.stream.Collectors;

/// A position that is a set of numbers, with gaps, as a set of global transaction ids is.
record SetPosition(BitSet numbers) implements Position {
    static SetPosition of(int... numbers) {
        var set = new BitSet();
        for (var number : numbers) {
            set.set(number);
        }
        return new SetPosition(set);
    }

    static SetPosition upTo(int number) {
        var set = new BitSet();
        set.set(1, number + 1);
        return new SetPosition(set);
    }

    static SetPosition parse(String text) {
        var set = new BitSet();
        for (var range : text.substring(1, text.length() - 1).split(",")) {
            if (!range.isEmpty()) {
                var ends = range.split("-");
                set.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1);
            }
        }
        return new SetPosition(set);
    }

    static TransactionId id(int number) {
        return new TransactionId(Integer.toString(number));
    }

    @Override
    public boolean covers(Position other) {
        var missing = (BitSet) ((SetPosition) other).numbers.clone();
        missing.andNot(numbers);
        return missing.isEmpty();
    }

    @Override
    public boolean includes(TransactionId id) {
        return numbers.get(Integer.parseInt(id.text()));
    }

    @Override
    public SetPosition plus(TransactionId id) {
        var more = (BitSet) numbers.clone();
        more.set(Integer.parseInt(id.text()));
        return new SetPosition(more);
    }

    @Override
    public String text() {
        var ranges = new java.util.ArrayList<String>();
        for (var from = numbers.nextSetBit(0); from >= 0; ) {
            var end = numbers.nextClearBit(from);
            ranges.add(from + "-" + (end - 1));
            from = numbers.nextSetBit(end);
        }
        return ranges.stream().collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public String toString() {
        return text();
    }
}
