package ferry.engine.model;

import java.util.Objects;

/// The place of one committed transaction in its source's log, in the source's terms; opaque
/// outside the dialect. A [Position] of the same dialect says whether it includes it.
public record TransactionId(String text) {
    public TransactionId {
        Objects.requireNonNull(text, "text");
    }

    @Override
    public String toString() {
        return text;
    }
}
