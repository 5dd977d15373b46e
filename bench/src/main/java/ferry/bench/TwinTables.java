package ferry.bench;

import ferry.testkit.servers.DatabaseServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Two tables with as many rows of the same bytes: the values of one's key lie close, those of the
/// other's very unevenly, with leaps and with a few values far away from all others.
///
/// @param rows of each
/// @param names of both, or of one
record TwinTables(long rows, List<String> names) implements Dataset {
    static final String EVEN = "even";
    static final String UNEVEN = "uneven";

    private static final int NAME_BYTES = 60;

    /// Of an uneven key: every thousandth value lies a million further.
    private static final long LEAP = 1_000_000;

    private static final int DENSE = 1_000;

    static TwinTables ofRows(long rows) {
        return new TwinTables(rows / 2, List.of(EVEN, UNEVEN));
    }

    /// Of both only this one.
    TwinTables only(String table) {
        return new TwinTables(rows, List.of(table));
    }

    /// A value of an uneven key; they ascend with their number.
    static long unevenKey(long number) {
        return number / DENSE * LEAP + number % DENSE;
    }

    @Override
    public String what() {
        return "two tables, one with an even and one with an uneven key";
    }

    @Override
    public String definition(String table) {
        return "CREATE TABLE %s.%s (id BIGINT PRIMARY KEY, name VARCHAR(80) NOT NULL)"
                .formatted(DATABASE, table);
    }

    @Override
    public Optional<String> keys(String table) {
        return Optional.empty();
    }

    @Override
    public void fill(DatabaseServer server, String table) throws SQLException {
        // Numbers from 0, made by the server; half of the uneven ones lie beyond 2^62.
        var far = "IF(n < %d, 0, 4611686018427387904)".formatted(rows / 2);
        var key =
                table.equals(EVEN)
                        ? "n"
                        : "n DIV %d * %d + n MOD %d + %s".formatted(DENSE, LEAP, DENSE, far);
        server.execute(
                "SET sql_log_bin = 0",
                "SET cte_max_recursion_depth = 4294967295",
                """
                INSERT INTO %s.%s WITH RECURSIVE numbers (n) AS
                (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d)
                SELECT %s, RPAD(SHA2(n, 224), %d, 'x') FROM numbers\
                """
                        .formatted(DATABASE, table, rows - 1, key, NAME_BYTES));
    }
}
