package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tables with rows, made the same on every server that is asked for them.
interface Dataset {
    String DATABASE = "sbtest";

    /// With a collation that every member of the family has.
    String CREATE_DATABASE =
            "CREATE DATABASE " + DATABASE + " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";

    /// What they are, for a heading.
    String what();

    List<String> names();

    /// The definition of a table, without the keys that are built when its rows are there.
    String definition(String table);

    /// The statement that builds those keys; empty if there are none.
    Optional<String> keys(String table);

    /// Fills a table that has just been made. Not in the server's log: nobody reads that from its
    /// beginning.
    void fill(DatabaseServer server, String table) throws SQLException;

    /// What LOAD DATA is told behind the table's name so that it takes what the client printed.
    default String loading(String table) {
        return "";
    }

    /// Makes the tables and fills them; what was there before goes.
    default void create(DatabaseServer server) throws SQLException {
        server.execute("DROP DATABASE IF EXISTS " + DATABASE, CREATE_DATABASE);
        for (var table : names()) {
            server.execute(definition(table));
            fill(server, table);
            var keys = keys(table);
            if (keys.isPresent()) {
                server.execute(keys.orElseThrow());
            }
            server.execute("ANALYZE TABLE %s.%s".formatted(DATABASE, table));
        }
    }

    /// Row count, checksum and number of indexes of each table: equal only where the tables are.
    default List<String> sums(DatabaseServer server) throws SQLException {
        var sums = new ArrayList<String>();
        for (var table : names()) {
            var columns =
                    server.query(
                            """
                            SELECT CONCAT('IFNULL(', column_name, ', ''NULL'')')
                            FROM information_schema.columns
                            WHERE table_schema = '%s' AND table_name = '%s'
                            ORDER BY column_name\
                            """
                                    .formatted(DATABASE, table));
            sums.addAll(
                    server.query(
                            "SELECT CONCAT(COUNT(*), ' ', IFNULL(SUM(CRC32(CONCAT_WS('#', %s))), 0)) FROM %s.%s"
                                    .formatted(String.join(", ", columns), DATABASE, table)));
            sums.addAll(
                    server.query(
                            """
                            SELECT COUNT(DISTINCT index_name) FROM information_schema.statistics
                            WHERE table_schema = '%s' AND table_name = '%s'\
                            """
                                    .formatted(DATABASE, table)));
        }
        return sums;
    }

    /// Throws if the two servers do not hold the same.
    default void requireEqual(String who, DatabaseServer source, DatabaseServer target)
            throws SQLException {
        var left = sums(source);
        var arrived = sums(target);
        if (!left.equals(arrived)) {
            throw new IllegalStateException(
                    "after %s the ends differ: source %s, target %s".formatted(who, left, arrived));
        }
    }

    /// Rows of all tables together and their bytes, as the server counts them.
    default Contest.Amount amount(DatabaseServer server) throws SQLException {
        var rows = 0L;
        for (var table : names()) {
            rows +=
                    Long.parseLong(
                            server.query("SELECT COUNT(*) FROM %s.%s".formatted(DATABASE, table))
                                    .getFirst());
        }
        var bytes =
                server.query(
                                "SELECT SUM(data_length) FROM information_schema.tables WHERE table_schema = '%s'"
                                        .formatted(DATABASE))
                        .getFirst();
        return new Contest.Amount(rows, Long.parseLong(bytes));
    }
}
