package ferry.dialects.mysql;

import ferry.dialects.mysql.MySqlUpdates.Counted;
import ferry.dialects.mysql.RowStatement.Count;
import ferry.engine.dialect.TableChanges;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/// Makes statements of the changes of one table, and adds them to a packet.
final class RowWriter {
    /// Keys of one DELETE; more make the server's range optimizer give up.
    static final int KEYS_MAX = 200;

    private final StatementPacket packet;
    private final Optional<TableName> source;
    private final MySqlStatements statements;

    /// `source` is the table that problems concern; empty for rows that are loaded.
    RowWriter(StatementPacket packet, Optional<TableName> source, MySqlStatements statements) {
        this.packet = packet;
        this.source = source;
        this.statements = statements;
    }

    void apply(TableChanges all) {
        try {
            make(all);
        } catch (ProblemException e) {
            // A value that is refused before its statement is made; whatever a statement met is
            // told with its table, and what concerns no table is about no row.
            throw e.table().isEmpty() && e.code().isOfRow() ? e.concerning(all.source()) : e;
        }
    }

    private void make(TableChanges all) {
        // A table without a key is loaded at one exact position, so there is nothing that its
        // changes could meet twice.
        var mode = all.mode() == Mode.WINDOW && statements.hasKey() ? Mode.WINDOW : Mode.STRICT;
        var steps = RowStep.of(all.changes(), mode, statements);
        for (var from = 0; from < steps.size(); ) {
            var to = from + 1;
            while (to < steps.size() && steps.get(to).getClass() == steps.get(from).getClass()) {
                to++;
            }
            run(steps.subList(from, to));
            from = to;
        }
    }

    /// Steps of one kind, in their order.
    private void run(List<RowStep> steps) {
        switch (steps.getFirst()) {
            case RowStep.Insert _ ->
                    insert(steps.stream().map(step -> ((RowStep.Insert) step).row()).toList());
            case RowStep.Replace _ ->
                    put(
                            "REPLACE",
                            steps.stream().map(step -> ((RowStep.Replace) step).row()).toList());
            case RowStep.Remove _ ->
                    remove(
                            steps.stream().map(step -> ((RowStep.Remove) step).key()).toList(),
                            Count.FREE);
            case RowStep.Delete _ when statements.hasKey() ->
                    remove(
                            steps.stream()
                                    .map(step -> statements.key(((RowStep.Delete) step).row()))
                                    .toList(),
                            Count.FOUND);
            case RowStep.Delete _ ->
                    steps.forEach(step ->
                            add(
                                    "delete a row of ",
                                    statements.delete(((RowStep.Delete) step).row()),
                                    1,
                                    Count.FOUND));
            case RowStep.Update _ ->
                    update(steps.stream().map(step -> (RowStep.Update) step).toList());
        }
    }

    private void add(String deed, RowSql sql, long rows, Count count) {
        packet.add(new RowStatement(source, deed + statements.table().name(), sql, rows, count));
    }

    // ---- rows that come

    void insert(List<Row> rows) {
        put("INSERT", rows);
    }

    private void put(String verb, List<Row> rows) {
        var odd = rows.stream().filter(statements.odd()::in).toList();
        if (odd.isEmpty()) {
            putStrictly(verb, rows);
            return;
        }
        if (verb.equals("REPLACE") && rows.size() > 1) {
            // A later row of the list may displace an odd one.
            rows.forEach(row -> put(verb, List.of(row)));
            return;
        }
        putStrictly(verb, rows.stream().map(statements.odd()::replaced).toList());
        for (var from = 0; from < odd.size(); from += packet.rowsMax()) {
            setOdd(odd.subList(from, Math.min(odd.size(), from + packet.rowsMax())));
        }
    }

    /// Multi-row statements within the limits of batch and packet.
    private void putStrictly(String verb, List<Row> rows) {
        var sql = new RowSql();
        var count = 0;
        for (var i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var full = count >= packet.rowsMax();
            if (full || count > 0 && !statements.sameShape(rows.get(i - 1), row)) {
                addPut(verb, sql, count);
                sql = new RowSql();
                count = 0;
            }
            var before = sql.length();
            if (count > 0) {
                statements.values(sql.add(", "), row);
            }
            if (count > 0 && sql.length() > packet.bytesMax()) {
                sql.truncate(before);
                addPut(verb, sql, count);
                sql = new RowSql();
                count = 0;
            }
            if (count == 0) {
                statements.values(statements.insert(sql, verb, row), row);
            }
            count++;
        }
        if (count > 0) {
            addPut(verb, sql, count);
        }
    }

    /// REPLACE counts a row that it displaced too.
    private void addPut(String verb, RowSql sql, int count) {
        if (verb.equals("INSERT")) {
            add("insert rows into ", sql, count, Count.STORED);
        } else {
            add("put rows into ", sql, count, Count.FREE);
        }
    }

    // ---- rows that go

    private void remove(List<Row> keys, Count count) {
        for (var from = 0; from < keys.size(); from += KEYS_MAX) {
            var some = keys.subList(from, Math.min(keys.size(), from + KEYS_MAX));
            add("delete rows of ", new RowSql().add(statements.delete(some)), some.size(), count);
        }
    }

    // ---- rows that change

    private void update(List<RowStep.Update> steps) {
        if (!statements.hasKey() || steps.size() == 1) {
            steps.forEach(this::updateAlone);
            return;
        }
        var together = new MySqlUpdates(statements, packet.bytesMax());
        for (var step : steps) {
            var odd = statements.odd().in(step.after());
            if (!odd && together.take(step)) {
                continue;
            }
            updateTogether(together.statements());
            if (odd || !together.take(step)) {
                updateAlone(step);
            }
        }
        updateTogether(together.statements());
    }

    private void updateTogether(List<Counted> made) {
        made.forEach(one -> add("update rows of ", one.sql(), one.rows(), Count.FOUND));
    }

    private void updateAlone(RowStep.Update step) {
        var odd = statements.odd().in(step.after());
        var after = odd ? statements.odd().replaced(step.after()) : step.after();
        add("update rows of ", statements.update(step.before(), after), 1, Count.FOUND);
        if (odd) {
            setOdd(List.of(step.after()));
        }
    }

    /// Rows that stand there, or will when the packet is sent, with a member in the place of each
    /// odd one.
    void setOdd(List<Row> rows) {
        packet.send();
        var deed = "set refused members of " + statements.table().name();
        packet.target()
                .runLoosely(
                        rows.stream()
                                .map(row -> statements.update(statements.odd().replaced(row), row))
                                .map(sql -> new RowStatement(source, deed, sql, 1, Count.FOUND))
                                .toList());
    }
}
