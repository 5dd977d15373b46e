package ferry.dialects.mysql;

import ferry.dialects.mysql.CreateText.ColumnText;
import ferry.dialects.mysql.CreateText.Default;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Catalog;
import ferry.engine.dialect.LogEvent;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// Reads definitions from the dictionary of a server of the family. SHOW CREATE TABLE is the only
/// place where every server tells defaults, expressions, key parts and partitions exactly;
/// information_schema adds the character set and collation of each column.
final class MySqlCatalog implements Catalog {
    static final Set<String> SYSTEM_DATABASES =
            Set.of(
                    "mysql",
                    "sys",
                    "information_schema",
                    "performance_schema",
                    "ndbinfo",
                    "oceanbase",
                    "__public",
                    "__recyclebin",
                    "lbacsys",
                    "oraauditor");
    private static final int UNKNOWN_DATABASE = 1049;
    private static final int NO_SUCH_TABLE = 1146;
    private static final int NO_SUCH_COLUMN = 1054;
    private static final Size NOTHING = new Size(0, 1);
    private static final int READ_TRIES = 5;
    private static final int COUNTED_ROWS = 1_000_000;
    private static final int SAMPLED_ROWS = 1_000;

    private final Connection connection;
    private final Role role;
    private final MySqlServer server;
    private final String bookkeeping;
    private final BiFunction<String, SQLException, ProblemException> problems;

    /// The connection is the catalog's own: it sets session modes and closes it.
    MySqlCatalog(MySqlConnection connection, Settings settings) {
        this(connection.jdbc(), connection.role(), connection::problem, settings);
    }

    /// The same over a plain connection; `problems` turns what was tried and how it failed into a
    /// problem.
    MySqlCatalog(
            Connection connection,
            Role role,
            BiFunction<String, SQLException, ProblemException> problems,
            Settings settings) {
        this.connection = connection;
        this.role = role;
        this.problems = problems;
        bookkeeping = settings.get(Settings.BOOKKEEPING_DATABASE);
        try {
            server = MySqlServer.read(connection);
            prepareSession();
        } catch (SQLException failure) {
            throw problem("read the server's variables", failure);
        }
    }

    /// The mode decides how SHOW CREATE TABLE quotes; the statistics of MySQL 8.0 are otherwise a
    /// day old.
    private void prepareSession() throws SQLException {
        if (server.variables().containsKey("session_track_system_variables")) {
            // The driver closes a connection that it sees leaving UTF-8, which showCreate does for
            // one statement.
            Sql.execute(connection, "SET SESSION session_track_system_variables = ''");
        }
        Sql.execute(
                connection,
                "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', sql_quote_show_create = 1");
        if (server.version().mySql(8, 0, 3)) {
            Sql.execute(connection, "SET SESSION information_schema_stats_expiry = 0");
        }
    }

    MySqlServer server() {
        return server;
    }

    @Override
    public List<TableName> tables() {
        try {
            var tables = new ArrayList<TableName>();
            var rows =
                    Sql.rows(
                            connection,
                            """
                            SELECT TABLE_SCHEMA, TABLE_NAME
                            FROM information_schema.TABLES
                            WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')\
                            """);
            for (var row : rows) {
                var name = new TableName(row.get(0), row.get(1));
                if (isUserDatabase(name.database())) {
                    tables.add(name);
                }
            }
            return tables.stream().sorted().toList();
        } catch (SQLException failure) {
            throw problem("list the tables", failure);
        }
    }

    private boolean isUserDatabase(String database) {
        return !SYSTEM_DATABASES.contains(database.toLowerCase(Locale.ROOT))
                && !database.equalsIgnoreCase(bookkeeping);
    }

    @Override
    public Optional<Table> table(TableName name) {
        var own = spelled(name);
        try {
            for (var tried = 0; tried < READ_TRIES; tried++) {
                var statement = showCreate(own);
                if (statement.isEmpty()) {
                    return Optional.empty();
                }
                var rows = dictionary(own);
                var text = read(own, statement.get(), rows);
                // The two reads are two moments: a definition that changed in between is read
                // again.
                if (text.columns().stream()
                        .map(ColumnText::name)
                        .toList()
                        .equals(rows.stream().map(DictionaryColumn::name).toList())) {
                    return Optional.of(table(own, text, rows));
                }
            }
        } catch (SQLException failure) {
            throw problem("read the definition of " + own, failure);
        }
        throw ProblemException.of(
                MySqlErrors.statement(role),
                "The definition of " + own + " could not be read",
                "SHOW CREATE TABLE and information_schema.COLUMNS name different columns",
                "Grant the account a privilege on the whole table, not on single columns, and start again");
    }

    @Override
    public TableName spelled(TableName name) {
        return server.lowerCaseTableNames() == 1
                ? new TableName(
                        name.database().toLowerCase(Locale.ROOT),
                        name.table().toLowerCase(Locale.ROOT))
                : name;
    }

    /// The statement's bytes, not converted to any character set: a binary default stands raw
    /// inside. Empty for no table, or a view.
    private Optional<byte[]> showCreate(TableName name) throws SQLException {
        resultsAs("binary");
        try (var query = connection.createStatement();
                var rows = query.executeQuery("SHOW CREATE TABLE " + MySqlSql.quote(name))) {
            if (!rows.next()
                    || !rows.getMetaData().getColumnLabel(2).equalsIgnoreCase("Create Table")) {
                return Optional.empty();
            }
            return Optional.of(rows.getBytes(2));
        } catch (SQLException failure) {
            if (failure.getErrorCode() == NO_SUCH_TABLE
                    || failure.getErrorCode() == UNKNOWN_DATABASE) {
                return Optional.empty();
            }
            throw failure;
        } finally {
            resultsAs("utf8mb4");
        }
    }

    /// OceanBase converts nothing here, and always reports the change to the driver.
    private void resultsAs(String charset) throws SQLException {
        if (!server.version().isOceanBase()) {
            Sql.execute(connection, "SET character_set_results = " + charset);
        }
    }

    private record DictionaryColumn(
            String name,
            byte[] type,
            Optional<byte[]> defaultValue,
            Optional<String> charset,
            Optional<String> collation) {}

    private List<DictionaryColumn> dictionary(TableName name) throws SQLException {
        var columns = new ArrayList<DictionaryColumn>();
        try (var query =
                connection.prepareStatement(
                        """
                        SELECT COLUMN_NAME, COLUMN_TYPE, COLUMN_DEFAULT, CHARACTER_SET_NAME, COLLATION_NAME
                        FROM information_schema.COLUMNS
                        WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
                        ORDER BY ORDINAL_POSITION\
                        """)) {
            query.setString(1, name.database());
            query.setString(2, name.table());
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.add(
                            new DictionaryColumn(
                                    rows.getString(1),
                                    rows.getBytes(2),
                                    Optional.ofNullable(rows.getBytes(3)),
                                    Optional.ofNullable(rows.getString(4))
                                            .map(MySqlCollation::modern),
                                    Optional.ofNullable(rows.getString(5))
                                            .map(MySqlCollation::modern)));
                }
            }
        }
        return columns;
    }

    private CreateText read(TableName name, byte[] statement, List<DictionaryColumn> rows) {
        try {
            if (!server.version().isOceanBase()) {
                return CreateTextReader.read(statement, name.database());
            }
            var raw = new LinkedHashMap<String, CreateText.Raw>();
            rows.forEach(
                    row -> raw.put(row.name(), new CreateText.Raw(row.type(), row.defaultValue())));
            return CreateTextReader.readOceanBase(statement, name.database(), raw);
        } catch (IllegalArgumentException unknown) {
            throw new ProblemException(
                    new ferry.engine.problem.Problem(
                            ProblemCode.TYPE_NOT_SUPPORTED,
                            "The definition of " + name + " holds something that is not known",
                            unknown.getMessage(),
                            "Exclude the table, or report the statement of SHOW CREATE TABLE"),
                    unknown);
        }
    }

    private Table table(TableName name, CreateText text, List<DictionaryColumn> rows)
            throws SQLException {
        var columns = new ArrayList<Column>();
        for (var i = 0; i < rows.size(); i++) {
            columns.add(column(text.columns().get(i), rows.get(i)));
        }
        var options = new LinkedHashMap<>(text.options());
        var collation =
                Sql.text(
                        connection,
                        """
                        SELECT TABLE_COLLATION
                        FROM information_schema.TABLES
                        WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?\
                        """,
                        name.database(),
                        name.table());
        collation
                .map(MySqlCollation::modern)
                .ifPresent(known -> {
                    options.put("collation", known);
                    options.put(
                            "charset",
                            server.collations()
                                    .getOrDefault(known, MySqlCollation.of(known).charset()));
                });
        // The next value 1 is where every counter begins; some servers print it, others do not.
        options.remove("auto_increment", "1");
        return new Table(
                name, columns, text.keys(), text.foreignKeys(), options, text.partitioning());
    }

    private static Column column(ColumnText text, DictionaryColumn row) {
        var type = MySqlTypes.of(text.type(), row.charset(), row.collation());
        return new Column(
                text.name(),
                type,
                text.type(),
                !text.notNull(),
                defaultSql(text.defaultValue(), type),
                text.onUpdate(),
                text.autoIncrement(),
                text.generation(),
                text.generated(),
                text.invisible(),
                text.comment());
    }

    private static Optional<String> defaultSql(Default value, DataType type) {
        return switch (value) {
            case Default.None() -> Optional.empty();
            case Default.Sql(var sql) -> Optional.of(sql);
            case Default.Literal(var bytes) when type instanceof DataType.Bytes(_, var fixed) ->
                    Optional.of(hex(bytes, fixed));
            case Default.Hex(var bytes) when type instanceof DataType.Text text ->
                    Optional.of(
                            CharsetTable.of(text.charset())
                                    .flatMap(table -> table.decode(bytes))
                                    .map(SqlScanner::print)
                                    .orElseGet(() -> hex(bytes, false)));
            case Default.Hex(var bytes) ->
                    Optional.of(hex(bytes, type instanceof DataType.Bytes(_, var fixed) && fixed));
            // Some servers print a number with all the decimals of its column, some without.
            case Default.Literal(var bytes) when type instanceof DataType.Float ->
                    Optional.of(
                            SqlScanner.print(
                                    new BigDecimal(new String(bytes, StandardCharsets.US_ASCII))
                                            .stripTrailingZeros()
                                            .toPlainString()));
            case Default.Literal(var bytes) ->
                    Optional.of(SqlScanner.print(new String(bytes, StandardCharsets.UTF_8)));
        };
    }

    /// A binary default in ASCII; a fixed length column pads it with zero bytes by itself.
    private static String hex(byte[] bytes, boolean fixed) {
        var length = bytes.length;
        while (fixed && length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return length == 0 ? "''" : "0x" + MySqlSql.hex(java.util.Arrays.copyOf(bytes, length));
    }

    /// MySQL and OceanBase have a `server_uuid` that is kept on disk. MariaDB has none: there it is
    /// made of what rarely changes (host name, port, data directory, server_id), so a copy of a
    /// whole machine looks like the same server, and a server that was moved to another folder
    /// looks like another one.
    @Override
    public String serverIdentity() {
        return ServerIdentity.of(server.version().isMariaDb(), server.variables());
    }

    @Override
    public Map<String, String> facts() {
        return server.facts();
    }

    @Override
    public SchemaPlan plan(Table source, TableName target) {
        return plan(source, target, Map.of(source.name(), target));
    }

    @Override
    public SchemaPlan plan(Table source, TableName target, Map<TableName, TableName> names) {
        return new MySqlSchema(server, names).plan(source, target);
    }

    @Override
    public Optional<List<String>> replay(
            LogEvent.SchemaChange change, Map<TableName, TableName> names) {
        return new MySqlReplay(server, names, this::table).statements(change);
    }

    @Override
    public String drop(TableName table) {
        return "DROP TABLE IF EXISTS " + MySqlSql.quote(spelled(table));
    }

    @Override
    public String truncate(TableName table) {
        return "TRUNCATE TABLE " + MySqlSql.quote(spelled(table));
    }

    @Override
    public List<String> statistics(TableName table, long rows) {
        return MySqlStatistics.statements(server.version(), spelled(table), rows);
    }

    /// OceanBase shows an index from the moment at which it begins to build it, and as long as it
    /// removes it again.
    @Override
    public Set<String> unfinishedKeys(TableName table) {
        if (!server.version().isOceanBase()) {
            return Set.of();
        }
        var name = spelled(table);
        try {
            return Sql.rows(
                            connection,
                            """
                            SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS
                            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COMMENT <> 'VALID'\
                            """,
                            name.database(),
                            name.table())
                    .stream()
                    .map(List::getFirst)
                    .collect(Collectors.toSet());
        } catch (SQLException failure) {
            throw problem("look at the keys of " + name, failure);
        }
    }

    @Override
    public String correction(Table table, Change change) {
        return MySqlStatements.of(table, change);
    }

    /// The server's statistics. Where they say nothing (OceanBase before ANALYZE, a table that was
    /// just filled), rows are counted up to a bound and the width is that of the first ones.
    @Override
    public Size size(Table table) {
        var name = spelled(table.name());
        try {
            var told =
                    Sql.rows(
                            connection,
                            """
                            SELECT TABLE_ROWS, AVG_ROW_LENGTH
                            FROM information_schema.TABLES
                            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?\
                            """,
                            name.database(),
                            name.table());
            if (told.isEmpty()) {
                return NOTHING;
            }
            var rows = number(told.getFirst().get(0));
            var width = number(told.getFirst().get(1));
            if (rows > 0 && width > 0) {
                return new Size(rows, width);
            }
            return new Size(rows > 0 ? rows : counted(name), Math.max(1, sampled(name, table)));
        } catch (SQLException failure) {
            if (failure.getErrorCode() == NO_SUCH_TABLE
                    || failure.getErrorCode() == NO_SUCH_COLUMN) {
                return NOTHING;
            }
            throw problem("estimate the size of " + name, failure);
        }
    }

    private static long number(String text) {
        return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private long counted(TableName name) throws SQLException {
        return number(
                Sql.text(
                                connection,
                                "SELECT COUNT(*) FROM (SELECT 1 FROM "
                                        + MySqlSql.quote(name)
                                        + " LIMIT "
                                        + COUNTED_ROWS
                                        + ") AS counted")
                        .orElse("0"));
    }

    private long sampled(TableName name, Table table) throws SQLException {
        var lengths =
                table.underOwnNames().carried().stream()
                        .map(column -> "COALESCE(LENGTH(" + MySqlSql.quote(column.name()) + "), 0)")
                        .collect(Collectors.joining(" + "));
        return number(
                Sql.text(
                                connection,
                                "SELECT CAST(AVG(width) AS SIGNED) FROM (SELECT "
                                        + lengths
                                        + " AS width FROM "
                                        + MySqlSql.quote(name)
                                        + " LIMIT "
                                        + SAMPLED_ROWS
                                        + ") AS sampled")
                        .orElse("0"));
    }

    private ProblemException problem(String deed, SQLException failure) {
        return problems.apply(deed, failure);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException alreadyGone) {
            // A connection that was lost cannot say goodbye.
        }
    }
}
