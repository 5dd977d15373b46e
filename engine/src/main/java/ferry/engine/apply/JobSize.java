package ferry.engine.apply;

/// How much one job is, or several are together: whole source transactions, row changes, and bytes
/// of memory.
final class JobSize {
    private long transactions;
    private long rows;
    private long bytes;

    void add(PendingTransaction transaction) {
        transactions++;
        rows += transaction.rows();
        bytes += transaction.bytes();
    }

    void add(JobSize other) {
        transactions += other.transactions;
        rows += other.rows;
        bytes += other.bytes;
    }

    void remove(JobSize other) {
        transactions -= other.transactions;
        rows -= other.rows;
        bytes -= other.bytes;
    }

    void clear() {
        transactions = 0;
        rows = 0;
        bytes = 0;
    }

    long transactions() {
        return transactions;
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }
}
