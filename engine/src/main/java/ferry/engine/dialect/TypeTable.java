package ferry.engine.dialect;

import java.util.List;

/// What becomes of the types of one kind of source on each kind of target: a page of `docs/types`.
///
/// @param name the page's name, such as `mysql`
/// @param title what the source is called
/// @param targets what the targets are called, in the order of the outcomes
/// @param notes what holds for many types, a sentence or two each
public record TypeTable(
        String name, String title, List<String> targets, List<Line> lines, List<String> notes) {
    public TypeTable {
        targets = List.copyOf(targets);
        lines = List.copyOf(lines);
        notes = List.copyOf(notes);
    }

    /// A type as it is spelled at the source, what it means ([ferry.engine.model.DataType]), and
    /// its outcome on each target.
    public record Line(String nativeType, String dataType, List<Outcome> outcomes) {
        public Line {
            outcomes = List.copyOf(outcomes);
        }
    }

    /// How a type fares on a target.
    public enum Fate {
        /// Every value is the same there.
        SAME,
        /// Every value is kept, but not the column's kind.
        WIDENED,
        /// Some values change or are refused.
        LOSSY,
        /// A table with this type is refused.
        REFUSED
    }

    /// What becomes of a type on a target, and why if it is not the same.
    public record Outcome(Fate fate, String why) {
        public static final Outcome SAME = new Outcome(Fate.SAME, "");

        public static Outcome widened(String why) {
            return new Outcome(Fate.WIDENED, why);
        }

        public static Outcome lossy(String why) {
            return new Outcome(Fate.LOSSY, why);
        }

        public static Outcome refused(String why) {
            return new Outcome(Fate.REFUSED, why);
        }
    }
}
