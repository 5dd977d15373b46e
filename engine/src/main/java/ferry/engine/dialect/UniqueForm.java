package ferry.engine.dialect;

import ferry.engine.model.Row;

/// Values of one column in a form at least as coarse as the comparison by which its server keeps
/// keys unique (docs/correctness.md §8): values that the server holds equal have the same form.
/// Safe for several threads.
@FunctionalInterface
public interface UniqueForm {
    /// The form of a value of which it cannot be told what it equals: it may equal any other.
    long ANY = Long.MIN_VALUE;

    /// Values that differ in nothing but their bytes are different for the server.
    UniqueForm BYTES = Row::hash;

    /// A hash of the value's form (see [ferry.engine.model.Hash]), or [#ANY]. The value must be
    /// present.
    long of(Row row, int index);
}
