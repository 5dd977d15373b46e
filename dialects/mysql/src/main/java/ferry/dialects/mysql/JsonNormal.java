package ferry.dialects.mysql;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Prints any JSON text as MySQL and OceanBase print the document that they made of it: members
/// sorted by length and bytes of their names, the last of a name wins, one space behind `,` and
/// `:`, their own spelling of doubles. MariaDB keeps JSON as the text that was written.
final class JsonNormal {
    /// The order in which servers store members.
    private static final Comparator<byte[]> NAMES =
            Comparator.<byte[]>comparingInt(name -> name.length)
                    .thenComparing(Arrays::compareUnsigned);

    private JsonNormal() {}

    /// Empty if the servers refuse the text.
    static Optional<byte[]> of(byte[] text) {
        var out = new AsciiText();
        return JsonParser.parse(text).filter(value -> print(value, out)).map(_ -> out.copy());
    }

    private static boolean print(JsonValue value, AsciiText out) {
        return switch (value) {
            case JsonValue.Word(var word) -> {
                out.add(word);
                yield true;
            }
            case JsonValue.Number(var spelling) -> number(spelling, out);
            case JsonValue.Text(var utf8) -> {
                JsonText.quoted(utf8, 0, utf8.length, out);
                yield true;
            }
            case JsonValue.Array(var elements) -> {
                out.add('[');
                var good = all(elements, out);
                out.add(']');
                yield good;
            }
            case JsonValue.Object(var members) -> {
                var sorted = new TreeMap<byte[], JsonValue>(NAMES);
                members.forEach(member -> sorted.put(member.name(), member.value()));
                out.add('{');
                var good = true;
                for (var member : sorted.entrySet()) {
                    out.add(member.getKey() == sorted.firstKey() ? "" : ", ");
                    JsonText.quoted(member.getKey(), 0, member.getKey().length, out);
                    out.add(": ");
                    good &= print(member.getValue(), out);
                }
                out.add('}');
                yield good;
            }
        };
    }

    private static boolean all(List<JsonValue> elements, AsciiText out) {
        var good = true;
        for (var i = 0; i < elements.size(); i++) {
            if (i > 0) {
                out.add(", ");
            }
            good &= print(elements.get(i), out);
        }
        return good;
    }

    /// A double beyond all doubles is refused.
    private static boolean number(String spelling, AsciiText out) {
        var whole =
                spelling.chars()
                        .allMatch(character ->
                                character == '-' || character >= '0' && character <= '9');
        if (whole && JsonNumber.isInteger(spelling)) {
            out.add(spelling.equals("-0") ? "0" : spelling);
            return true;
        }
        var value = Double.parseDouble(spelling);
        if (Double.isInfinite(value)) {
            return false;
        }
        DoubleText.write(value, true, out);
        return true;
    }
}
