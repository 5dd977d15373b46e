package ferry.dialects.mysql;

import ferry.engine.model.Row;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerKind.Family;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// The tables of the contract for this family, with rows in canonical form, written down by hand:
/// what a reader must make of them is said here and nowhere computed.
final class ContractCorpus {
    private ContractCorpus() {}

    /// A table as an application writes it behind CREATE TABLE and its name.
    record Corpus(String name, String definition, List<Row> rows, List<Row> refused) {}

    static List<Corpus> of(ServerKind kind) {
        return List.of(
                new Corpus(
                        "orders",
                        """
                        (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
                         name VARCHAR(10) CHARACTER SET utf8mb4, price DECIMAL(10,2))
                        """,
                        List.of(
                                Row.ofText("1", "one", "0.10"),
                                Row.ofText("0", "ünï 😀", "-99999999.99"),
                                Row.ofText("-9223372036854775808", "", "0.00"),
                                Row.ofText("9223372036854775806", null, null),
                                Row.ofText("10", "'\\\n\0 ?", "7.00"),
                                Row.ofText("11", " a ", "99999999.99")),
                        List.of(
                                Row.ofText("9223372036854775808", "too large", "1.00"),
                                Row.ofText("2", "longer than ten", "1.00"),
                                Row.ofText("2", "too much", "100000000.00"))),
                new Corpus(
                        "people",
                        """
                        (name VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
                         mail VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
                         nick VARCHAR(20) CHARACTER SET utf8mb4, PRIMARY KEY (name), UNIQUE KEY mail (mail))
                        """,
                        List.of(
                                Row.ofText("Anna", "a@x", "n"),
                                Row.ofText("bert", null, null),
                                Row.ofText("Çelik", null, "n")),
                        List.of()),
                new Corpus(
                        "pairs",
                        """
                        (a INT NOT NULL, b VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
                         PRIMARY KEY (a, b))
                        """,
                        List.of(Row.ofText("1", "x"), Row.ofText("1", "y"), Row.ofText("-2", "x")),
                        List.of(Row.ofText("2147483648", "x"), Row.ofText(null, "x"))),
                new Corpus(
                        "odd",
                        """
                        (day DATE NOT NULL, raw VARBINARY(8) NOT NULL, kind ENUM('z', 'a', 'ö')
                         CHARACTER SET utf8mb4 NOT NULL, n TINYINT UNSIGNED, UNIQUE KEY odd (kind, day, raw))
                        """,
                        List.of(
                                Row.of(text("2024-02-29"), hex("00ff"), text("z"), text("255")),
                                Row.of(text("0000-00-00"), hex(""), text("a"), text("0")),
                                Row.of(text("2024-02-29"), hex("0027"), text("ö"), null)),
                        List.of(
                                Row.of(text("2024-02-29"), hex("00"), text("b"), null),
                                Row.of(text("2024-02-29"), hex("00"), text("z"), text("256")))),
                new Corpus(
                        "stamps",
                        """
                        (id INT NOT NULL PRIMARY KEY,
                         changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
                         at DATETIME(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))
                        """,
                        List.of(
                                Row.ofText(
                                        "0", "1970-01-01 00:00:01", "0000-00-00 00:00:00.000000"),
                                Row.ofText("1", "2038-01-19 03:14:07", null)),
                        List.of()),
                new Corpus(
                        "events",
                        "(at DATETIME(3), what VARCHAR(20) CHARACTER SET utf8mb4, n DOUBLE)",
                        List.of(
                                Row.ofText("2024-03-31 02:30:00.001", "same", "0.1"),
                                Row.ofText("2024-03-31 02:30:00.001", "same", "0.1"),
                                Row.ofText("2024-03-31 02:30:00.001", "SAME", "0.1"),
                                Row.ofText(null, null, null),
                                Row.ofText("9999-12-31 23:59:59.999", "", zero(kind))),
                        List.of()),
                every(kind));
    }

    /// The zero below zero; MariaDB 10.11.19 makes a plain zero of it, 11.4.5 does not.
    private static String zero(ServerKind kind) {
        return kind == ServerKind.MARIADB_10_11 ? "0.0" : "-0.0";
    }

    /// A column of one type and its values as bytes.
    private record Type(String definition, List<byte[]> values) {}

    private static Corpus every(ServerKind kind) {
        var types = new ArrayList<>(common(zero(kind)));
        if (kind.family() != Family.OCEANBASE) {
            types.addAll(charsets());
        }
        if (kind.family() != Family.MARIADB && kind != ServerKind.MYSQL_5_6) {
            types.add(
                    type(
                            "JSON",
                            "null",
                            "{\"a\": [1, -2.5, true, null, \"ü\\n😀\"], \"bb\": {}}",
                            "18446744073709551615",
                            "-9223372036854775808"));
        }
        var definition = new StringBuilder("(id INT NOT NULL PRIMARY KEY");
        for (var i = 0; i < types.size(); i++) {
            definition.append(", c%02d %s".formatted(i, types.get(i).definition()));
        }
        var count = types.stream().mapToInt(type -> type.values().size()).max().orElseThrow();
        var rows = new ArrayList<Row>();
        for (var number = 0; number <= count; number++) {
            var row = new Row.Builder(types.size() + 1).add(text(String.valueOf(number)));
            for (var type : types) {
                if (number == count) {
                    row.addNull();
                } else {
                    row.add(type.values().get(number % type.values().size()));
                }
            }
            rows.add(row.build());
        }
        return new Corpus("every", definition + ")", rows, List.of());
    }

    private static List<Type> common(String zero) {
        return List.of(
                type("TINYINT", "-128", "127"),
                type("SMALLINT UNSIGNED", "65535", "0"),
                type("MEDIUMINT", "-8388608", "8388607"),
                type("INT UNSIGNED ZEROFILL", "4294967295", "7"),
                type("BIGINT UNSIGNED", "18446744073709551615", "0"),
                type(
                        "DECIMAL(65,30)",
                        "-99999999999999999999999999999999999.999999999999999999999999999999",
                        "0.000000000000000000000000000001"),
                type("DECIMAL(5,0)", "-99999", "0"),
                type(
                        "FLOAT",
                        "0.10000000149011612",
                        "3.4028234663852886E38",
                        "1.1754943508222875E-38",
                        zero,
                        "1.6777216E7"),
                type("DOUBLE", "1.7976931348623157E308", "4.9E-324", zero, "0.1", "1.0E23"),
                binary("BIT(1)", "01", "00"),
                binary("BIT(13)", "1fff", "0001"),
                binary("BIT(64)", "ffffffffffffffff", "0000000000000000"),
                type("YEAR", "1901", "2155", "0"),
                type("DATE", "1000-01-01", "9999-12-31", "0000-00-00", "2024-02-31", "2024-00-00"),
                type("TIME", "-838:59:59", "838:59:59", "00:00:00", "-00:00:01"),
                type("TIME(6)", "-838:59:58.999999", "00:00:00.000001", "-00:00:00.000001"),
                type("DATETIME", "1000-01-01 00:00:00", "9999-12-31 23:59:59"),
                type("DATETIME(6)", "9999-12-31 23:59:59.999999", "2024-00-00 00:00:00.000001"),
                type("TIMESTAMP(2) NULL", "1970-01-01 00:00:01.01", "2038-01-19 03:14:07.99"),
                type("CHAR(10) CHARACTER SET utf8mb4", "a", "", " ü😀"),
                type("VARCHAR(40) CHARACTER SET utf8mb4", "ab  ", "", "😀\0\n'\"\\?"),
                type("TEXT CHARACTER SET utf8mb4", "x".repeat(65_535), "", "ü"),
                binary("BINARY(4)", "00000000", "20000000", "ff27225c"),
                binary("VARBINARY(300)", "00".repeat(300), "", "27225c00"),
                binary("MEDIUMBLOB", "00ff275c22".repeat(20_000), "", "ff"),
                type("ENUM('a','b,c','it''s','ö') CHARACTER SET utf8mb4", "a", "it's", "ö"),
                type("SET('a','b','it''s','ö') CHARACTER SET utf8mb4", "a,ö", "", "b,it's"),
                binary(
                        "GEOMETRY",
                        "000000000101000000000000000000f03f0000000000000040",
                        "00000000010200000002000000"
                                + "00000000000000000000000000000000"
                                + "000000000000f03f000000000000f03f"));
    }

    /// Characters that every one of them has, and some that few have.
    private static List<Type> charsets() {
        return List.of(
                characters("VARCHAR(20) CHARACTER SET latin1", "windows-1252", "äß€", "", "'\\"),
                characters("VARCHAR(20) CHARACTER SET utf8", "UTF-8", "中é", ""),
                characters("VARCHAR(20) CHARACTER SET gbk", "GBK", "中文誠", "", "a'\\"),
                characters("CHAR(20) CHARACTER SET utf16", "UTF-16BE", "😀ä", "", "a"),
                characters("VARCHAR(20) CHARACTER SET ucs2", "UTF-16BE", "äa ", ""),
                characters("ENUM('中','x') CHARACTER SET gbk", "GBK", "中", "x"),
                characters("SET('é','x') CHARACTER SET latin1", "windows-1252", "é,x", "", "x"),
                binary("VARCHAR(9) CHARACTER SET binary", "00ff00", ""));
    }

    private static Type type(String definition, String... values) {
        return characters(definition, "UTF-8", values);
    }

    private static Type characters(String definition, String charset, String... values) {
        return new Type(
                definition,
                List.of(values).stream()
                        .map(value -> value.getBytes(Charset.forName(charset)))
                        .collect(Collectors.toList()));
    }

    private static Type binary(String definition, String... values) {
        return new Type(definition, List.of(values).stream().map(ContractCorpus::hex).toList());
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(String value) {
        return HexFormat.of().parseHex(value);
    }
}
