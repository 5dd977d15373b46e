package ferry.engine.schema;

import ferry.engine.dialect.Entry;
import ferry.engine.model.TransactionId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// What is about to be done of a schema change: all the statements that follow it, the one that
/// comes next, and the tables' definitions before that one. It stands in the target before the
/// statement is sent, so that after a crash it is seen whether it was done, and what is left.
record Intent(TransactionId change, int index, String before, List<String> statements) {
    static final String KIND = "intent";

    /// Says that nothing is under way.
    static final Entry NONE = new Entry(KIND, "intent", "");

    Intent {
        statements = List.copyOf(statements);
    }

    Entry entry() {
        var text = new StringBuilder(change.text()).append('\n').append(index).append('\n');
        text.append(before);
        statements.forEach(statement -> text.append('\n').append(encode(statement)));
        return new Entry(KIND, "intent", text.toString());
    }

    /// The reverse of [#entry()].
    static Intent parse(Entry entry) {
        var lines = List.of(entry.value().split("\n", -1));
        return new Intent(
                new TransactionId(lines.getFirst()),
                Integer.parseInt(lines.get(1)),
                lines.get(2),
                lines.subList(3, lines.size()).stream().map(Intent::decode).toList());
    }

    private static String encode(String statement) {
        return Base64.getEncoder().encodeToString(statement.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
