package ferry.engine.checkpoint;

import ferry.engine.dialect.Entry;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Somebody's order to leave one transaction of the source out, and what became of it. `id` is the
/// transaction's global id. What it did commits together with the checkpoint behind the
/// transaction.
public record SkipOrder(
        String id, String by, String at, String reason, State state, String outcome) {
    static final String KIND = "skip";

    /// How far it is.
    public enum State {
        /// The transaction has not come yet.
        ORDERED,
        /// It came and was left out.
        DONE,
        /// It came to nothing: no such transaction with changes of the tables came, or it cannot be
        /// left out.
        VOID
    }

    public static SkipOrder of(String id, String by, String at, String reason) {
        return new SkipOrder(id, by, at, reason, State.ORDERED, "");
    }

    /// The same behind its transaction.
    public SkipOrder ended(State newState, String newOutcome) {
        return new SkipOrder(id, by, at, reason, newState, newOutcome);
    }

    public Entry entry() {
        var fields =
                new Fields()
                        .put("id", Fields.oneLine(id))
                        .put("by", Fields.oneLine(by))
                        .put("at", at)
                        .put("reason", Fields.oneLine(reason))
                        .put("state", state)
                        .put("outcome", Fields.oneLine(outcome));
        var name = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
        return new Entry(KIND, name, fields.text());
    }

    static SkipOrder parse(Entry entry) {
        var fields = Fields.parse(entry.value());
        return new SkipOrder(
                fields.get("id").translateEscapes(),
                fields.get("by").translateEscapes(),
                fields.get("at"),
                fields.get("reason").translateEscapes(),
                State.valueOf(fields.get("state")),
                fields.get("outcome").translateEscapes());
    }

    /// One sentence for an operator.
    public String text() {
        var ordered = "ordered by " + by + " at " + at + ": " + reason;
        return switch (state) {
            case ORDERED -> "transaction " + id + " is left out when it comes (" + ordered + ")";
            case DONE -> "transaction " + id + " was left out: " + outcome + " (" + ordered + ")";
            case VOID ->
                    "transaction " + id + " was not left out: " + outcome + " (" + ordered + ")";
        };
    }
}
