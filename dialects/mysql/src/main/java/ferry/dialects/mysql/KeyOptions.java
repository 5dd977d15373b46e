package ferry.dialects.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What stands behind the parts of a key. [#text()] is the form inside
/// [ferry.engine.model.Key#options()], in a fixed order.
record KeyOptions(
        Optional<String> using,
        Optional<String> parser,
        Optional<String> comment,
        boolean invisible,
        List<String> others) {
    static final KeyOptions NONE =
            new KeyOptions(Optional.empty(), Optional.empty(), Optional.empty(), false, List.of());

    KeyOptions {
        others = List.copyOf(others);
    }

    static KeyOptions parse(Optional<String> text) {
        return text.map(options -> read(SqlScanner.of(options), false)).orElse(NONE);
    }

    /// Reads until something that belongs to no key. OceanBase's physical options (block size,
    /// locality, its own default parser) are no part of a definition and are passed over.
    static KeyOptions read(SqlScanner scanner, boolean oceanBase) {
        var using = Optional.<String>empty();
        var parser = Optional.<String>empty();
        var comment = Optional.<String>empty();
        var invisible = false;
        var others = new ArrayList<String>();
        while (!scanner.atEnd() && scanner.peek() != ',' && scanner.peek() != ')') {
            if (scanner.accept("USING")) {
                using = Optional.of(scanner.word().toUpperCase(Locale.ROOT));
            } else if (scanner.accept("COMMENT")) {
                comment = Optional.of(scanner.literalText());
            } else if (scanner.accept("INVISIBLE") || scanner.accept("IGNORED")) {
                invisible = true;
            } else if (scanner.accept("WITH", "PARSER")) {
                var name = scanner.identifier();
                parser = oceanBase && name.equals("space") ? Optional.empty() : Optional.of(name);
            } else if (scanner.accept("PARSER_PROPERTIES") || scanner.accept("BLOCK_SIZE")) {
                scanner.accept('=');
                scanner.value();
            } else if (scanner.accept("LOCAL") || scanner.accept("VISIBLE")) {
                continue;
            } else {
                others.add(other(scanner));
            }
        }
        return new KeyOptions(using, parser, comment, invisible, others);
    }

    private static String other(SqlScanner scanner) {
        var name = scanner.identifier().toUpperCase(Locale.ROOT);
        return scanner.accept('=') ? name + "=" + scanner.value() : name;
    }

    Optional<String> text() {
        var parts = new ArrayList<String>();
        using.ifPresent(kind -> parts.add("USING " + kind));
        parser.ifPresent(name -> parts.add("WITH PARSER " + MySqlSql.quote(name)));
        comment.filter(words -> !words.isEmpty())
                .ifPresent(words -> parts.add("COMMENT " + SqlScanner.print(words)));
        parts.addAll(others);
        if (invisible) {
            parts.add("INVISIBLE");
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", parts));
    }
}
