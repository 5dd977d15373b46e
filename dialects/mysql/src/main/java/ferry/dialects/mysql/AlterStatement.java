package ferry.dialects.mysql;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a logged statement on one table asks for, as far as it decides whether comparing two
/// definitions tells the whole story: a column that is dropped and added again, or that changes its
/// name, looks the same before and after but is not.
record AlterStatement(Set<String> added, Set<String> dropped, Set<String> droppedKeys) {
    AlterStatement {
        added = Set.copyOf(added);
        dropped = Set.copyOf(dropped);
        droppedKeys = Set.copyOf(droppedKeys);
    }

    private static final Set<String> KEY_WORDS =
            Set.of(
                    "index",
                    "key",
                    "unique",
                    "fulltext",
                    "spatial",
                    "foreign",
                    "constraint",
                    "primary");

    /// Empty if the statement does anything but add, drop or modify columns, keys, foreign keys,
    /// defaults or the comment.
    static Optional<AlterStatement> parse(String statement) {
        try {
            return parse(new SqlScanner(statement.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException notUnderstood) {
            return Optional.empty();
        }
    }

    private static Optional<AlterStatement> parse(SqlScanner scanner) {
        if (scanner.accept("CREATE")) {
            var kind = scanner.lowerWord();
            var isIndex =
                    kind.equals("index")
                            || Set.of("unique", "fulltext", "spatial").contains(kind)
                                    && scanner.accept("INDEX");
            return isIndex
                    ? Optional.of(new AlterStatement(Set.of(), Set.of(), Set.of()))
                    : Optional.empty();
        }
        if (scanner.accept("DROP", "INDEX")) {
            scanner.accept("IF", "EXISTS");
            return Optional.of(
                    new AlterStatement(
                            Set.of(),
                            Set.of(),
                            Set.of(scanner.identifier().toLowerCase(Locale.ROOT))));
        }
        scanner.expect("ALTER");
        scanner.accept("ONLINE");
        scanner.accept("IGNORE");
        scanner.expect("TABLE");
        scanner.accept("IF", "EXISTS");
        scanner.identifier();
        if (scanner.accept('.')) {
            scanner.identifier();
        }
        var added = new HashSet<String>();
        var dropped = new HashSet<String>();
        var droppedKeys = new HashSet<String>();
        do {
            if (!action(scanner, added, dropped, droppedKeys)) {
                return Optional.empty();
            }
        } while (scanner.accept(','));
        scanner.accept(';');
        var again = dropped.stream().anyMatch(added::contains);
        return again || !scanner.atEnd()
                ? Optional.empty()
                : Optional.of(new AlterStatement(added, dropped, droppedKeys));
    }

    private static boolean action(
            SqlScanner scanner, Set<String> added, Set<String> dropped, Set<String> droppedKeys) {
        var word = scanner.lowerWord();
        var known =
                switch (word) {
                    case "add" -> add(scanner, added);
                    case "drop" -> drop(scanner, dropped, droppedKeys);
                    case "modify" -> true;
                    case "alter" -> !scanner.accept("CHECK") && !scanner.accept("CONSTRAINT");
                    case "comment", "algorithm", "lock" -> true;
                    default -> false;
                };
        return known && skip(scanner);
    }

    private static boolean add(SqlScanner scanner, Set<String> added) {
        scanner.accept("COLUMN");
        scanner.accept("IF", "NOT", "EXISTS");
        if (scanner.peek() == '(') {
            return false;
        }
        var quoted = scanner.peek() == '`';
        var name = scanner.identifier();
        if (!quoted && KEY_WORDS.contains(name.toLowerCase(Locale.ROOT))) {
            return !name.equalsIgnoreCase("primary");
        }
        added.add(name.toLowerCase(Locale.ROOT));
        return quoted
                || !Set.of("partition", "check", "period", "system", "vector")
                        .contains(name.toLowerCase(Locale.ROOT));
    }

    private static boolean drop(SqlScanner scanner, Set<String> dropped, Set<String> droppedKeys) {
        if (scanner.accept("FOREIGN", "KEY") || scanner.accept("INDEX") || scanner.accept("KEY")) {
            scanner.accept("IF", "EXISTS");
            droppedKeys.add(scanner.identifier().toLowerCase(Locale.ROOT));
            return true;
        }
        scanner.accept("COLUMN");
        scanner.accept("IF", "EXISTS");
        var quoted = scanner.peek() == '`';
        var name = scanner.identifier().toLowerCase(Locale.ROOT);
        dropped.add(name);
        return quoted
                || !Set.of("partition", "primary", "check", "constraint", "period", "system")
                        .contains(name);
    }

    /// Passes the rest of an action. Expressions of generated columns and checks are compared less
    /// strictly than their meaning demands, so an action that has one is not followed.
    private static boolean skip(SqlScanner scanner) {
        while (!scanner.atEnd() && scanner.peek() != ',' && scanner.peek() != ';') {
            switch (scanner.peek()) {
                case '(' -> scanner.parenthesised();
                case '\'' -> scanner.literal();
                case '`' -> scanner.identifier();
                case '=', '.', '-', '+' -> scanner.accept(scanner.peek());
                default -> {
                    var word = scanner.lowerWord();
                    if (word.isEmpty()
                            || Set.of("as", "generated", "check", "order", "convert", "partition")
                                    .contains(word)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
