package ferry.dialects.mysql;

import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Updates of different rows that go as one statement, by the columns that they set:
///
/// ```sql
/// UPDATE t SET c = CASE id WHEN 1 THEN 'x' WHEN 2 THEN 'y' END WHERE id IN (1, 2)
/// ```
///
/// It finds its rows as one statement for each would, and their number says whether all were there.
/// The server changes them in the order of their keys; so what sets a unique value, which another
/// row may have to leave first, goes alone.
///
/// Rows whose keys differ in the last column only are told apart by that column, if it is a number:
/// of several such groups each has a CASE of its own inside of one. To compare the whole key of
/// each row with those of all others costs the server many times as much.
///
/// Measured on two busy cores, rows of 190 bytes updated in a second, one by one in one packet, by
/// INSERT … ON DUPLICATE KEY UPDATE, joined with a list, and so, 100 rows each: MySQL 8.0 12,600,
/// 34,800, 40,600, 55,400; OceanBase kernel 10,700, 14,300, 26,600, 25,100. Lists of 500 are slower
/// on the kernel.
final class MySqlUpdates {
    private static final int ROWS_MAX = 100;

    private final Table table;
    private final MySqlStatements statements;
    private final MySqlKeys keys;
    private final long bytesMax;
    private final BitSet alone; // columns that are not set together
    private final Map<BitSet, List<Keyed>> byColumns = new LinkedHashMap<>();
    private final Set<Row> rows = new HashSet<>();

    /// An update that keeps its row's key.
    private record Keyed(Row key, Row before, Row after) {}

    /// A statement and how many rows it must find.
    record Counted(RowSql sql, long rows) {}

    /// For a table with a key.
    MySqlUpdates(MySqlStatements statements, long bytesMax) {
        this.statements = statements;
        this.bytesMax = bytesMax;
        table = statements.table();
        keys = statements.keys();
        var columns = table.carried();
        alone = new BitSet(columns.size());
        table.secondaryUniqueColumns()
                .ifPresentOrElse(alone::or, () -> alone.set(0, columns.size()));
        for (var i = 0; i < columns.size(); i++) {
            if (!isCombinable(columns.get(i).type())) {
                alone.set(i);
            }
        }
    }

    /// Whether values of several rows may stand in one expression: it has one type for all of them,
    /// and text that becomes JSON or bits in the end is read by other rules.
    private static boolean isCombinable(DataType type) {
        return switch (type) {
            case DataType.Int _,
                    DataType.Decimal _,
                    DataType.Float _,
                    DataType.Year _,
                    DataType.Text _,
                    DataType.Bytes _,
                    DataType.Enumeration _,
                    DataType.Members _,
                    DataType.Date _,
                    DataType.Time _,
                    DataType.DateTime _,
                    DataType.Timestamp _ ->
                    true;
            case DataType.Bits _,
                    DataType.Json _,
                    DataType.Geometry _,
                    DataType.Vector _,
                    DataType.Unknown _ ->
                    false;
        };
    }

    /// Takes an update; false if it must go alone, behind what was taken: it moves its row to
    /// another key, sets what cannot be combined, or its row has been taken already.
    boolean take(RowStep.Update update) {
        var before = update.before();
        var after = update.after();
        if (!statements.sameKey(before, after)) {
            return false;
        }
        var set = statements.set(before, after);
        var key = statements.key(before);
        if (set.isEmpty() || set.intersects(alone) || !rows.add(key)) {
            return false;
        }
        statements.requireValues(after);
        byColumns.computeIfAbsent(set, _ -> new ArrayList<>()).add(new Keyed(key, before, after));
        return true;
    }

    /// The statements of all that was taken; nothing is left.
    List<Counted> statements() {
        var made = new ArrayList<Counted>();
        byColumns.forEach((set, updates) -> {
            var ordered =
                    keys.byPrefix(updates, Keyed::key).stream().flatMap(List::stream).toList();
            for (var from = 0; from < ordered.size(); ) {
                from += add(made, set, ordered.subList(from, ordered.size()));
            }
        });
        byColumns.clear();
        rows.clear();
        return made;
    }

    /// Adds one statement; returns how many of the updates are in it.
    private int add(List<Counted> made, BitSet set, List<Keyed> updates) {
        var count = 0;
        var bytes = 0L;
        while (count < Math.min(ROWS_MAX, updates.size()) && (count == 0 || bytes < bytesMax / 4)) {
            // No literal is longer than twice its value and a few letters.
            bytes += 2L * updates.get(count).after().byteCount() + 100L * set.cardinality();
            count++;
        }
        var some = updates.subList(0, count);
        made.add(
                new Counted(
                        count == 1
                                ? statements.update(
                                        some.getFirst().before(), some.getFirst().after())
                                : combined(set, some),
                        count));
        return count;
    }

    private RowSql combined(BitSet set, List<Keyed> updates) {
        var columns = table.carried();
        var groups = groups(updates);
        var sql = new RowSql().add("UPDATE ").add(MySqlSql.quote(table.name())).add(" SET ");
        var first = true;
        for (var place = set.nextSetBit(0); place >= 0; place = set.nextSetBit(place + 1)) {
            sql.add(first ? "" : ", ").add(MySqlSql.quote(columns.get(place).name())).add(" = ");
            if (groups.size() == 1) {
                groups.getFirst().add(sql, place);
            } else {
                sql.add("CASE");
                for (var group : groups) {
                    group.add(sql.add(group.when()), place);
                }
                sql.add(" END");
            }
            first = false;
        }
        return sql.add(" WHERE ").add(keys.anyOf(updates.stream().map(Keyed::key).toList()));
    }

    /// Rows that one CASE tells apart, and the condition under which it is asked.
    private final class Group {
        private final String when;
        private final String head;
        private final List<Keyed> updates;
        private final List<String> whens;

        Group(String when, String head, List<Keyed> updates, Function<Row, String> condition) {
            this.when = when;
            this.head = head;
            this.updates = updates;
            whens =
                    updates.stream()
                            .map(update -> " WHEN " + condition.apply(update.key()) + " THEN ")
                            .toList();
        }

        String when() {
            return when;
        }

        /// Adds the CASE that gives a column its value in each of the rows.
        void add(RowSql sql, int place) {
            sql.add(head);
            for (var i = 0; i < updates.size(); i++) {
                sql.add(whens.get(i))
                        .value(table.carried().get(place).type(), updates.get(i).after(), place);
            }
            sql.add(" END");
        }
    }

    private List<Group> groups(List<Keyed> updates) {
        if (!(keys.last().type() instanceof DataType.Int)) {
            return List.of(new Group("", "CASE", updates, keys::equal));
        }
        var head = "CASE " + MySqlSql.quote(keys.last().name());
        var several = keys.columns().size() > 1;
        return keys.byPrefix(updates, Keyed::key).stream()
                .map(group -> {
                    var key = group.getFirst().key();
                    var when = several ? " WHEN " + keys.equalPrefix(key) + " THEN " : "";
                    return new Group(when, head, group, row -> row.text(row.size() - 1));
                })
                .toList();
    }
}
