package ferry.engine.checkpoint;

import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The readable text form of bookkeeping facts: one `name=value` a line. Values have no line
/// breaks.
final class Fields {
    private final Map<String, String> values = new LinkedHashMap<>();

    static Fields parse(String text) {
        var fields = new Fields();
        for (var line : text.split("\n")) {
            var split = line.indexOf('=');
            if (split < 0) {
                throw new IllegalStateException("bookkeeping line without '=': " + line);
            }
            fields.values.put(line.substring(0, split), line.substring(split + 1));
        }
        return fields;
    }

    Fields put(String name, Object value) {
        var text = value.toString();
        if (text.indexOf('\n') >= 0) {
            throw new IllegalStateException("bookkeeping value of " + name + " has a line break");
        }
        values.put(name, text);
        return this;
    }

    Fields put(String name, Optional<?> value) {
        return value.isPresent() ? put(name, value.orElseThrow()) : this;
    }

    String get(String name) {
        return find(name)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "bookkeeping fact without " + name + ": " + values));
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    long number(String name) {
        return Long.parseLong(get(name));
    }

    String text() {
        var text = new StringBuilder();
        values.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : "\n").append(name).append('=').append(value));
        return text.toString();
    }

    /// A text of several lines as one; `String.translateEscapes` reads it.
    static String oneLine(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    static String key(Row key) {
        var text = new StringBuilder();
        for (var i = 0; i < key.size(); i++) {
            text.append(i == 0 ? "" : ",").append(HexFormat.of().formatHex(key.bytes(i)));
        }
        return text.toString();
    }

    static Row key(String text) {
        var parts = text.split(",", -1);
        var row = new Row.Builder(parts.length);
        for (var part : parts) {
            row.add(HexFormat.of().parseHex(part));
        }
        return row.build();
    }

    static KeyRange range(Fields fields) {
        return new KeyRange(
                fields.find("after").map(Fields::key), fields.find("upTo").map(Fields::key));
    }

    Fields put(KeyRange range) {
        put("after", range.after().map(Fields::key));
        return put("upTo", range.upTo().map(Fields::key));
    }
}
