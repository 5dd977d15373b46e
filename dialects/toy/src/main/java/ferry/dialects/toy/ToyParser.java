package ferry.dialects.toy;

import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the toy's SQL, by recursive descent. What it does not know it refuses.
final class ToyParser {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*('(?:[^']|'')*'|-?[0-9]+|[A-Za-z_][A-Za-z0-9_]*|[(),.])");

    private final String sql;
    private final List<String> tokens = new ArrayList<>();
    private int next;

    private ToyParser(String sql) {
        this.sql = sql;
        var matcher = TOKEN.matcher(sql);
        var end = 0;
        while (matcher.region(end, sql.length()).lookingAt()) {
            tokens.add(matcher.group(1));
            end = matcher.end();
        }
        if (!sql.substring(end).isBlank()) {
            throw refused("it does not know '" + sql.substring(end).strip() + "'");
        }
    }

    static ToyStatement parse(String sql) {
        var parser = new ToyParser(sql);
        var statement = parser.statement();
        if (parser.next < parser.tokens.size()) {
            throw parser.refused("it does not know '" + parser.tokens.get(parser.next) + "' there");
        }
        return statement;
    }

    private ToyStatement statement() {
        return switch (take()) {
            case "create" -> create();
            case "drop" -> {
                expect("table");
                var ifExists = accept("if", "exists");
                yield new ToyStatement.Drop(tableName(), ifExists);
            }
            case "truncate" -> {
                expect("table");
                yield new ToyStatement.Truncate(tableName());
            }
            case "rename" -> rename();
            case "alter" -> {
                expect("table");
                yield alter(tableName());
            }
            default -> throw refused("it is not on the list of known statements");
        };
    }

    private ToyStatement create() {
        expect("table");
        var ifNotExists = accept("if", "not", "exists");
        var name = tableName();
        var columns = new ArrayList<Column>();
        var keys = new ArrayList<Key>();
        var foreignKeys = new ArrayList<ForeignKey>();
        expect("(");
        do {
            switch (tokens.get(next)) {
                case "primary", "unique", "plain" -> keys.add(key());
                case "foreign" -> foreignKeys.add(foreignKey());
                default -> columns.add(column());
            }
        } while (accept(","));
        expect(")");
        var primary =
                keys.stream()
                        .filter(key -> key.kind() == Key.Kind.PRIMARY)
                        .flatMap(key -> key.parts().stream())
                        .toList();
        for (var column : columns) {
            if (column.nullable()
                    && primary.stream().anyMatch(part -> part.column().equals(column.name()))) {
                throw refused("a primary key's column must be not null");
            }
        }
        return new ToyStatement.Create(
                new Table(name, columns, keys, foreignKeys, java.util.Map.of(), Optional.empty()),
                ifNotExists);
    }

    private ToyStatement rename() {
        expect("table");
        var pairs = new ArrayList<ToyStatement.Rename.Pair>();
        do {
            var from = tableName();
            expect("to");
            pairs.add(new ToyStatement.Rename.Pair(from, tableName()));
        } while (accept(","));
        return new ToyStatement.Rename(pairs);
    }

    private ToyStatement alter(TableName table) {
        var actions = new ArrayList<ToyStatement.Alter>();
        do {
            actions.add(action(table));
        } while (accept(","));
        return actions.size() == 1 ? actions.getFirst() : new ToyStatement.AlterAll(table, actions);
    }

    private ToyStatement.Alter action(TableName table) {
        if (accept("add", "column")) {
            return new ToyStatement.AddColumn(table, column());
        }
        if (accept("drop", "column")) {
            return new ToyStatement.DropColumn(table, take());
        }
        if (accept("drop", "key")) {
            return new ToyStatement.DropKey(table, take());
        }
        expect("add");
        return tokens.get(next).equals("foreign")
                ? new ToyStatement.AddForeignKey(table, foreignKey())
                : new ToyStatement.AddKey(table, key());
    }

    private Column column() {
        var name = take();
        var type = type();
        var nullable = !accept("not", "null");
        var value = accept("default") ? Optional.of(take()) : Optional.<String>empty();
        var serial = accept("serial");
        return new Column(
                name,
                type,
                spelling(type),
                nullable,
                value,
                Optional.empty(),
                serial,
                Column.Generation.NONE,
                Optional.empty(),
                false,
                "");
    }

    private DataType type() {
        var word = take();
        expect("(");
        var size = Integer.parseInt(take());
        expect(")");
        return switch (word) {
            case "int" -> new DataType.Int(size, false);
            case "text" ->
                    new DataType.Text(
                            "utf8",
                            accept("ci") ? Toy.CASELESS : accept("odd") ? Toy.ODD : Toy.BINARY,
                            size,
                            false);
            default -> throw refused("it has no type '" + word + "'");
        };
    }

    static String spelling(DataType type) {
        return switch (type) {
            case DataType.Int(int bits, _) -> "int(" + bits + ")";
            case DataType.Text(_, String collation, long length, _) ->
                    "text(" + length + ")" + (collation.equals(Toy.BINARY) ? "" : " " + collation);
            default -> throw new IllegalStateException("the toy has no type " + type);
        };
    }

    private Key key() {
        if (accept("primary")) {
            return Key.primary(names());
        }
        if (accept("plain")) {
            return Key.plain(take(), names());
        }
        expect("unique");
        return Key.unique(take(), names());
    }

    private ForeignKey foreignKey() {
        expect("foreign");
        var name = take();
        var columns = List.of(names());
        expect("references");
        var parent = tableName();
        var parentColumns = List.of(names());
        return new ForeignKey(
                name,
                columns,
                parent,
                parentColumns,
                accept("cascade") ? "CASCADE" : "NO ACTION",
                "NO ACTION");
    }

    private String[] names() {
        var names = new ArrayList<String>();
        expect("(");
        do {
            names.add(take());
        } while (accept(","));
        expect(")");
        return names.toArray(String[]::new);
    }

    private TableName tableName() {
        var database = take();
        expect(".");
        return new TableName(database, take());
    }

    private String take() {
        if (next == tokens.size()) {
            throw refused("it ends too early");
        }
        return tokens.get(next++);
    }

    private boolean accept(String... words) {
        for (var i = 0; i < words.length; i++) {
            if (next + i >= tokens.size() || !tokens.get(next + i).equals(words[i])) {
                return false;
            }
        }
        next += words.length;
        return true;
    }

    private void expect(String word) {
        if (!accept(word)) {
            throw refused(
                    "it expects '" + word + "' after " + String.join(" ", tokens.subList(0, next)));
        }
    }

    private RuntimeException refused(String why) {
        return Toy.problem(
                ProblemCode.TARGET_STATEMENT, "the toy cannot read the statement: " + sql, why);
    }
}
