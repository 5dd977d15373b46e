package ferry.engine.model;

import java.util.List;

/// How a source writes the changes of one table, under one layout. Changes may travel in that form
/// up to who needs them ([CodedChanges]), so that capture need not take them apart.
public interface RowCode {
    /// From which, with the layout, the source's dialect makes this code again.
    byte[] description();

    /// The changes in these bytes. Throws a RuntimeException if they are none; never returns wrong
    /// ones for bytes that this code has written.
    List<Change> decode(byte[] bytes, int from, int to);
}
