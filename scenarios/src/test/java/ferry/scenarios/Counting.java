package ferry.scenarios;

import java.util.regex.Pattern;

/// Counts from one number to another in SQL of all ages: where WITH RECURSIVE is unknown, the
/// numbers are read from a table.
final class Counting {
    private static final Pattern WITH =
            Pattern.compile(
                    "WITH RECURSIVE n \\(i\\) AS \\(SELECT (\\d+) UNION ALL SELECT i \\+ 1 FROM n WHERE i < (\\d+)\\)(\\s+SELECT [^;]*?) FROM n\\b");

    private Counting() {}

    /// Makes every `WITH RECURSIVE n (i) AS (…) SELECT … FROM n` fit the server.
    static String fit(String sql, Pair.Origin origin) {
        return origin.knowsWith()
                ? sql
                : WITH.matcher(sql)
                        .replaceAll(
                                "$3 FROM (SELECT i FROM "
                                        + Servers.NUMBERS
                                        + " WHERE i BETWEEN $1 AND $2 ORDER BY i) AS n");
    }
}
