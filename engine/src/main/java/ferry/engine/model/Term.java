package ferry.engine.model;

import java.math.BigDecimal;
import java.util.Optional;

/// A value inside a [Condition]: NULL or a value of its kind.
public sealed interface Term {
    Kind kind();

    /// What can be compared with what: terms of one kind.
    enum Kind {
        /// Exact decimal numbers.
        NUMBER,
        /// Characters, in the order of their code points; blanks at the end do not count.
        TEXT,
        /// Days.
        DATE,
        /// Times of a day, or spans.
        TIME,
        /// Days with a time: as they are written, or in UTC for a column of [DataType.Timestamp].
        MOMENT
    }

    /// A column's value.
    record OfColumn(String column, DataType type, Kind kind) implements Term {}

    record Null(Kind kind) implements Term {}

    record Number(BigDecimal value) implements Term {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }
    }

    record Text(String value) implements Term {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }
    }

    /// A date, time or moment in its canonical form ([DataType]), with as many digits of a second
    /// as were written.
    record Temporal(Kind kind, String value) implements Term {}

    /// A date as the moment at which it begins.
    record Midnight(Term date) implements Term {
        @Override
        public Kind kind() {
            return Kind.MOMENT;
        }
    }

    record Arithmetic(Operator operator, Term left, Term right) implements Term {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }
    }

    enum Operator {
        PLUS("+"),
        MINUS("-"),
        TIMES("*"),
        /// The rest of a division, with the sign of the left side; NULL where the right one is 0.
        REST("%");

        private final String sql;

        Operator(String sql) {
            this.sql = sql;
        }

        public String sql() {
            return sql;
        }
    }

    /// NULL only if both are; a NULL beside a text counts as empty.
    record Concat(Term left, Term right) implements Term {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }
    }

    /// From a place on (1 is the first; negative ones count from the end), so many characters or
    /// all; empty where there are none.
    record Substring(Term text, Term start, Optional<Term> length) implements Term {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }
    }

    /// Every `what` becomes `by`; NULL only if the text is. A NULL `what` changes nothing, a NULL
    /// `by` is empty.
    record Replace(Term text, Term what, Term by) implements Term {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }
    }
}
