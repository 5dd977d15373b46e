package ferry.engine.dialect;

import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/// Writes to the target through one lane. A transaction is `begin, …, commit`; its first statement
/// is a compare-and-set on the lane's row, READ COMMITTED, so an owner that was replaced writes
/// nothing. Rows are in the target's canonical form.
public interface Writer extends AutoCloseable {
    /// Begins a target transaction: raises the lane's version, stores `checkpoint` and this
    /// connection in the lane's row. Throws a problem with code FENCED if the row's epoch or
    /// version is not the fence's.
    void begin(Fence fence, String checkpoint);

    /// Replaces the checkpoint that this transaction will leave in the lane's row.
    void checkpoint(String checkpoint);

    /// Inserts new rows. Throws ROW_EXISTS, VALUE_REFUSED, ROW_TOO_LARGE; never drops or changes a
    /// value silently. Rows may be on their way when it returns: then a later call of the
    /// transaction throws, at the latest [#commit()], before it commits.
    void insert(Table table, List<Row> rows);

    /// Inserts those of these rows that meet no row of the table by any of its unique keys, and
    /// leaves those that are there as they are; returns how many it inserted. Otherwise as
    /// [#insert]. The table has a row key.
    long insertMissing(Table table, List<Row> rows);

    /// Applies changes in the order of the list. They may go to the target together: when one is
    /// refused, some behind it may have been tried, and what is thrown is the problem of one of
    /// them. It concerns its source's table, if it is about changes of a table.
    void apply(List<TableChanges> all);

    /// Applies changes as [#apply] does, as a piece of the transaction: where the target refuses
    /// one of them for good ([ferry.engine.problem.ProblemCode#isOfRow()]), none of them is left,
    /// the transaction goes on, and the problem is returned.
    Optional<ProblemException> attempt(TableChanges piece);

    /// Removes at most so many rows of a table inside the transaction (no TRUNCATE); returns how
    /// many it removed, less than the limit only if none is left.
    long deleteSome(Table table, long rowsMax);

    /// Writes bookkeeping facts in the same transaction.
    void put(List<Entry> entries);

    /// Commits. If the connection is lost meanwhile the outcome is unknown: a retryable problem is
    /// thrown, and the lane's version tells (see [Bookkeeping#lane]).
    void commit();

    /// Takes the open transaction back, if there is one.
    void rollback();

    /// Runs one statement that commits by itself (DDL). The lane's row must already name this
    /// connection: a transaction with `begin` was committed on it, so that a later owner can end
    /// it.
    void execute(String statement);

    /// How changes meet the rows that are there.
    enum Mode {
        /// Inside a table's window: inserts and updates put the whole after-image in place of
        /// whatever has its keys, deletes of missing rows are nothing.
        WINDOW,
        /// After it: an insert finds no row, an update and a delete find exactly one; otherwise
        /// ROW_EXISTS or ROW_MISSING. Rows of a table without a key match by all carried columns,
        /// bytewise, NULL as NULL, exactly one row.
        STRICT
    }

    @Override
    void close();
}
