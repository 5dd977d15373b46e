package ferry.engine.apply;

import ferry.engine.model.Position;
import ferry.engine.model.TransactionId;
import java.util.Set;
import java.util.TreeSet;

/// A set of transaction numbers, as a GTID set is one.
record NumberPosition(Set<Integer> numbers) implements Position {
    static NumberPosition upTo(int last) {
        var numbers = new TreeSet<Integer>();
        for (var i = 1; i <= last; i++) {
            numbers.add(i);
        }
        return new NumberPosition(numbers);
    }

    NumberPosition without(int number) {
        var fewer = new TreeSet<>(numbers);
        fewer.remove(number);
        return new NumberPosition(fewer);
    }

    static TransactionId id(int number) {
        return new TransactionId(Integer.toString(number));
    }

    @Override
    public boolean covers(Position other) {
        return numbers.containsAll(((NumberPosition) other).numbers);
    }

    @Override
    public boolean includes(TransactionId id) {
        return numbers.contains(Integer.parseInt(id.text()));
    }

    @Override
    public Position plus(TransactionId id) {
        var more = new TreeSet<>(numbers);
        more.add(Integer.parseInt(id.text()));
        return new NumberPosition(more);
    }

    @Override
    public String text() {
        return numbers.toString();
    }
}
