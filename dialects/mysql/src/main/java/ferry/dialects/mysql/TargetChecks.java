package ferry.dialects.mysql;

import ferry.engine.config.ErrorSettings;
import ferry.engine.config.ErrorSettings.ExistingRows;
import ferry.engine.config.Settings;
import ferry.engine.dialect.PrecheckRequest;
import ferry.engine.dialect.PrecheckRequest.Mapped;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Whether the target can take the tables: privileges, room for their definitions, nothing in the
/// way.
final class TargetChecks {
    private static final Set<String> SCHEMA =
            Set.of("CREATE", "ALTER", "INDEX", "DROP", "REFERENCES");
    private static final Set<String> ROWS = Set.of("SELECT", "INSERT", "UPDATE", "DELETE");
    private static final long PACKET_MIN = 16L << 20;

    private final Findings findings;
    private final Connection connection;
    private final MySqlServer server;
    private final PrecheckRequest request;
    private final MySqlSchema schema;
    private final String bookkeeping;
    private final boolean keepsRows;

    TargetChecks(
            Findings findings,
            Connection connection,
            MySqlServer server,
            PrecheckRequest request,
            Settings settings) {
        this.findings = findings;
        this.connection = connection;
        this.server = server;
        this.request = request;
        bookkeeping = settings.get(Settings.BOOKKEEPING_DATABASE);
        keepsRows = settings.get(ErrorSettings.LOAD_EXISTING) == ExistingRows.IGNORE;
        schema = new MySqlSchema(server, names());
    }

    private Map<TableName, TableName> names() {
        var names = new LinkedHashMap<TableName, TableName>();
        request.tables().forEach(mapped -> names.put(mapped.source().name(), mapped.target()));
        return names;
    }

    void run() {
        findings.check("DB_ACCOUNT_WRITER_PRIVILEGE", "Look at SHOW GRANTS", this::privileges);
        readOnly();
        letterCase();
        definitions();
        findings.check("RDB_TABLE_EXIST", "Grant SELECT on the target databases", this::existing);
        findings.check("DB_TRIGGER", "Grant TRIGGER on the target databases", this::triggers);
        packet();
        sqlMode();
        primaryKeys();
        if (server.variable("version").contains("seekdb")) {
            findings.check("DB_LOG_AT_COMMIT", "Look at SHOW PARAMETERS", this::logAtCommit);
        }
    }

    // Privileges

    private void privileges() throws SQLException {
        var grants = MySqlGrants.read(connection, server);
        var create = new ArrayList<String>();
        var write = new ArrayList<String>();
        for (var database : databases()) {
            var forSchema =
                    request.createsSchema()
                            ? grants.missing(SCHEMA, Optional.of(database))
                            : Set.<String>of();
            var forRows = grants.missing(ROWS, Optional.of(database));
            if (!forSchema.isEmpty()) {
                create.add(grants.grant(forSchema, Optional.of(database)) + ";");
            }
            if (!forRows.isEmpty()) {
                write.add(grants.grant(forRows, Optional.of(database)) + ";");
            }
        }
        privilege("DB_ACCOUNT_CREATE_PRIVILEGE", create, "create tables and keys");
        privilege("DB_ACCOUNT_WRITER_PRIVILEGE", write, "read and write rows");
        var own = new LinkedHashSet<>(Set.of("CREATE", "DROP"));
        own.addAll(ROWS);
        var missing = grants.missing(own, Optional.of(bookkeeping));
        privilege(
                "DB_MYSQL_UPDATE_HEARTBEAT_PRIVILEGE",
                missing.isEmpty()
                        ? List.of()
                        : List.of(grants.grant(missing, Optional.of(bookkeeping)) + ";"),
                "keep its books in the database " + bookkeeping);
    }

    private void privilege(String item, List<String> grants, String deed) {
        if (grants.isEmpty()) {
            findings.passed(item, "The account may " + deed);
        } else {
            findings.failed(item, "The account may not " + deed, String.join(" ", grants));
        }
    }

    private Set<String> databases() {
        return request.tables().stream()
                .map(mapped -> schema.spelled(mapped.target()).database())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void readOnly() {
        if (server.on("read_only") || server.on("super_read_only")) {
            findings.failed(
                    "DB_MASTER_SLAVE",
                    "The target is read only",
                    "Use the writable server, or SET GLOBAL read_only = OFF");
        } else {
            findings.passed("DB_MASTER_SLAVE", "The target can be written to");
        }
    }

    // Names and definitions

    private void letterCase() {
        var folds = server.lowerCaseTableNames() != 0;
        var changed =
                request.tables().stream()
                        .map(Mapped::target)
                        .filter(name -> !schema.spelled(name).equals(name))
                        .toList();
        findings.warnedIfAny(
                "DB_LOWER_CASE_TABLE_NAMES",
                changed,
                "No name changes its letter case",
                "Names are kept in lower case here (lower_case_table_names = "
                        + server.lowerCaseTableNames()
                        + "); these change",
                "Make sure that applications find them, or rename them in the project");
        var byName = new TreeMap<String, List<String>>();
        for (var mapped : request.tables()) {
            var key =
                    folds
                            ? mapped.target().toString().toLowerCase(java.util.Locale.ROOT)
                            : mapped.target().toString();
            byName.computeIfAbsent(key, name -> new ArrayList<>())
                    .add(mapped.source().name().toString());
        }
        var collisions =
                byName.entrySet().stream()
                        .filter(entry -> entry.getValue().size() > 1)
                        .map(entry -> entry.getKey() + " from " + entry.getValue())
                        .toList();
        findings.failedIfAny(
                "DB_TABLE_NAME_UNIQUE",
                collisions,
                "Every table has a name of its own in the target",
                "Several tables get the same name",
                "Rename one of them in the project, or exclude it");
    }

    /// The plan of every table, so that all losses are known before anything moves.
    private void definitions() {
        if (!request.createsSchema()) {
            return;
        }
        var impossible = new ArrayList<String>();
        var losses = new ArrayList<SchemaPlan.Loss>();
        for (var mapped : request.tables()) {
            try {
                losses.addAll(schema.plan(mapped.source(), mapped.target()).losses());
            } catch (ProblemException problem) {
                impossible.add(problem.problem().what() + ": " + problem.problem().why());
            }
        }
        findings.failedIfAny(
                "DB_STRUCT_CONVERSION",
                impossible,
                "Every table can be created",
                "These tables cannot be created here",
                "Change them at the source, or exclude them");
        var severe = told(losses.stream().filter(SchemaPlan.Loss::severe).toList());
        findings.warnedIfAny(
                "DB_CHARSET",
                severe,
                "No conversion can change a value or what is unique",
                "These conversions can change values or what is unique",
                "Read each; create the table by hand in the target if another form is better");
        var other = told(losses.stream().filter(loss -> !loss.severe()).toList());
        findings.warnedIfAny(
                "DB_CONSTRAINT",
                other,
                "Definitions are carried unchanged",
                "These parts of definitions are converted or left out",
                "Nothing, if they are not needed");
    }

    /// Each kind of loss once, with the objects that it happens to.
    private static List<String> told(List<SchemaPlan.Loss> losses) {
        var objects = new LinkedHashMap<String, List<String>>();
        losses.forEach(loss ->
                objects.computeIfAbsent(loss.what(), _ -> new ArrayList<>()).add(loss.object()));
        return objects.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + Findings.named(entry.getValue()) + ")")
                .toList();
    }

    // What is there already

    private void existing() throws SQLException {
        var missing = new ArrayList<TableName>();
        var full = new ArrayList<TableName>();
        var kept = new ArrayList<TableName>();
        var different = new ArrayList<String>();
        for (var mapped : request.tables()) {
            var name = schema.spelled(mapped.target());
            var columns =
                    Sql.texts(
                            connection,
                            """
                            SELECT COLUMN_NAME
                            FROM information_schema.COLUMNS
                            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
                                AND EXTRA NOT LIKE '% GENERATED%'\
                            """,
                            name.database(),
                            name.table());
            if (columns.isEmpty()) {
                missing.add(name);
                continue;
            }
            var wanted =
                    mapped.source().carried().stream()
                            .map(Column::name)
                            .filter(column -> columns.stream().noneMatch(column::equalsIgnoreCase))
                            .toList();
            if (!wanted.isEmpty()) {
                different.add(name + " lacks, or computes, " + Findings.named(wanted));
            }
            if (!Sql.rows(connection, "SELECT 1 FROM " + MySqlSql.quote(name) + " LIMIT 1")
                    .isEmpty()) {
                var stays = keepsRows && mapped.source().rowKey().isPresent();
                (stays ? kept : full).add(name);
            }
        }
        if (!kept.isEmpty() && !request.resumed()) {
            findings.warned(
                    "DB_TARGET_EMPTY",
                    "These target tables hold rows that stay, by load.existing: "
                            + Findings.named(kept),
                    "Nothing if that is wanted: rows of the source with their keys are not loaded, and the verification will tell of each");
        }
        if (!request.createsSchema()) {
            findings.failedIfAny(
                    "RDB_TABLE_EXIST",
                    missing,
                    "All target tables exist",
                    "These target tables do not exist",
                    "Create them, or add the step schema");
        } else {
            findings.passed(
                    "RDB_TABLE_EXIST",
                    missing.size()
                            + " tables will be created, "
                            + (request.tables().size() - missing.size())
                            + " exist");
        }
        // A source that was changed since has statements in its log that the target gets in their
        // turn: what a resumed project lacks is no fault, and nobody could mend it by hand.
        findings.failedIfAny(
                "SYNC_SCHEMA_CONSISTENCY",
                request.logBegun() ? List.of() : different,
                request.logBegun()
                        ? "Target tables follow the definitions in the log"
                        : "Existing target tables have all columns",
                "Existing target tables lack columns",
                "Drop them, or add the columns");
        findings.failedIfAny(
                "DB_TARGET_EMPTY",
                request.resumed() ? List.of() : full,
                request.resumed()
                        ? "The rows that are there belong to this project"
                        : "No target table holds rows",
                "These target tables hold rows that this project did not write",
                "Empty or drop them, or rename in the project");
    }

    private void triggers() throws SQLException {
        var found = new ArrayList<String>();
        for (var mapped : request.tables()) {
            var name = schema.spelled(mapped.target());
            Sql.texts(
                            connection,
                            """
                            SELECT TRIGGER_NAME
                            FROM information_schema.TRIGGERS
                            WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?\
                            """,
                            name.database(),
                            name.table())
                    .forEach(trigger -> found.add(trigger + " of " + name));
        }
        findings.failedIfAny(
                "DB_TRIGGER",
                found,
                "No trigger fires in the target",
                "These triggers would change rows a second time",
                "Drop them until the applications have moved");
    }

    // Settings of the server

    private void packet() {
        var here = bytes(server.variable("max_allowed_packet"));
        var there = bytes(request.sourceFacts().getOrDefault("max_allowed_packet", ""));
        var wanted = Math.max(PACKET_MIN, there);
        if (here >= wanted) {
            findings.passed("DB_MAX_ALLOWED_PACKET", "max_allowed_packet is " + here + " bytes");
        } else {
            findings.warned(
                    "DB_MAX_ALLOWED_PACKET",
                    "max_allowed_packet is "
                            + here
                            + " bytes, at the source "
                            + there
                            + ": larger rows will be refused",
                    "SET GLOBAL max_allowed_packet = " + wanted);
        }
    }

    private static long bytes(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /// Ferry's own sessions take every date; applications have the server's mode. seekdb 1.4.0
    /// never ends a transaction that a kill left half in its log: the row locks stay, over restarts
    /// too, and so does whoever waits for them.
    private void logAtCommit() throws SQLException {
        var sizes = Sql.rows(connection, "SHOW PARAMETERS LIKE '\\_private\\_buffer\\_size'");
        if (sizes.stream().anyMatch(row -> row.contains("0B"))) {
            findings.passed("DB_LOG_AT_COMMIT", "Transactions are logged at COMMIT");
        } else {
            findings.warned(
                    "DB_LOG_AT_COMMIT",
                    "This kernel logs parts of a transaction before its COMMIT; if it is killed meanwhile, the rows of that transaction stay locked for ever",
                    "ALTER SYSTEM SET _private_buffer_size = '0B'");
        }
    }

    private void sqlMode() {
        var mode = server.variable("sql_mode");
        var dates =
                request.tables().stream()
                        .filter(mapped ->
                                mapped.source().columns().stream().anyMatch(TargetChecks::isDate))
                        .map(mapped -> mapped.source().name())
                        .toList();
        var sourceMode = request.sourceFacts().getOrDefault("sql_mode", "");
        var stricter =
                mode.contains("NO_ZERO") && !sourceMode.contains("NO_ZERO") && !dates.isEmpty();
        if (stricter) {
            findings.warned(
                    "DB_SQL_MODE",
                    "Zero dates are carried, but applications may not write them here (sql_mode "
                            + mode
                            + ")",
                    "SET GLOBAL sql_mode to that of the source ("
                            + (sourceMode.isEmpty() ? "empty" : sourceMode)
                            + ") if they do");
        } else {
            findings.passed(
                    "DB_SQL_MODE",
                    "Zero dates and partial dates are carried; the server's mode is "
                            + (mode.isEmpty() ? "empty" : mode));
        }
    }

    private static boolean isDate(Column column) {
        return column.type() instanceof DataType.Date
                || column.type() instanceof DataType.DateTime
                || column.type() instanceof DataType.Timestamp;
    }

    private void primaryKeys() {
        var without =
                request.tables().stream()
                        .map(Mapped::source)
                        .filter(table ->
                                table.keys().stream()
                                        .noneMatch(key -> key.name().equals("PRIMARY")))
                        .map(table -> table.name())
                        .toList();
        if (server.on("sql_generate_invisible_primary_key")) {
            findings.failedIfAny(
                    "DB_PSEUDO_COLUMN_CHECK",
                    without,
                    "Every table has a primary key",
                    "The server gives tables without a primary key a column of its own",
                    "SET PERSIST sql_generate_invisible_primary_key = OFF");
        } else if (server.on("sql_require_primary_key")) {
            findings.failedIfAny(
                    "DB_PSEUDO_COLUMN_CHECK",
                    without,
                    "Every table has a primary key",
                    "The server refuses tables without a primary key",
                    "SET PERSIST sql_require_primary_key = OFF");
        } else {
            findings.passed(
                    "DB_PSEUDO_COLUMN_CHECK",
                    "The server takes tables without a primary key as they are");
        }
    }
}
