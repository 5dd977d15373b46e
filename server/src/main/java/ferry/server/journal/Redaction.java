package ferry.server.journal;

import ferry.engine.dialect.Secret;
import java.util.List;

/// Takes secrets out of texts that leave memory. Nothing of ours prints a secret; this stops drivers that repeat one in a message.
public record Redaction(List<Secret> secrets) {
    /// Shorter ones would tear holes into ordinary words and protect nothing.
    private static final int LENGTH_MIN = 4;

    public static final Redaction NONE = new Redaction(List.of());

    public Redaction {
        secrets = List.copyOf(secrets);
    }

    public String apply(String text) {
        var clean = text;
        for (var secret : secrets) {
            if (secret.reveal().length() >= LENGTH_MIN) {
                clean = clean.replace(secret.reveal(), secret.toString());
            }
        }
        return clean;
    }
}
