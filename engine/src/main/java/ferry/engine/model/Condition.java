package ferry.engine.model;

import java.util.List;

/// What must be true of a row for it to move, over the values of one row, in SQL's three-valued
/// logic: a row moves when the condition is [Truth#TRUE]. Its terms are typed ([Term]), so that a
/// server and Ferry come to the same answer.
public sealed interface Condition {
    /// What a condition can be.
    enum Truth {
        TRUE,
        FALSE,
        UNKNOWN;

        public Truth not() {
            return switch (this) {
                case TRUE -> FALSE;
                case FALSE -> TRUE;
                case UNKNOWN -> UNKNOWN;
            };
        }

        public static Truth of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    /// How two terms of one kind are compared; UNKNOWN if one of them is NULL.
    enum Comparison {
        EQUAL("="),
        UNEQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sql;

        Comparison(String sql) {
            this.sql = sql;
        }

        public String sql() {
            return sql;
        }

        /// Whether it holds of two values whose order is this (negative: the left one is less).
        public boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
                case GREATER -> order > 0;
                case GREATER_OR_EQUAL -> order >= 0;
            };
        }
    }

    /// Both terms are of one kind.
    record Compare(Comparison how, Term left, Term right) implements Condition {}

    record IsNull(Term term) implements Condition {}

    /// Whether another condition comes to this; never UNKNOWN itself.
    record Is(Condition condition, Truth truth) implements Condition {}

    record Not(Condition condition) implements Condition {}

    record And(List<Condition> parts) implements Condition {
        public And {
            parts = List.copyOf(parts);
        }
    }

    record Or(List<Condition> parts) implements Condition {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Xor(Condition left, Condition right) implements Condition {}

    record Constant(Truth truth) implements Condition {}
}
