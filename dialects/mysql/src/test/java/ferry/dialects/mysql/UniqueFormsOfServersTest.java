package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.UniqueForm;
import ferry.engine.model.Row;
import ferry.testkit.servers.ServerKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a server holds equal under any of its collations has one form here. The server groups the
/// texts; nothing is asked about a collation's name.
@Tag("servers")
final class UniqueFormsOfServersTest {
    private static final long SEED = 8;

    /// One in so many of the texts is compared; of servers with more collations, one in more. 1
    /// compares them all, which takes minutes.
    private static final int SHARE = Integer.getInteger("ferry.collations.share", 64);

    private static final int COLLATIONS_MANY = 300;

    private static final int SHOWN_MAX = 40;
    private static final HexFormat HEX = HexFormat.of();

    /// What is common, where a form must tell plain texts apart as well as the server does.
    private static final List<String> COMMON =
            List.of(
                    "utf8mb4_general_ci",
                    "utf8mb4_unicode_ci",
                    "utf8mb4_unicode_520_ci",
                    "utf8mb4_0900_ai_ci",
                    "utf8mb4_uca1400_ai_ci",
                    "utf8mb3_general_ci",
                    "latin1_swedish_ci",
                    "ascii_general_ci",
                    "gbk_chinese_ci",
                    "gb18030_chinese_ci",
                    "big5_chinese_ci");

    private final List<String> wrong = new ArrayList<>();
    private int share;
    private int collations;
    private int withForm;
    private long classesOfServer;
    private long classesOfForms;

    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void whatTheServerHoldsEqualHasOneForm(ServerKind kind) throws SQLException {
        var started = System.nanoTime();
        try (var end = End.of(kind);
                var connection = end.database().connect()) {
            var server = MySqlServer.read(connection);
            var byCharset = new TreeMap<String, TreeSet<String>>();
            server.collations()
                    .forEach((collation, charset) ->
                            byCharset
                                    .computeIfAbsent(charset, _ -> new TreeSet<>())
                                    .add(collation));
            byCharset.remove("binary");
            share = SHARE * (server.collations().size() / COLLATIONS_MANY + 1);
            for (var charset : byCharset.keySet()) {
                if (CharsetTable.of(charset).isEmpty()) {
                    for (var collation : byCharset.get(charset)) {
                        assertThat(MySqlTextForm.of(charset, collation)).as(collation).isEmpty();
                    }
                    collations += byCharset.get(charset).size();
                    continue;
                }
                // Related character sets have the same collations: together they see more texts.
                var texts = CollationTexts.of(charset, share, SEED + charset.hashCode());
                fill(connection, server.spelled(charset), texts);
                for (var collation : byCharset.get(charset)) {
                    collations++;
                    compare(connection, server, charset, collation, texts);
                }
            }
        }
        System.out.printf(
                "%s: %d of %d collations have a form; of %d plain texts that servers tell apart %d have forms of their own; seed %d, one in %d, %d ms%n",
                kind,
                withForm,
                collations,
                classesOfServer,
                classesOfForms,
                SEED,
                share,
                (System.nanoTime() - started) / 1_000_000);

        assertThat(wrong.stream().limit(SHOWN_MAX)).isEmpty();
        assertThat(withForm).isGreaterThan(collations * 9 / 10);
        // Case is not told apart where only accents and case together are.
        assertThat(classesOfForms).isGreaterThan(classesOfServer * 3 / 4);
    }

    /// An index need not compare as grouping does (big5 sorts by strokes and compares by codes).
    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void whatAUniqueKeyRefusesHasOneForm(ServerKind kind) throws SQLException {
        try (var end = End.of(kind);
                var connection = end.database().connect()) {
            var server = MySqlServer.read(connection);
            for (var charset : new TreeSet<>(server.charsets().keySet())) {
                if (CharsetTable.of(charset).isEmpty()) {
                    continue;
                }
                var texts = CollationTexts.of(charset, SHARE * 4, SEED);
                fill(connection, server.spelled(charset), texts);
                for (var collation : server.collations().keySet()) {
                    if (server.collations().get(collation).equals(charset)
                            && (COMMON.contains(collation)
                                    || server.charsets()
                                            .get(charset)
                                            .defaultCollation()
                                            .equals(collation))) {
                        refuse(connection, server, charset, collation, texts);
                    }
                }
            }
        }

        assertThat(wrong.stream().limit(SHOWN_MAX)).isEmpty();
        assertThat(collations).isPositive();
    }

    private void refuse(
            Connection connection,
            MySqlServer server,
            String charset,
            String collation,
            List<byte[]> texts)
            throws SQLException {
        var form = MySqlTextForm.of(charset, collation).orElseThrow();
        var refused = 0;
        try (var statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS kept");
            statement.execute(
                    "CREATE TABLE kept (id INT, v VARCHAR(50) CHARACTER SET %s COLLATE %s, UNIQUE KEY (v))"
                            .formatted(server.spelled(charset), server.spelled(collation)));
            statement.execute("INSERT IGNORE INTO kept SELECT id, v FROM texts");
            try (var rows =
                    statement.executeQuery(
                            "SELECT t.id, k.id FROM texts t JOIN kept k ON k.v = t.v COLLATE %s WHERE t.id <> k.id"
                                    .formatted(server.spelled(collation)))) {
                while (rows.next()) {
                    refused++;
                    var one = texts.get(rows.getInt(1));
                    var other = texts.get(rows.getInt(2));
                    var left = form.of(Row.of(one), 0);
                    var right = form.of(Row.of(other), 0);
                    if (left != right && left != UniqueForm.ANY && right != UniqueForm.ANY) {
                        wrong.add(equal(collation, one, other));
                    }
                }
            }
        }
        var all = Sql.text(connection, "SELECT COUNT(*) FROM texts").orElseThrow();
        var kept = Sql.text(connection, "SELECT COUNT(*) FROM kept").orElseThrow();
        assertThat(refused).as(collation).isPositive();
        assertThat(Integer.parseInt(kept) + refused).as(collation).isEqualTo(Integer.parseInt(all));
        collations++;
    }

    /// A text that the server refuses or changes is taken out.
    private static void fill(Connection connection, String charset, List<byte[]> texts)
            throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = '', group_concat_max_len = 1000000");
            statement.execute("DROP TABLE IF EXISTS texts");
            statement.execute(
                    "CREATE TABLE texts (id INT PRIMARY KEY, b VARBINARY(200), v VARCHAR(50) CHARACTER SET "
                            + charset
                            + ", plain TINYINT)");
            for (var from = 0; from < texts.size(); from += 2_000) {
                var rows = new ArrayList<String>();
                for (var i = from; i < Math.min(texts.size(), from + 2_000); i++) {
                    var hex = "x'" + HEX.formatHex(texts.get(i)) + "'";
                    rows.add("(" + i + "," + hex + "," + hex + "," + isPlain(texts.get(i)) + ")");
                }
                statement.execute("INSERT INTO texts VALUES " + String.join(",", rows));
            }
            statement.execute("DELETE FROM texts WHERE v IS NULL OR CAST(v AS BINARY) <> b");
        }
    }

    private void compare(
            Connection connection,
            MySqlServer server,
            String charset,
            String collation,
            List<byte[]> texts)
            throws SQLException {
        var form = MySqlTextForm.of(charset, collation);
        if (form.isEmpty()) {
            System.out.println("without a form: " + collation);
            return;
        }
        withForm++;
        var forms = texts.stream().mapToLong(text -> form.get().of(Row.of(text), 0)).toArray();
        var grouped = new HashSet<Integer>();
        try (var statement = connection.createStatement();
                var groups =
                        statement.executeQuery(
                                "SELECT GROUP_CONCAT(id) FROM texts GROUP BY v COLLATE "
                                        + server.spelled(collation)
                                        + " HAVING COUNT(*) > 1")) {
            while (groups.next()) {
                var group =
                        Arrays.stream(groups.getString(1).split(","))
                                .map(Integer::valueOf)
                                .filter(id -> forms[id] != UniqueForm.ANY)
                                .toList();
                for (var id : group) {
                    if (forms[id] != forms[group.getFirst()]) {
                        wrong.add(equal(collation, texts.get(group.getFirst()), texts.get(id)));
                    }
                }
                grouped.addAll(group);
            }
        }
        if (!collation.endsWith("_bin")) {
            assertThat(grouped).as(collation).isNotEmpty();
        }
        countClasses(connection, server, collation, texts, forms);
    }

    private static String equal(String collation, byte[] one, byte[] other) {
        return collation + ": " + HEX.formatHex(one) + " = " + HEX.formatHex(other);
    }

    /// A form that answers ANY always, or one for all, would be safe and of no use.
    private void countClasses(
            Connection connection,
            MySqlServer server,
            String collation,
            List<byte[]> texts,
            long[] forms)
            throws SQLException {
        var ofServer =
                Long.parseLong(
                        Sql.text(
                                        connection,
                                        "SELECT COUNT(DISTINCT v COLLATE "
                                                + server.spelled(collation)
                                                + ") FROM texts WHERE plain")
                                .orElseThrow());
        var ofForms =
                IntStream.range(0, forms.length)
                        .filter(i -> isPlain(texts.get(i)))
                        .mapToLong(i -> forms[i])
                        .distinct()
                        .count();
        if (COMMON.contains(collation)) {
            assertThat(ofForms).as(collation).isEqualTo(ofServer);
        }
        classesOfServer += ofServer;
        classesOfForms += ofForms;
    }

    /// Printable ASCII that does not end with a space.
    private static boolean isPlain(byte[] text) {
        for (var one : text) {
            if (one < ' ' || one > '~') {
                return false;
            }
        }
        return text.length == 0 || text[text.length - 1] != ' ';
    }
}
