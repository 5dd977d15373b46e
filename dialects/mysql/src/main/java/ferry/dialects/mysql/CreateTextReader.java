package ferry.dialects.mysql;

import ferry.dialects.mysql.CreateText.ColumnText;
import ferry.dialects.mysql.CreateText.Default;
import ferry.dialects.mysql.CreateText.Raw;
import ferry.engine.model.Column.Generation;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the text of SHOW CREATE TABLE. Only what servers print needs to be understood, and all of
/// it: a word that is not on the list is refused, never passed over.
final class CreateTextReader {
    private static final Set<String> OCEANBASE_STORAGE =
            Set.of(
                    "organization",
                    "row_format",
                    "compression",
                    "replica_num",
                    "block_size",
                    "use_bloom_filter",
                    "enable_macro_block_bloom_filter",
                    "tablet_size",
                    "pctfree",
                    "progressive_merge_num",
                    "progressive_merge_round",
                    "auto_increment_mode",
                    "lob_inrow_threshold",
                    "micro_index_clustered",
                    "storage_format_version",
                    "engine");
    private static final Pattern PARTITION_ENGINE =
            Pattern.compile("(?i)\\s*(?:STORAGE\\s+)?ENGINE\\s*=\\s*[A-Za-z_]+");

    private final SqlScanner scanner;
    private final String database;
    private final boolean oceanBase;
    private final Map<String, Raw> raw;
    private final List<ColumnText> columns = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private int unnamedChecks;

    private CreateTextReader(
            byte[] statement, String database, boolean oceanBase, Map<String, Raw> raw) {
        scanner = new SqlScanner(statement);
        this.database = database;
        this.oceanBase = oceanBase;
        this.raw = Map.copyOf(raw);
    }

    /// Reads a statement of MySQL or MariaDB.
    static CreateText read(byte[] statement, String database) {
        return new CreateTextReader(statement, database, false, Map.of()).read();
    }

    /// Reads a statement of OceanBase with what its dictionary tells about each column.
    static CreateText readOceanBase(byte[] statement, String database, Map<String, Raw> raw) {
        return new CreateTextReader(statement, database, true, raw).read();
    }

    private CreateText read() {
        scanner.expect("CREATE");
        scanner.accept("TEMPORARY");
        scanner.expect("TABLE");
        scanner.identifier();
        scanner.expect('(');
        do {
            item();
        } while (scanner.accept(','));
        scanner.expect(')');
        while (!scanner.atEnd() && !partitionBegins()) {
            option();
        }
        // OceanBase prints the values of partitions without escapes: their quotes say nothing.
        var clause = oceanBase ? scanner.raw().strip() : scanner.rest().strip();
        return new CreateText(
                columns,
                keys,
                foreignKeys,
                options,
                oceanBase ? OceanBasePartitions.counted(clause) : partitioning(clause));
    }

    private void item() {
        if (scanner.peek() == '`') {
            columns.add(column());
        } else if (scanner.accept("PRIMARY", "KEY")) {
            key("PRIMARY", Key.Kind.PRIMARY);
        } else if (scanner.accept("UNIQUE")) {
            keyWord();
            key(scanner.identifier(), Key.Kind.UNIQUE);
        } else if (scanner.accept("FULLTEXT")) {
            keyWord();
            key(scanner.identifier(), Key.Kind.FULLTEXT);
        } else if (scanner.accept("SPATIAL")) {
            keyWord();
            key(scanner.identifier(), Key.Kind.SPATIAL);
        } else if (scanner.accept("VECTOR")) {
            keyWord();
            var name = scanner.identifier();
            scanner.parenthesised();
            options.put(
                    "vector key " + name, KeyOptions.read(scanner, oceanBase).text().orElse(""));
        } else if (scanner.accept("KEY") || scanner.accept("INDEX")) {
            key(scanner.identifier(), Key.Kind.PLAIN);
        } else if (scanner.accept("PERIOD")) {
            scanner.expect("FOR");
            options.put("period", scanner.identifier() + " " + scanner.parenthesised());
        } else if (scanner.accept("CONSTRAINT")) {
            constraint(scanner.identifier());
        } else if (scanner.accept("CHECK")) {
            check("check unnamed_" + ++unnamedChecks);
        } else {
            throw scanner.unexpected("a column, key or constraint");
        }
    }

    private void keyWord() {
        if (!scanner.accept("KEY")) {
            scanner.accept("INDEX");
        }
    }

    private void constraint(String name) {
        if (scanner.accept("FOREIGN", "KEY")) {
            foreignKey(name);
        } else if (scanner.accept("CHECK")) {
            check("check " + name);
        } else {
            throw scanner.unexpected("FOREIGN KEY or CHECK");
        }
    }

    private void check(String option) {
        var expression = "(" + SqlScanner.bare(scanner.parenthesised()) + ")";
        var enforced = !scanner.accept("NOT", "ENFORCED");
        options.put(option, enforced ? expression : expression + " NOT ENFORCED");
    }

    // Columns

    private ColumnText column() {
        var name = scanner.identifier();
        var type = type(name);
        var column = new Attributes(name, type);
        while (!scanner.atEnd() && scanner.peek() != ',' && scanner.peek() != ')') {
            attribute(column);
        }
        return column.build();
    }

    private String type(String column) {
        if (raw.containsKey(column) && scanner.acceptRaw(raw.get(column).columnType())) {
            return enumerationOfOceanBase(
                    new String(raw.get(column).columnType(), StandardCharsets.UTF_8));
        }
        var word = scanner.lowerWord().replace("geomcollection", "geometrycollection");
        if (word.isEmpty()) {
            throw scanner.unexpected("a type");
        }
        var type = new StringBuilder(word);
        if (scanner.peek() == '(') {
            type.append(
                    word.equals("enum") || word.equals("set")
                            ? members()
                            : noBlanks(scanner.parenthesised()));
        }
        if (scanner.accept("unsigned")) {
            type.append(" unsigned");
        }
        if (scanner.accept("zerofill")) {
            type.append(" zerofill");
        }
        return type.toString();
    }

    private String members() {
        var printed = new ArrayList<String>();
        scanner.expect('(');
        do {
            printed.add(SqlScanner.print(scanner.literalText()));
        } while (scanner.accept(','));
        scanner.expect(')');
        return "(" + String.join(",", printed) + ")";
    }

    /// OceanBase prints members without escapes, so a member that holds `','` cannot be told from
    /// two.
    private static String enumerationOfOceanBase(String type) {
        var lower = type.toLowerCase(Locale.ROOT).replace("geomcollection", "geometrycollection");
        if (!lower.startsWith("enum(") && !lower.startsWith("set(")) {
            return lower;
        }
        var open = type.indexOf('(');
        var members = type.substring(open + 2, type.lastIndexOf(')') - 1).split("','", -1);
        var printed = new ArrayList<String>();
        for (var member : members) {
            printed.add(SqlScanner.print(member));
        }
        return lower.substring(0, open) + "(" + String.join(",", printed) + ")";
    }

    private void attribute(Attributes column) {
        if (scanner.accept("CHARACTER", "SET") || scanner.accept("CHARSET")) {
            column.charset = Optional.of(scanner.lowerWord());
        } else if (scanner.accept("COLLATE")) {
            column.collation = Optional.of(scanner.lowerWord());
        } else if (scanner.accept("NOT", "NULL")) {
            column.notNull = true;
        } else if (scanner.accept("NULL")) {
            column.notNull = false;
        } else if (scanner.accept("DEFAULT")) {
            column.defaultValue =
                    DefaultReader.read(scanner, Optional.ofNullable(raw.get(column.name)));
        } else if (scanner.accept("ON", "UPDATE")) {
            column.onUpdate = Optional.of(DefaultReader.expression(scanner));
        } else if (scanner.accept("AUTO_INCREMENT")) {
            column.autoIncrement = true;
        } else if (scanner.accept("COMMENT")) {
            column.comment = scanner.literalText();
        } else if (scanner.accept("INVISIBLE")) {
            column.invisible = true;
        } else if (scanner.accept("VISIBLE")) {
            column.invisible = false;
        } else if (scanner.accept("SRID")) {
            column.type += " srid " + scanner.word();
        } else if (scanner.accept("REF_SYSTEM_ID")) {
            scanner.expect('=');
            column.type += " ref_system_id " + scanner.word();
        } else if (scanner.accept("COMPRESSED")) {
            column.type += " compressed";
        } else if (scanner.accept("CHECK")) {
            check("column check " + column.name);
        } else if (scanner.accept("GENERATED", "ALWAYS", "AS", "ROW")) {
            column.type += " generated always as row " + scanner.lowerWord();
        } else if (scanner.accept("GENERATED", "ALWAYS", "AS") || scanner.accept("AS")) {
            column.generated = Optional.of(SqlScanner.bare(scanner.parenthesised()));
            column.generation = Generation.VIRTUAL;
        } else if (scanner.accept("STORED") || scanner.accept("PERSISTENT")) {
            column.generation = Generation.STORED;
        } else if (scanner.accept("VIRTUAL")) {
            column.generation = Generation.VIRTUAL;
        } else if (scanner.accept("WITHOUT", "SYSTEM", "VERSIONING")) {
            options.put("unversioned column " + column.name, "");
        } else if (scanner.accept("COLUMN_FORMAT") || scanner.accept("STORAGE")) {
            options.put("storage of column " + column.name, scanner.word());
        } else if (scanner.accept("ENGINE_ATTRIBUTE")
                || scanner.accept("SECONDARY_ENGINE_ATTRIBUTE")) {
            scanner.accept('=');
            options.put("engine attribute of column " + column.name, scanner.value());
        } else {
            throw scanner.unexpected("an attribute of column " + column.name);
        }
    }

    /// A column while it is read.
    private static final class Attributes {
        private final String name;
        private String type;
        private Optional<String> charset = Optional.empty();
        private Optional<String> collation = Optional.empty();
        private boolean notNull;
        private Default defaultValue = new Default.None();
        private Optional<String> onUpdate = Optional.empty();
        private boolean autoIncrement;
        private Generation generation = Generation.NONE;
        private Optional<String> generated = Optional.empty();
        private boolean invisible;
        private String comment = "";

        Attributes(String name, String type) {
            this.name = name;
            this.type = type;
        }

        ColumnText build() {
            return new ColumnText(
                    name,
                    type,
                    charset,
                    collation,
                    notNull,
                    defaultValue,
                    onUpdate,
                    autoIncrement,
                    generation,
                    generated,
                    invisible,
                    comment);
        }
    }

    // Keys

    private void key(String name, Key.Kind kind) {
        var before =
                scanner.accept("USING")
                        ? Optional.of(scanner.word().toUpperCase(Locale.ROOT))
                        : Optional.<String>empty();
        var parts = new ArrayList<Key.Part>();
        scanner.expect('(');
        do {
            parts.add(part());
        } while (scanner.accept(','));
        scanner.expect(')');
        var read = KeyOptions.read(scanner, oceanBase);
        var all =
                new KeyOptions(
                        before.or(read::using),
                        read.parser(),
                        read.comment(),
                        read.invisible(),
                        read.others());
        keys.add(new Key(name, kind, parts, all.text()));
    }

    private Key.Part part() {
        if (scanner.peek() == '(') {
            var expression = SqlScanner.bare(scanner.parenthesised());
            return new Key.Part("", 0, direction(), Optional.of(expression));
        }
        var column = scanner.identifier();
        var prefix = 0;
        if (scanner.accept('(')) {
            prefix = scanner.number().orElseThrow(() -> scanner.unexpected("a prefix length"));
            scanner.expect(')');
        }
        return new Key.Part(column, prefix, direction(), Optional.empty());
    }

    private boolean direction() {
        var descending = scanner.accept("DESC");
        scanner.accept("ASC");
        return descending;
    }

    private void foreignKey(String name) {
        var own = names();
        scanner.expect("REFERENCES");
        var first = scanner.identifier();
        var parent =
                scanner.accept('.')
                        ? new TableName(first, scanner.identifier())
                        : new TableName(database, first);
        var theirs = names();
        var onDelete = "NO ACTION";
        var onUpdate = "NO ACTION";
        while (scanner.accept("ON")) {
            if (scanner.accept("DELETE")) {
                onDelete = rule();
            } else {
                scanner.expect("UPDATE");
                onUpdate = rule();
            }
        }
        foreignKeys.add(new ForeignKey(name, own, parent, theirs, onDelete, onUpdate));
    }

    /// RESTRICT and NO ACTION are one thing in every member of the family, and servers print now
    /// the one, now the other.
    private String rule() {
        if (scanner.accept("CASCADE")) {
            return "CASCADE";
        }
        if (scanner.accept("SET", "NULL")) {
            return "SET NULL";
        }
        if (scanner.accept("SET", "DEFAULT")) {
            return "SET DEFAULT";
        }
        if (scanner.accept("NO", "ACTION") || scanner.accept("RESTRICT")) {
            return "NO ACTION";
        }
        throw scanner.unexpected("a rule of a foreign key");
    }

    private List<String> names() {
        var names = new ArrayList<String>();
        scanner.expect('(');
        do {
            names.add(scanner.identifier());
        } while (scanner.accept(','));
        scanner.expect(')');
        return names;
    }

    // Table options and partitions

    private boolean partitionBegins() {
        var start = scanner.position();
        var begins = scanner.accept("PARTITION");
        scanner.back(start);
        return begins;
    }

    private void option() {
        scanner.accept(',');
        if (scanner.accept("WITH", "SYSTEM", "VERSIONING")) {
            options.put("system_versioning", "yes");
            return;
        }
        scanner.accept("DEFAULT");
        var name = scanner.identifier().toLowerCase(Locale.ROOT);
        if (name.equals("character")) {
            scanner.expect("SET");
            name = "charset";
        } else if (name.equals("data") || name.equals("index")) {
            scanner.expect("DIRECTORY");
            name += "_directory";
        }
        scanner.accept('=');
        var value = scanner.value();
        if (name.equals("collate")) {
            name = "collation";
        }
        if (!oceanBase || !OCEANBASE_STORAGE.contains(name)) {
            options.put(name, value);
        }
    }

    /// The partition clause without the storage engine, which servers print behind every partition.
    private static Optional<String> partitioning(String clause) {
        if (clause.isEmpty()) {
            return Optional.empty();
        }
        var text = new StringBuilder();
        var plain = 0;
        // Quoted values are kept as they are: an engine may be removed outside of them only.
        for (var at = 0; at < clause.length(); at++) {
            var quote = clause.charAt(at);
            if (quote == '\'' || quote == '`') {
                text.append(withoutEngine(clause.substring(plain, at)));
                var end = clause.indexOf(quote, at + 1);
                end = end < 0 ? clause.length() - 1 : end;
                text.append(clause, at, end + 1);
                at = end;
                plain = end + 1;
            }
        }
        text.append(withoutEngine(clause.substring(plain)));
        return Optional.of(text.toString().strip());
    }

    private static String withoutEngine(String text) {
        return PARTITION_ENGINE.matcher(text).replaceAll("");
    }

    private static String noBlanks(String text) {
        return text.replace(" ", "");
    }
}
