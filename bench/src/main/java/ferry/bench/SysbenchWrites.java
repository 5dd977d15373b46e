package ferry.bench;

import java.util.SplittableRandom;

/// Transactions in the shape of sysbench's `oltp_write_only`: one update of the indexed number, one
/// of the text, and one row deleted and inserted again.
record SysbenchWrites(SysbenchTables tables) implements Workload {
    @Override
    public String transaction(SplittableRandom random) {
        var deleted = id(random);
        var table = table(random);
        return """
        START TRANSACTION;
        UPDATE %s SET k = k + 1 WHERE id = %d;
        UPDATE %s SET c = '%s' WHERE id = %d;
        DELETE FROM %s WHERE id = %d;
        INSERT INTO %s (id, k, c, pad) VALUES (%d, %d, '%s', '%s');
        COMMIT\
        """
                .formatted(
                        table(random),
                        id(random),
                        table(random),
                        SysbenchTables.c(random),
                        id(random),
                        table,
                        deleted,
                        table,
                        deleted,
                        id(random),
                        SysbenchTables.c(random),
                        SysbenchTables.pad(random));
    }

    private String table(SplittableRandom random) {
        return "sbtest" + (1 + random.nextInt(tables.tables()));
    }

    private long id(SplittableRandom random) {
        return 1 + random.nextLong(tables.rowsEach());
    }
}
