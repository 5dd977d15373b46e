package ferry.engine.checkpoint;

import ferry.engine.dialect.Entry;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// A key or foreign key that the target refused; the table goes on without it. It is kept in the
/// target until the key is there, or no longer wanted. `tableId` is the id of the table's mark and
/// `table` its name in the target.
public record RefusedKey(int tableId, String table, String object, String statement, String why) {
    static final String KIND = "refused";

    public Entry entry() {
        var fields =
                new Fields()
                        .put("table", Fields.oneLine(table))
                        .put("object", Fields.oneLine(object))
                        .put("statement", Fields.oneLine(statement))
                        .put("why", Fields.oneLine(why));
        return new Entry(KIND, entryName(), fields.text());
    }

    /// The entry that removes this fact.
    public Entry removal() {
        return new Entry(KIND, entryName(), "");
    }

    /// One sentence for an operator.
    public String text() {
        return "%s: %s could not be created: %s; the statement was: %s"
                .formatted(table, object, why, statement);
    }

    /// Names may be longer than an entry's and are not always ASCII.
    private String entryName() {
        return "t%d/%s"
                .formatted(
                        tableId, UUID.nameUUIDFromBytes(object.getBytes(StandardCharsets.UTF_8)));
    }

    static RefusedKey parse(Entry entry) {
        var fields = Fields.parse(entry.value());
        var name = entry.name();
        return new RefusedKey(
                Integer.parseInt(name.substring(1, name.indexOf('/'))),
                fields.get("table").translateEscapes(),
                fields.get("object").translateEscapes(),
                fields.get("statement").translateEscapes(),
                fields.get("why").translateEscapes());
    }
}
