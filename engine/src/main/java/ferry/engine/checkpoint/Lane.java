package ferry.engine.checkpoint;

import ferry.engine.config.Rule;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Fence;
import ferry.engine.dialect.Writer;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// One ordered stream of fenced target transactions. Opening it reads the lane's row *locking* (so
/// that an earlier COMMIT of unknown outcome has ended) and raises its version on our new
/// connection (so that nothing that an earlier connection still sends can take effect). After any
/// retryable problem the lane must be closed and opened again, and what was to be written derived
/// again from what it then shows.
public final class Lane implements AutoCloseable {
    private static final int ATTEMPTS = 10;

    private final Ends ends;
    private final String name;
    private final long epoch;
    private Writer writer;
    private Catalog catalog;
    private Fence fence;
    private String checkpoint = "";
    private String begunWith = "";
    private boolean inTransaction;
    private long commits;

    public Lane(Ends ends, String name, long epoch) {
        this.ends = ends;
        this.name = name;
        this.epoch = epoch;
    }

    public boolean isOpen() {
        return writer != null;
    }

    /// Opens the lane and returns the checkpoint that its row holds.
    public String open() {
        var remembers = fence != null && !ends.rules().keeps(Rule.UNKNOWN_COMMIT_IS_READ);
        for (var attempt = 1; ; attempt++) {
            try (var bookkeeping = ends.bookkeeping()) {
                var state = bookkeeping.lane(ends.project(), name, epoch);
                fence = state.fence();
                checkpoint = remembers ? checkpoint : state.checkpoint();
            }
            writer = ends.targetWriter();
            try {
                transaction(checkpoint, _ -> {});
                return checkpoint;
            } catch (ProblemException e) {
                close();
                // A statement of our own earlier connection may have arrived in between: the lane's
                // row then still has our epoch.
                if (e.code() != ProblemCode.FENCED || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /// Runs one whole target transaction that leaves `newCheckpoint` in the lane's row.
    public void transaction(String newCheckpoint, Consumer<Writer> work) {
        begin(newCheckpoint);
        try {
            work.accept(writer);
        } catch (ProblemException e) {
            try {
                rollback();
            } catch (ProblemException f) {
                e.addSuppressed(f);
            }
            throw e;
        }
        commit(newCheckpoint);
    }

    /// Leaves this checkpoint in the lane's row, unless it is there already; true if it was not.
    public boolean store(String newCheckpoint) {
        if (newCheckpoint.equals(checkpoint)) {
            return false;
        }
        transaction(newCheckpoint, _ -> {});
        return true;
    }

    /// Removes all rows of a table, at most so many in one transaction: a target that ends in the
    /// middle has little to take back.
    public void empty(Table table, long rowsMax) {
        var removed = new AtomicLong(rowsMax);
        while (removed.get() >= rowsMax) {
            transaction(checkpoint, open -> removed.set(open.deleteSome(table, rowsMax)));
        }
    }

    /// Begins a transaction whose checkpoint is told at its commit.
    public Writer begin() {
        return begin(checkpoint);
    }

    /// Begins a transaction that will leave this checkpoint, unless its commit tells another one.
    public Writer begin(String newCheckpoint) {
        if (inTransaction) {
            throw new IllegalStateException("lane " + name + " is already in a transaction");
        }
        writer.begin(fence, newCheckpoint);
        begunWith = newCheckpoint;
        inTransaction = true;
        return writer;
    }

    /// The writer of the open transaction.
    public Writer writer() {
        if (!inTransaction) {
            throw new IllegalStateException("lane " + name + " has no open transaction");
        }
        return writer;
    }

    public boolean inTransaction() {
        return inTransaction;
    }

    public void commit(String newCheckpoint) {
        if (!newCheckpoint.equals(begunWith)) {
            writer.checkpoint(newCheckpoint);
        }
        writer.commit();
        inTransaction = false;
        fence = fence.next();
        checkpoint = newCheckpoint;
        commits++;
    }

    /// Commits that are known to have succeeded.
    public long commits() {
        return commits;
    }

    /// The checkpoint of the last commit that is known.
    public String checkpoint() {
        return checkpoint;
    }

    /// Runs a statement that commits by itself, on the connection that the lane's row names. A
    /// checkpoint is not moved by it.
    public void execute(String statement) {
        if (inTransaction) {
            throw new IllegalStateException(
                    "lane " + name + " runs a statement that commits inside a transaction");
        }
        writer.execute(statement);
    }

    /// The target's definitions, over a connection of their own that is kept as long as the lane is
    /// open: most of what a small table costs would be connections otherwise.
    public Catalog catalog() {
        if (catalog == null) {
            catalog = ends.targetCatalog();
        }
        return catalog;
    }

    /// Closes the catalog, until somebody asks for it again.
    public void closeCatalog() {
        var open = catalog;
        catalog = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        inTransaction = false;
        var open = writer;
        writer = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            closeCatalog();
        }
    }

    /// Takes the open transaction back, if there is one.
    public void rollback() {
        inTransaction = false;
        writer.rollback();
    }
}
