package ferry.dialects.mysql;

import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.PrecheckRequest.Mapped;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the source's tables are: readable, of known types and engines, with keys.
final class SourceTableChecks {
    private static final int SELECT_DENIED = 1142;
    private static final int COLUMN_DENIED = 1143;

    private final Findings findings;
    private final Connection connection;
    private final MySqlServer server;
    private final PrecheckRequest request;
    private final List<Table> tables;

    SourceTableChecks(
            Findings findings, Connection connection, MySqlServer server, PrecheckRequest request) {
        this.findings = findings;
        this.connection = connection;
        this.server = server;
        this.request = request;
        tables = request.tables().stream().map(Mapped::source).map(Table::whole).toList();
    }

    void run() {
        findings.check(
                "DB_ACCOUNT_FULL_READ_PRIVILEGE", "Grant SELECT on the databases", this::readable);
        types();
        if (!server.version().isOceanBase()) {
            DictionaryText.check(findings, connection, tables);
        }
        engines();
        versioned();
        keys();
        foreignKeys();
        names();
    }

    /// Tried, not parsed: a privilege may come from anywhere.
    private void readable() throws SQLException {
        if (tables.isEmpty()) {
            nothingSeen();
            return;
        }
        var denied = new TreeSet<String>();
        for (var table : tables) {
            var columns =
                    table.columns().stream()
                            .map(column -> MySqlSql.quote(column.name()))
                            .collect(Collectors.joining(", "));
            try {
                Sql.rows(
                        connection,
                        "SELECT " + columns + " FROM " + MySqlSql.quote(table.name()) + " LIMIT 0");
            } catch (SQLException failure) {
                if (failure.getErrorCode() != SELECT_DENIED
                        && failure.getErrorCode() != COLUMN_DENIED) {
                    throw failure;
                }
                denied.add(table.name().database());
            }
        }
        if (denied.isEmpty()) {
            findings.passed(
                    "DB_ACCOUNT_FULL_READ_PRIVILEGE",
                    "The account may read all " + tables.size() + " tables");
            return;
        }
        var grants = MySqlGrants.read(connection, server);
        findings.failed(
                "DB_ACCOUNT_FULL_READ_PRIVILEGE",
                "The account may not read tables of " + String.join(", ", denied),
                denied.stream()
                        .map(name -> grants.grant(Set.of("SELECT"), Optional.of(name)) + ";")
                        .collect(Collectors.joining(" ")));
    }

    /// A server shows an account only what it may touch, so missing tables may be a missing grant.
    private void nothingSeen() throws SQLException {
        var databases =
                Sql.rows(connection, "SHOW DATABASES").stream()
                        .map(List::getFirst)
                        .filter(name ->
                                !MySqlCatalog.SYSTEM_DATABASES.contains(
                                        name.toLowerCase(Locale.ROOT)))
                        .toList();
        findings.warned(
                "DB_ACCOUNT_FULL_READ_PRIVILEGE",
                "The account sees none of the selected tables, and "
                        + (databases.isEmpty()
                                ? "no database"
                                : "of databases only " + Findings.named(databases)),
                MySqlGrants.read(connection, server)
                                .grant(Set.of("SELECT"), Optional.of("the database"))
                        + ", if the tables are there");
    }

    private void types() {
        var unknown =
                columns(
                        column -> column.type() instanceof DataType.Unknown,
                        column -> " (" + column.nativeType() + ")");
        findings.failedIfAny(
                "DB_DATA_TYPE",
                unknown,
                "All column types are supported",
                "These columns have types that cannot be carried",
                "Exclude the tables, or change the columns' types");
        var rowKeys =
                tables.stream()
                        .flatMap(table ->
                                table.rowKey().stream()
                                        .flatMap(key -> key.parts().stream())
                                        .flatMap(part ->
                                                table.columns().stream()
                                                        .filter(column ->
                                                                column.name()
                                                                        .equals(part.column())))
                                        .filter(column -> column.type() instanceof DataType.Float)
                                        .map(column -> table.name() + "." + column.name()))
                        .toList();
        if (rowKeys.isEmpty()) {
            findings.passed("DB_DATA_TYPE_INDEX", "No row is addressed by a FLOAT or DOUBLE");
        } else {
            findings.failedSkippable(
                    "DB_DATA_TYPE_INDEX",
                    "Rows are addressed by a FLOAT or DOUBLE, whose printed form may not find them again: "
                            + Findings.named(rowKeys),
                    "Use a DECIMAL or an integer as key, or exclude the tables");
        }
    }

    private List<String> columns(Predicate<Column> wanted, Function<Column, String> detail) {
        return tables.stream()
                .flatMap(table ->
                        table.columns().stream()
                                .filter(wanted)
                                .map(column ->
                                        table.name() + "." + column.name() + detail.apply(column)))
                .toList();
    }

    private void engines() {
        var other =
                tables.stream()
                        .filter(table -> table.options().containsKey("engine"))
                        .filter(table ->
                                !MySqlPrechecks.isTransactional(table.options().get("engine")))
                        .map(table -> table.name() + " (" + table.options().get("engine") + ")")
                        .toList();
        findings.failedIfAny(
                "DB_ENGINE",
                other,
                "All tables are transactional",
                "These tables cannot be read at one moment while they change",
                "ALTER TABLE … ENGINE=InnoDB, or exclude the tables");
    }

    private void versioned() {
        var versioned =
                tables.stream()
                        .filter(table ->
                                table.options().containsKey("system_versioning")
                                        || table.options().containsKey("period"))
                        .map(Table::name)
                        .toList();
        findings.failedIfAny(
                "DB_TABLE_TYPE",
                versioned,
                "All tables are ordinary base tables",
                "These tables are versioned or have periods",
                "Exclude the tables, or drop their versioning");
    }

    private void keys() {
        var keyless =
                tables.stream().filter(table -> table.rowKey().isEmpty()).map(Table::name).toList();
        findings.warnedIfAny(
                "DB_UK_INDEX",
                keyless,
                "Every table has a primary key or a unique key that is NOT NULL",
                "These tables have no key: each is read in one piece, by one worker, and starts again from zero after an interruption",
                "Add a primary key where it matters");
        var functional =
                tables.stream()
                        .flatMap(table ->
                                table.keys().stream()
                                        .filter(key ->
                                                key.kind().unique()
                                                        && key.parts().stream()
                                                                .anyMatch(part ->
                                                                        part.expression()
                                                                                .isPresent()))
                                        .map(key -> key.name() + " of " + table.name()))
                        .toList();
        findings.warnedIfAny(
                "DB_FUNCTION_BASED",
                functional,
                "No unique key is on an expression",
                "These unique keys are on expressions, so changes of their tables are applied one after the other",
                "Nothing, if that is fast enough");
    }

    private void foreignKeys() {
        var names =
                tables.stream()
                        .map(Table::name)
                        .collect(Collectors.toCollection(LinkedHashSet<TableName>::new));
        var cut = foreignKeys(key -> !names.contains(key.parent()));
        findings.warnedIfAny(
                "DB_FOREIGN_REFERENCE",
                cut,
                "The parents of all foreign keys are migrated too",
                "The parents of these foreign keys are not migrated, so the keys are left out",
                "Include the parents if the keys are wanted");
        // From 9.6 on MySQL logs the rows that a cascade changes.
        var logged = server.version().mySql(9, 6, 0) || !request.readsLog();
        var cascading = logged ? List.<String>of() : foreignKeys(ForeignKey::cascades);
        if (cascading.isEmpty()) {
            findings.passed(
                    "DB_NO_FOREIGN_KEY", "No change happens by a foreign key without being logged");
        } else {
            findings.failedSkippable(
                    "DB_NO_FOREIGN_KEY",
                    "These foreign keys change rows of their own table when a parent changes, and "
                            + server.version()
                            + " does not log those changes: "
                            + Findings.named(cascading),
                    "Change the rules to RESTRICT for the time of the migration, exclude the tables, or skip this item if no parent is deleted or renumbered meanwhile");
        }
    }

    private List<String> foreignKeys(Predicate<ForeignKey> wanted) {
        return tables.stream()
                .flatMap(table ->
                        table.foreignKeys().stream()
                                .filter(wanted)
                                .map(key -> key.name() + " of " + table.name()))
                .toList();
    }

    /// Ferry quotes every name; but other tools of OceanBase refuse these.
    private void names() {
        var odd = new ArrayList<String>();
        for (var table : tables) {
            Stream.concat(
                            Stream.of(table.name().database(), table.name().table()),
                            Stream.concat(
                                    table.columns().stream().map(Column::name),
                                    table.keys().stream().map(Key::name)))
                    .filter(name -> !name.matches("[A-Za-z0-9_$#@\\-]+"))
                    .forEach(name -> odd.add("'" + name + "' in " + table.name()));
        }
        findings.warnedIfAny(
                "DB_NAME_RULES",
                odd,
                "All names consist of ASCII letters, digits and _$#@-",
                "These names hold other characters; they are carried as they are, but other tools may refuse them",
                "Nothing, or rename");
    }
}
