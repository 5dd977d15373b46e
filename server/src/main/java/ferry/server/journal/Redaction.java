package ferry.server.journal;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes secrets out of texts that leave memory. Nothing of ours prints a secret; this stops
/// drivers that repeat one in a message.
public final class Redaction {
    /// Shorter ones would tear holes into ordinary words and protect nothing.
    private static final int LENGTH_MIN = 4;

    public static final Redaction NONE = new Redaction(List.of());

    private final List<String> secrets;

    public Redaction(List<String> secrets) {
        this.secrets = secrets.stream().filter(secret -> secret.length() >= LENGTH_MIN).toList();
    }

    /// The same tree of maps and lists with clean texts. To be done before it becomes JSON, which
    /// would disguise a quote.
    public Object applyToAll(Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                var clean = new LinkedHashMap<Object, Object>();
                map.forEach((key, inner) -> clean.put(key, applyToAll(inner)));
                yield clean;
            }
            case Collection<?> list -> list.stream().map(this::applyToAll).toList();
            case Optional<?> optional -> applyToAll(optional.orElse(null));
            case CharSequence text -> apply(text.toString());
            default -> value;
        };
    }

    public String apply(String text) {
        var clean = text;
        for (var secret : secrets) {
            clean = clean.replace(secret, "***");
        }
        return clean;
    }
}
