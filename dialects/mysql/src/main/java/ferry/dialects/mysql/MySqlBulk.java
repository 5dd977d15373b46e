package ferry.dialects.mysql;

import ferry.engine.config.Settings;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// New rows of a loaded table by LOAD DATA LOCAL, where server and table permit it: everything
/// between two other statements of the transaction is one statement. A row that cannot come this
/// way goes by INSERT.
///
/// On the OceanBase kernel LOAD DATA takes 2.8 times as long as INSERT, so it is not used there.
final class MySqlBulk {
    /// MySQL's and MariaDB's words for: local_infile is off.
    private static final Set<Integer> NOT_PERMITTED = Set.of(1148, 3948, 4166);

    private final MySqlConnection connection;
    private final MySqlTarget target;
    private final boolean wanted;
    private Optional<Permission> asked = Optional.empty();
    private Optional<Open> open = Optional.empty();
    private Optional<Form> last = Optional.empty();

    /// What the server lets come this way.
    private enum Permission {
        NOTHING,
        /// Where counters are locked for a whole statement, workers that load one table would wait
        /// for each other.
        WITHOUT_COUNTERS,
        ALL
    }

    /// The statement that takes rows at the moment.
    private record Open(LoadData data, Form form, Row shape) {}

    /// What has to be known of a table.
    private record Form(Table table, MySqlStatements statements, int[] json, int[] counters) {
        static Form of(Table table) {
            return new Form(
                    table,
                    new MySqlStatements(table),
                    places(table, column -> column.type() instanceof DataType.Json),
                    places(table, Column::autoIncrement));
        }

        private static int[] places(Table table, Predicate<Column> which) {
            var columns = table.carried();
            return IntStream.range(0, columns.size())
                    .filter(i -> which.test(columns.get(i)))
                    .toArray();
        }

        /// MySQL forgets behind a SET clause, which JSON needs, that a counter's value was given,
        /// and counts on where it is 0.
        boolean isCounted(Row row) {
            for (var place : counters) {
                if (json.length > 0 && Double.parseDouble(row.text(place)) == 0) {
                    return true;
                }
            }
            return false;
        }

        boolean hasOddJson(Row row) {
            for (var place : json) {
                if (row.isPresent(place) && !JsonSql.isPlain(row.bytes(place))) {
                    return true;
                }
            }
            return false;
        }
    }

    MySqlBulk(MySqlConnection connection, MySqlTarget target, Settings settings) {
        this.connection = connection;
        this.target = target;
        wanted = settings.get(Settings.LOAD_DATA_LOCAL) && warns(connection.version());
    }

    /// Asked for when the first rows come: most connections never load.
    private Permission permission() {
        if (asked.isEmpty()) {
            asked = Optional.of(wanted ? ask() : Permission.NOTHING);
        }
        return asked.get();
    }

    private Permission ask() {
        var variables =
                connection
                        .rows(
                                "ask for local_infile",
                                "SELECT @@global.local_infile, @@global.innodb_autoinc_lock_mode")
                        .getFirst();
        if (!variables.get(0).equals("1")) {
            return Permission.NOTHING;
        }
        return variables.get(1).equals("2") ? Permission.ALL : Permission.WITHOUT_COUNTERS;
    }

    /// Whether the server says what it did not store; MySQL 5.6 passes over duplicates in silence.
    private static boolean warns(MySqlVersion version) {
        return version.isMariaDb() || version.mySql(5, 7, 0) && !version.isOceanBase();
    }

    boolean takes(Table table) {
        if (!LoadData.takes(table)) {
            return false;
        }
        return switch (permission()) {
            case NOTHING -> false;
            case WITHOUT_COUNTERS -> table.columns().stream().noneMatch(Column::autoIncrement);
            case ALL -> true;
        };
    }

    /// Sends rows; those that cannot come this way are handed to `otherwise`.
    void add(Table table, List<Row> rows, Consumer<List<Row>> otherwise) {
        var form = last.filter(known -> known.table() == table).orElseGet(() -> Form.of(table));
        last = Optional.of(form);
        for (var row : rows) {
            if (!fits(form, row)) {
                end();
                otherwise.accept(List.of(row));
                continue;
            }
            if (open.isPresent()
                    && (open.get().form() != form
                            || !form.statements().sameShape(open.get().shape(), row))) {
                end();
            }
            form.statements().requireValues(row);
            try {
                if (open.isEmpty() && !open(form, row)) {
                    otherwise.accept(List.of(row));
                    continue;
                }
                open.orElseThrow().data().add(row);
            } catch (SQLException failure) {
                throw connection.problem(deed(table), failure);
            }
        }
    }

    /// False if the server does not permit it any more.
    private boolean open(Form form, Row row) throws SQLException {
        try {
            open = Optional.of(new Open(LoadData.open(connection, form.table(), row), form, row));
            return true;
        } catch (SQLException refused) {
            if (!NOT_PERMITTED.contains(refused.getErrorCode())) {
                throw refused;
            }
            asked = Optional.of(Permission.NOTHING);
            return false;
        }
    }

    private boolean fits(Form form, Row row) {
        return permission() != Permission.NOTHING
                && row.byteCount() < target.packetBytes()
                && !form.statements().odd().in(row)
                && !form.isCounted(row)
                && !form.hasOddJson(row);
    }

    /// Ends the statement, if one is open; throws if the server did not store every row as it was
    /// sent.
    void end() {
        if (open.isEmpty()) {
            return;
        }
        var ended = open.get();
        open = Optional.empty();
        try {
            var result = ended.data().end();
            if (!result.clean()) {
                check(deed(ended.form().table()), result);
            }
        } catch (SQLException failure) {
            throw connection.problem(deed(ended.form().table()), failure);
        }
    }

    private void check(String deed, LoadData.Result result) {
        var listed = connection.rows("read the warnings", "SHOW WARNINGS");
        for (var warning : listed) {
            var code = Integer.parseInt(warning.get(1));
            if (!MySqlTarget.isHarmless(code)) {
                var refusal =
                        connection.problem(deed, new SQLException(warning.get(2), "HY000", code));
                throw refusal.code() == ProblemCode.ROW_EXISTS
                                || refusal.code() == ProblemCode.VALUE_REFUSED
                        ? refusal
                        : MySqlTarget.changed(deed, code);
            }
        }
        if (result.sent() != result.stored() || listed.size() < result.warnings()) {
            throw ProblemException.of(
                    ProblemCode.VALUE_REFUSED,
                    "Could not " + deed,
                    "the server stored %d of %d rows and warned %d times"
                            .formatted(result.stored(), result.sent(), result.warnings()),
                    "Set load.data.local to false, so that the server names the row it refuses; look for triggers in the target that drop rows");
        }
    }

    /// Ends the statement, if one is open, whatever becomes of its rows.
    void abandon() {
        if (open.isEmpty()) {
            return;
        }
        var ended = open.get();
        open = Optional.empty();
        try {
            ended.data().end();
        } catch (SQLException refused) {
            // Nothing of it is wanted any more. A connection that was lost shows in what comes
            // next.
        }
    }

    private static String deed(Table table) {
        return "insert rows into " + table.name();
    }
}
