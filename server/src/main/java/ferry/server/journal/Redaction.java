package ferry.server.journal;

import java.util.List;

/// Takes secrets out of texts that leave memory. Nothing of ours prints a secret; this stops drivers that repeat one in a message.
public final class Redaction {
    /// Shorter ones would tear holes into ordinary words and protect nothing.
    private static final int LENGTH_MIN = 4;

    public static final Redaction NONE = new Redaction(List.of());

    private final List<String> secrets;

    public Redaction(List<String> secrets) {
        this.secrets = secrets.stream().filter(secret -> secret.length() >= LENGTH_MIN).toList();
    }

    public String apply(String text) {
        var clean = text;
        for (var secret : secrets) {
            clean = clean.replace(secret, "***");
        }
        return clean;
    }
}
