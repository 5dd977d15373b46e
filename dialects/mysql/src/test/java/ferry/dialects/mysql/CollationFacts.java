package ferry.dialects.mysql;

import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.ServerKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Writes `collations.txt` from the weights that servers give to single characters: run it and put
/// its output there. What several servers tell about one collation is joined: a character must be
/// known to all, and what one holds equal is equal.
///
/// A language's own collation may contract and reorder what it likes, so of those, and of the ones
/// for character sets of several bytes, only ASCII and Chinese characters are taken.
final class CollationFacts {
    private static final List<ServerKind> SERVERS =
            List.of(
                    ServerKind.MYSQL_5_6,
                    ServerKind.MYSQL_5_7,
                    ServerKind.MYSQL_8_0,
                    ServerKind.MYSQL_9,
                    ServerKind.MARIADB_10_11,
                    ServerKind.MARIADB_11_4);

    /// One weight for each character of the Basic Multilingual Plane.
    private static final Pattern GENERAL =
            Pattern.compile(
                    "(utf8mb[34]|ucs2|utf16|utf16le|utf32)_general(_mysql500)?(_nopad)?_ci");

    /// The Unicode Collation Algorithm without a language.
    private static final Pattern ROOT =
            Pattern.compile(
                    "[a-z0-9]+_(unicode(_520)?(_nopad)?_ci|0900_a[is]_c[is]|uca1400(_nopad)?_a[is]_c[is])");

    private static final int[][] ASCII = {{0x20, 0x7e}};
    private static final int[] HAN = {0x4e00, 0x9fa5};
    private static final int[][] ASCII_AND_HAN = {{0x20, 0x7e}, HAN};

    /// Letters that no collation without a language contracts with what follows: Latin, Greek,
    /// Cyrillic; signs and kana, Chinese characters, ASCII of full width.
    private static final int[][] LETTERS = {
        {0x20, 0x7e},
        {0xa0, 0x24f},
        {0x386, 0x3ce},
        {0x400, 0x45f},
        {0x490, 0x491},
        {0x1e00, 0x1ef9},
        {0x2010, 0x2027},
        {0x3000, 0x3003},
        {0x3008, 0x3011},
        {0x3041, 0x3096},
        {0x30a1, 0x30fa},
        {0x4e00, 0x9fa5},
        {0xff01, 0xff5e}
    };

    /// Where a contraction is equal to what is no other spelling of it (Lithuanian `ch` is `c`,
    /// Hungarian `ccs` is `cscs`), a letter of each such contraction.
    private static final Map<Pattern, String> TAKEN_OUT =
            Map.of(
                    Pattern.compile("_(lithuanian|lt)_"), "hH",
                    Pattern.compile("_hu_0900_"), "sSyYzZ");

    private static final int SURROGATE_FIRST = 0xd800;
    private static final int SURROGATE_LAST = 0xdfff;
    private static final int REPLACEMENT = 0xfffd;

    private CollationFacts() {}

    /// What is known of one collation so far: the lowest unit that is equal to each known one.
    private static final class Classes {
        private static final char NONE = SURROGATE_FIRST;

        private final char[] lowest = new char[1 << Character.SIZE];
        private boolean supplementary; // all of them weigh what U+FFFD does

        Classes() {
            Arrays.fill(lowest, NONE);
        }

        static Classes of(Map<Integer, String> weights, boolean supplementary) {
            var classes = new Classes();
            classes.supplementary = supplementary;
            var first = new HashMap<String, Integer>();
            new TreeMap<>(weights)
                    .forEach((unit, weight) -> {
                        first.putIfAbsent(weight, unit);
                        classes.lowest[unit] = (char) (int) first.get(weight);
                    });
            return classes;
        }

        Classes join(Classes other) {
            var roots = new int[lowest.length];
            Arrays.setAll(roots, unit -> unit);
            for (var one : List.of(this, other)) {
                for (var unit = 0; unit < roots.length; unit++) {
                    if (one.lowest[unit] != NONE) {
                        var left = root(roots, unit);
                        var right = root(roots, one.lowest[unit]);
                        roots[Math.max(left, right)] = Math.min(left, right);
                    }
                }
            }
            var joined = new Classes();
            joined.supplementary = supplementary && other.supplementary;
            // The lowest of a class may be unknown to one of the two.
            var first = new HashMap<Integer, Integer>();
            for (var unit = 0; unit < roots.length; unit++) {
                if (lowest[unit] != NONE && other.lowest[unit] != NONE) {
                    first.putIfAbsent(root(roots, unit), unit);
                    joined.lowest[unit] = (char) (int) first.get(root(roots, unit));
                }
            }
            return joined;
        }

        private static int root(int[] roots, int unit) {
            var root = unit;
            while (roots[root] != root) {
                root = roots[root];
            }
            return root;
        }

        boolean isEmpty() {
            return known().isEmpty();
        }

        private List<Integer> known() {
            return IntStream.range(0, lowest.length)
                    .filter(unit -> lowest[unit] != NONE)
                    .boxed()
                    .toList();
        }

        @Override
        public String toString() {
            var groups = new TreeMap<Integer, List<Integer>>();
            for (var unit : known()) {
                groups.computeIfAbsent((int) lowest[unit], _ -> new ArrayList<>()).add(unit);
            }
            if (supplementary) {
                groups.computeIfAbsent(REPLACEMENT, _ -> new ArrayList<>()).add(0x10000);
            }
            return Stream.concat(
                            Stream.of(ranges(known())),
                            groups.values().stream()
                                    .filter(units -> units.size() > 1)
                                    .map(CollationFacts::ranges))
                    .collect(Collectors.joining(" "))
                    .replace("10000", "10000-10ffff");
        }
    }

    private static String ranges(List<Integer> units) {
        var text = new ArrayList<String>();
        for (var from = 0; from < units.size(); ) {
            var to = from;
            while (to + 1 < units.size() && units.get(to + 1) == units.get(to) + 1) {
                to++;
            }
            text.add(
                    Integer.toHexString(units.get(from))
                            + (to > from ? "-" + Integer.toHexString(units.get(to)) : ""));
            from = to + 1;
        }
        return String.join(",", text);
    }

    public static void main(String[] arguments) throws SQLException {
        var known = new TreeMap<String, Classes>();
        for (var kind : SERVERS) {
            System.err.println(kind);
            try (var server = DatabaseServer.start(kind)) {
                server.execute("CREATE DATABASE facts");
                try (var connection = server.connect("facts")) {
                    read(connection)
                            .forEach((name, classes) -> known.merge(name, classes, Classes::join));
                }
            }
        }
        System.out.println(
                "# Collations, the bytes or characters that are known of them, and which of these are equal: what CollationClasses says.");
        System.out.println(
                "# Made by CollationFacts from MySQL 5.6, 5.7, 8.0, 9 and MariaDB 10.11, 11.4; checked by UniqueFormsOfServersTest.");
        var names = new LinkedHashMap<String, List<String>>();
        known.forEach((name, classes) -> {
            if (!classes.isEmpty()) {
                // Bytes and code points are not one thing.
                var bytes = lengthMax(MySqlCollation.of(name).charset()) == 1;
                names.computeIfAbsent(bytes + " " + classes, _ -> new ArrayList<>()).add(name);
            }
        });
        names.forEach((line, same) ->
                System.out.println(String.join(",", same) + line.substring(line.indexOf(' '))));
    }

    private static Map<String, Classes> read(Connection connection) throws SQLException {
        var server = MySqlServer.read(connection);
        var byCharset = new TreeMap<String, TreeSet<String>>();
        server.collations()
                .forEach((name, charset) -> {
                    if (!name.endsWith("_bin") && !charset.equals("binary")) {
                        byCharset.computeIfAbsent(charset, _ -> new TreeSet<>()).add(name);
                    }
                });
        var facts = new HashMap<String, Classes>();
        for (var charset : byCharset.keySet()) {
            fill(connection, server.spelled(charset), units(charset));
            for (var name : byCharset.get(charset)) {
                var measured = primary(name, byCharset.get(charset));
                facts.put(
                        name,
                        facts.containsKey(measured)
                                ? facts.get(measured)
                                : classes(connection, server.spelled(measured), measured, charset));
            }
        }
        return facts;
    }

    private static Classes classes(
            Connection connection, String spelled, String name, String charset)
            throws SQLException {
        var ranges = wanted(name, charset);
        var plainHan = ranges == ASCII_AND_HAN && hasPlainHan(connection, spelled);
        var weights = weights(connection, spelled, plainHan ? ASCII : ranges);
        var supplementary =
                GENERAL.matcher(name).matches()
                        && Stream.of(0x10000, 0x1f600, 0x20000, 0x10fffd)
                                .allMatch(point ->
                                        weights.containsKey(point)
                                                && weights.get(point)
                                                        .equals(weights.get(REPLACEMENT)));
        weights.keySet().removeIf(unit -> unit > 0xffff);
        var simple = simple(weights, lengthMax(charset));
        addUnwritable(simple, ranges, charset);
        takeOut(simple, name, charset);
        for (var point = HAN[0]; point <= HAN[1] && plainHan; point++) {
            simple.put(point, "HAN " + point);
        }
        return Classes.of(simple, supplementary);
    }

    private static void takeOut(Map<Integer, String> simple, String name, String charset) {
        TAKEN_OUT.forEach((names, letters) -> {
            if (lengthMax(charset) > 1 && names.matcher(name).find()) {
                letters.chars().forEach(simple::remove);
            }
        });
    }

    /// What cannot stand in a text is known as itself, so that the list has no gaps.
    private static void addUnwritable(Map<Integer, String> simple, int[][] ranges, String charset) {
        if (lengthMax(charset) == 1 || ranges != ASCII_AND_HAN) {
            return;
        }
        var table = CharsetTable.of(charset).orElseThrow();
        for (var point = HAN[0]; point <= HAN[1]; point++) {
            if (table.encode(Character.toString(point)).isEmpty()) {
                simple.putIfAbsent(point, "UNWRITABLE " + point);
            }
        }
    }

    /// Each Chinese character weighs two times 16 bits of its own, as implicit weights do: the
    /// first of them is nobody else's.
    private static boolean hasPlainHan(Connection connection, String collation)
            throws SQLException {
        var weight = "WEIGHT_STRING(v COLLATE " + collation + ")";
        return Sql.text(
                        connection,
                        "SELECT COUNT(DISTINCT %s) = %d AND MIN(LENGTH(%s)) = 4 AND MAX(LENGTH(%s)) = 4 AND MIN(%s) >= x'FB40' FROM units WHERE id BETWEEN %d AND %d"
                                .formatted(
                                        weight,
                                        HAN[1] - HAN[0] + 1,
                                        weight,
                                        weight,
                                        weight,
                                        HAN[0],
                                        HAN[1]))
                .equals(Optional.of("1"));
    }

    private static int lengthMax(String charset) {
        return MySqlCharsets.lengthMax(charset).orElseThrow();
    }

    /// The collation of which accents and case make no difference: what is equal in any is equal in
    /// it.
    private static String primary(String name, TreeSet<String> names) {
        var primary = name.replaceFirst("_a[is]_c[is](_ks)?$", "_ai_ci");
        return names.contains(primary) ? primary : name;
    }

    private static TreeMap<Integer, byte[]> units(String charset) {
        var units = new TreeMap<Integer, byte[]>();
        if (lengthMax(charset) == 1) {
            IntStream.range(0, 256).forEach(one -> units.put(one, new byte[] {(byte) one}));
            return units;
        }
        var table = CharsetTable.of(charset).orElseThrow();
        IntStream.concat(
                        IntStream.range(0, 0x10000)
                                .filter(point -> point < SURROGATE_FIRST || point > SURROGATE_LAST),
                        IntStream.of(0x10000, 0x1f600, 0x20000, 0x10fffd))
                .forEach(point ->
                        table.encode(Character.toString(point))
                                .ifPresent(bytes -> units.put(point, bytes)));
        return units;
    }

    private static int[][] wanted(String name, String charset) {
        if (charset.equals("tis620") || charset.equals("big5")) {
            return ASCII; // vowels change places with consonants; characters weigh their strokes
        }
        if (lengthMax(charset) == 1) {
            return new int[][] {{0, 255}};
        }
        if (GENERAL.matcher(name).matches()) {
            return new int[][] {{0, 0x10ffff}};
        }
        return ROOT.matcher(name).matches() ? LETTERS : ASCII_AND_HAN;
    }

    private static void fill(Connection connection, String charset, Map<Integer, byte[]> units)
            throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = ''");
            statement.execute("DROP TEMPORARY TABLE IF EXISTS units");
            statement.execute(
                    "CREATE TEMPORARY TABLE units (id INT PRIMARY KEY, b VARBINARY(4), v VARCHAR(4) CHARACTER SET "
                            + charset
                            + ")");
            var rows =
                    units.entrySet().stream()
                            .map(unit -> {
                                var hex = "x'" + HexFormat.of().formatHex(unit.getValue()) + "'";
                                return "(" + unit.getKey() + "," + hex + "," + hex + ")";
                            })
                            .toList();
            for (var from = 0; from < rows.size(); from += 5_000) {
                statement.execute(
                        "INSERT INTO units VALUES "
                                + String.join(
                                        ",",
                                        rows.subList(from, Math.min(rows.size(), from + 5_000))));
            }
            statement.execute("DELETE FROM units WHERE v IS NULL OR CAST(v AS BINARY) <> b");
        }
    }

    private static TreeMap<Integer, String> weights(
            Connection connection, String collation, int[][] ranges) throws SQLException {
        var condition =
                Arrays.stream(ranges)
                        .map(range -> "id BETWEEN " + range[0] + " AND " + range[1])
                        .collect(Collectors.joining(" OR "));
        var weights = new TreeMap<Integer, String>();
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT id, HEX(WEIGHT_STRING(v COLLATE "
                                        + collation
                                        + ")) FROM units WHERE "
                                        + condition)) {
            while (rows.next()) {
                Optional.ofNullable(rows.getString(2))
                        .map(weight -> firstLevel(collation, weight))
                        .ifPresent(weight -> weights.put(intOf(rows), weight));
            }
        }
        return weights;
    }

    private static int intOf(java.sql.ResultSet rows) {
        try {
            return rows.getInt(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Collations with levels write 0000 between them.
    private static String firstLevel(String collation, String weight) {
        if (!collation.contains("_as_c")) {
            return weight;
        }
        var end = 0;
        while (end < weight.length() && !weight.startsWith("0000", end)) {
            end += 4;
        }
        return weight.substring(0, end);
    }

    /// Those whose weights can be read in one way only when they stand in line.
    private static Map<Integer, String> simple(Map<Integer, String> weights, int lengthMax) {
        var kept = new TreeSet<String>();
        for (var weight : new TreeSet<>(weights.values())) {
            var before = kept.floor(weight);
            var one = lengthMax > 1 || weight.length() == 2;
            if (one && !weight.isEmpty() && (before == null || !weight.startsWith(before))) {
                kept.add(weight);
            }
        }
        var simple = new HashMap<>(weights);
        simple.values().retainAll(kept);
        return simple;
    }
}
