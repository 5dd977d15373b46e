package ferry.engine.checkpoint;

import ferry.engine.dialect.Entry;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.problem.Problem;
import ferry.engine.problem.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Changes of one row that the target refused and that were left out (`apply.row.errors`): the
/// first of them with its problem and values, how many there were, and the last one's transaction.
/// It commits together with the checkpoint that passes over them. `key` is the target's form of the
/// source's row key; `before` and `after` are shown to people, and may be cut.
public record RowError(
        int tableId,
        TableName table,
        Row key,
        String keyShown,
        Kind kind,
        ProblemCode code,
        String what,
        String why,
        String transaction,
        String before,
        String after,
        String at,
        long times,
        String lastTransaction) {
    static final String KIND = "row-error";

    private static final int ID_LENGTH = 16;

    /// What the source did to the row.
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    /// The first one of a row.
    public static RowError of(
            TableMark mark,
            Row key,
            String keyShown,
            Kind kind,
            Problem problem,
            String transaction,
            String before,
            String after,
            String at) {
        return new RowError(
                mark.id(),
                mark.name(),
                key,
                keyShown,
                kind,
                problem.code(),
                problem.what(),
                problem.why(),
                transaction,
                before,
                after,
                at,
                1,
                transaction);
    }

    /// The same row has failed again.
    public RowError again(String inTransaction) {
        return new RowError(
                tableId,
                table,
                key,
                keyShown,
                kind,
                code,
                what,
                why,
                transaction,
                before,
                after,
                at,
                times + 1,
                inTransaction);
    }

    /// What people call it by; the same row has the same id.
    public String id() {
        return id(tableId, key);
    }

    public static String id(int tableId, Row key) {
        var hash = UUID.nameUUIDFromBytes(Fields.key(key).getBytes(StandardCharsets.UTF_8));
        return "t%d-%s"
                .formatted(tableId, hash.toString().replace("-", "").substring(0, ID_LENGTH));
    }

    public Entry entry() {
        var fields =
                new Fields()
                        .put("database", table.database())
                        .put("table", table.table())
                        .put("key", Fields.key(key))
                        .put("keyShown", Fields.oneLine(keyShown))
                        .put("kind", kind)
                        .put("code", code)
                        .put("what", Fields.oneLine(what))
                        .put("why", Fields.oneLine(why))
                        .put("transaction", Fields.oneLine(transaction))
                        .put("before", Fields.oneLine(before))
                        .put("after", Fields.oneLine(after))
                        .put("at", at)
                        .put("times", times)
                        .put("last", Fields.oneLine(lastTransaction));
        return new Entry(KIND, id(), fields.text());
    }

    /// The entry that removes this fact.
    public Entry removal() {
        return new Entry(KIND, id(), "");
    }

    static RowError parse(Entry entry) {
        var fields = Fields.parse(entry.value());
        var name = entry.name();
        return new RowError(
                Integer.parseInt(name.substring(1, name.indexOf('-'))),
                new TableName(fields.get("database"), fields.get("table")),
                Fields.key(fields.get("key")),
                fields.get("keyShown").translateEscapes(),
                Kind.valueOf(fields.get("kind")),
                ProblemCode.valueOf(fields.get("code")),
                fields.get("what").translateEscapes(),
                fields.get("why").translateEscapes(),
                fields.get("transaction").translateEscapes(),
                fields.get("before").translateEscapes(),
                fields.get("after").translateEscapes(),
                fields.get("at"),
                fields.number("times"),
                fields.get("last").translateEscapes());
    }
}
