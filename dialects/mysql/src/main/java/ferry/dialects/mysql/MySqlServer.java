package ferry.dialects.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What one server tells about itself: version, variables, character sets and collations.
/// [#facts()] is its form for the other end.
record MySqlServer(
        MySqlVersion version,
        Map<String, String> variables,
        Map<String, MySqlServer.Charset> charsets,
        Map<String, String> collations) {
    private static final String CHARSET_FACT = "charsets";
    private static final String COLLATION_FACT = "collations";

    MySqlServer {
        variables = Map.copyOf(variables);
        charsets = Map.copyOf(charsets);
        collations = Map.copyOf(collations);
    }

    /// A character set that the server has: its default collation and the most bytes of a
    /// character.
    record Charset(String defaultCollation, int bytesMax) {}

    static MySqlServer read(Connection connection) throws SQLException {
        var variables = Sql.pairs(connection, "SHOW GLOBAL VARIABLES");
        var version =
                MySqlVersion.of(
                        Sql.text(connection, "SELECT VERSION()").orElseThrow(),
                        variables.getOrDefault("version_comment", ""),
                        obVersion(connection));
        return new MySqlServer(
                version, variables, charsets(connection), collations(connection, version));
    }

    private static Optional<String> obVersion(Connection connection) throws SQLException {
        try {
            return Sql.text(connection, "SELECT OB_VERSION()");
        } catch (SQLException notOceanBase) {
            if (notOceanBase.getErrorCode() == 1305
                    || notOceanBase.getErrorCode() == 1046
                    || notOceanBase.getErrorCode() == 1370) {
                return Optional.empty(); // no such function: every server but OceanBase
            }
            throw notOceanBase;
        }
    }

    private static Map<String, Charset> charsets(Connection connection) throws SQLException {
        var charsets = new LinkedHashMap<String, Charset>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW CHARACTER SET")) {
            while (rows.next()) {
                charsets.put(
                        MySqlCollation.modern(rows.getString("Charset")),
                        new Charset(
                                MySqlCollation.modern(rows.getString("Default collation")),
                                rows.getInt("Maxlen")));
            }
        }
        return charsets;
    }

    /// Collations by name with their character set. MariaDB 10.10 and later have collations for
    /// several character sets, whose full names stand in one view only.
    private static Map<String, String> collations(Connection connection, MySqlVersion version)
            throws SQLException {
        var statement =
                version.mariaDb(10, 10, 1)
                        ? "SELECT FULL_COLLATION_NAME, CHARACTER_SET_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY"
                        : "SELECT COLLATION_NAME, CHARACTER_SET_NAME FROM information_schema.COLLATIONS";
        var collations = new LinkedHashMap<String, String>();
        Sql.pairs(connection, statement)
                .forEach((collation, charset) -> {
                    if (charset != null) {
                        collations.put(
                                MySqlCollation.modern(collation), MySqlCollation.modern(charset));
                    }
                });
        return collations;
    }

    /// The server that these facts describe; the other way round of [#facts()].
    static MySqlServer of(Map<String, String> facts) {
        var charsets = new LinkedHashMap<String, Charset>();
        for (var charset : list(facts.getOrDefault(CHARSET_FACT, ""))) {
            var parts = charset.split(":");
            charsets.put(parts[0], new Charset(parts[1], Integer.parseInt(parts[2])));
        }
        var collations = new LinkedHashMap<String, String>();
        for (var collation : list(facts.getOrDefault(COLLATION_FACT, ""))) {
            var parts = collation.split(":");
            collations.put(parts[0], parts[1]);
        }
        var comment = facts.getOrDefault("version_comment", "");
        var version =
                MySqlVersion.of(
                        facts.getOrDefault("version", "0.0"),
                        comment,
                        Optional.ofNullable(facts.get("ob_version")));
        return new MySqlServer(version, facts, charsets, collations);
    }

    private static String[] list(String text) {
        return text.isEmpty() ? new String[0] : text.split(" ");
    }

    /// Everything that the other end may ask for, by name: the global variables, `flavor`,
    /// `version`, and the lists `charsets` (`name:default collation:bytes`) and `collations`
    /// (`name:character set`).
    Map<String, String> facts() {
        var facts = new TreeMap<>(variables);
        facts.put("version", version.text());
        facts.put("flavor", version.flavor().name().toLowerCase(Locale.ROOT));
        if (version.isOceanBase()) {
            facts.put(
                    "ob_version", version.major() + "." + version.minor() + "." + version.patch());
        }
        facts.put(
                CHARSET_FACT,
                charsets.entrySet().stream()
                        .map(entry ->
                                entry.getKey()
                                        + ":"
                                        + entry.getValue().defaultCollation()
                                        + ":"
                                        + entry.getValue().bytesMax())
                        .sorted()
                        .collect(Collectors.joining(" ")));
        facts.put(
                COLLATION_FACT,
                collations.entrySet().stream()
                        .map(entry -> entry.getKey() + ":" + entry.getValue())
                        .sorted()
                        .collect(Collectors.joining(" ")));
        return facts;
    }

    /// A global variable, or an empty text if the server does not have it.
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /// True when a switch is on, however the server spells that.
    boolean on(String name) {
        var value = variable(name);
        return value.equalsIgnoreCase("ON")
                || value.equals("1")
                || value.equalsIgnoreCase("YES")
                || value.equalsIgnoreCase("TRUE");
    }

    /// A character set or collation in this server's own words: `utf8mb3` is called `utf8` by older
    /// ones.
    String spelled(String name) {
        var modern = version.mySql(8, 0, 30) || version.mariaDb(10, 6, 1) || version.isOceanBase();
        return !modern && (name.equals("utf8mb3") || name.startsWith("utf8mb3_"))
                ? "utf8" + name.substring("utf8mb3".length())
                : name;
    }

    /// The most bytes of a character; 4 for a character set that this server does not have.
    int bytesMax(String charset) {
        return charsets.containsKey(charset) ? charsets.get(charset).bytesMax() : 4;
    }

    /// How names of databases and tables are kept: 0 as written, 1 in lower case, 2 as written but
    /// compared in lower case.
    int lowerCaseTableNames() {
        var value = variable("lower_case_table_names");
        return value.isEmpty() ? 0 : Integer.parseInt(value);
    }

    /// The most bytes that one key part, and one key, may have here.
    int keyBytesMax() {
        if (version.isOceanBase()) {
            return 16_384;
        }
        var large = version.mySql(5, 7, 7) || version.mariaDb(10, 2, 2);
        return large && !variable("innodb_large_prefix").equalsIgnoreCase("OFF") ? 3_072 : 767;
    }
}
