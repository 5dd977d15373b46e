package ferry.dialects.mysql;

import ferry.testkit.servers.ServerKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A table with a column of every type and rows of its edge values.
final class EveryType {
    private EveryType() {}

    /// A column: definition, the edge values as SQL, and another value that differs from the first
    /// by as little as can be.
    record Sample(String name, String definition, List<String> values, String nearFirst) {}

    private static Sample of(String name, String definition, String nearFirst, String... values) {
        return new Sample(name, definition, List.of(values), nearFirst);
    }

    /// Columns that every member of the family has, as this server spells them.
    static List<Sample> samples(ServerKind kind) {
        var samples = new ArrayList<>(common());
        if (kind.family() != ServerKind.Family.OCEANBASE) {
            samples.addAll(charsets());
        } else {
            charsets()
                    .forEach(sample ->
                            samples.add(
                                    new Sample(
                                            sample.name(),
                                            sample.definition()
                                                    .replaceAll(
                                                            "CHARACTER SET \\w+",
                                                            "CHARACTER SET utf8mb4"),
                                            sample.values().stream()
                                                    .filter(value -> !value.startsWith("_"))
                                                    .toList(),
                                            sample.nearFirst())));
        }
        if (json(kind)) {
            samples.add(
                    of(
                            "js",
                            "JSON",
                            "'{\"a\": 2}'",
                            "'{\"a\": 1}'",
                            "'[1.5, null, true, \"ü\\\\n😀\", 1e20, -0.1, {\"bb\": 1, \"a\": 2}]'",
                            "'\"x\"'",
                            "'null'",
                            "'18446744073709551615'",
                            "'0.1'",
                            "'1e-7'",
                            "JSON_ARRAY(90.33333333333333E0, 0.11299265277390755E0, 1.10, 2.000)",
                            // MySQL 5.7 prints -0 and 1, which newer servers print -0.0 and 1.0.
                            kind == ServerKind.MYSQL_5_7 ? "'[0, 1]'" : "JSON_ARRAY(-0E0, 1E0)",
                            "JSON_OBJECT('it''s', 9.05068658616091E-185, 'ü', JSON_ARRAY(1E22, 1E23, 'x\\\"y'))",
                            "JSON_ARRAY(12345678901234567890123456789012345, -0.000000000000000000000000000001, 99999999999999999999.5)",
                            "CAST(1.1000 AS JSON)",
                            "CAST(0.11299265277390755E0 AS JSON)",
                            "JSON_OBJECT('long', REPEAT('ü''', 20000), 'n', 90.33333333333333E0, 'ok', true, 'no', NULL)",
                            "'{}'"));
        }
        return samples;
    }

    private static boolean json(ServerKind kind) {
        return kind != ServerKind.MYSQL_5_6 && kind.family() != ServerKind.Family.MARIADB;
    }

    private static List<Sample> common() {
        return List.of(
                of("ti", "TINYINT", "-127", "-128", "127", "0"),
                of("tu", "TINYINT UNSIGNED", "254", "255", "0"),
                of("si", "SMALLINT", "-32767", "-32768", "32767"),
                of("mi", "MEDIUMINT", "-8388607", "-8388608", "8388607"),
                of("mu", "MEDIUMINT UNSIGNED", "16777214", "16777215"),
                of("ii", "INT", "-2147483647", "-2147483648", "2147483647"),
                of("iz", "INT(8) UNSIGNED ZEROFILL", "6", "7", "4294967295", "0"),
                of(
                        "bi",
                        "BIGINT",
                        "-9223372036854775807",
                        "-9223372036854775808",
                        "9223372036854775807"),
                of("bu", "BIGINT UNSIGNED", "18446744073709551614", "18446744073709551615", "0"),
                of(
                        "de",
                        "DECIMAL(65,30)",
                        "-0.000000000000000000000000000002",
                        "-0.000000000000000000000000000001",
                        "99999999999999999999999999999999999.999999999999999999999999999999",
                        "0",
                        "1.5"),
                of("dz", "DECIMAL(10,3) UNSIGNED ZEROFILL", "1.501", "1.5", "9999999.999", "0"),
                of(
                        "d0",
                        "DECIMAL(20)",
                        "-12345678901234567891",
                        "-12345678901234567890",
                        "12345678901234567890"),
                of(
                        "fl",
                        "FLOAT",
                        "16777214",
                        "16777216",
                        "0.1",
                        "-0e0",
                        "3.4028234663852886e38",
                        "1.401298464324817e-45",
                        "-1.5"),
                of("fd", "FLOAT(7,3)", "1.102", "1.1", "9999.999", "0"),
                of("fz", "FLOAT UNSIGNED ZEROFILL", "1.25", "1.5", "0"),
                of(
                        "db",
                        "DOUBLE",
                        "1.7976931348623155e308",
                        "1.7976931348623157e308",
                        "5e-324",
                        "-0e0",
                        "0.1",
                        "1e20",
                        "123456789.123456789"),
                of("dd", "DOUBLE(10,2)", "1.11", "1.1", "-99999999.99"),
                of("b1", "BIT(1)", "b'0'", "b'1'", "b'0'"),
                of("b9", "BIT(10)", "4", "5", "1023", "0"),
                of("b6", "BIT(64)", "18446744073709551614", "18446744073709551615", "0", "255"),
                of(
                        "ch",
                        "CHAR(10) CHARACTER SET utf8mb4",
                        "'A'",
                        "'a'",
                        "'ab   '",
                        "''",
                        "' x'",
                        "'😀ü'",
                        "'it''s \\\\ ?'"),
                of(
                        "vc",
                        "VARCHAR(60) CHARACTER SET utf8mb4",
                        "'a '",
                        "'a'",
                        "'ab   '",
                        "''",
                        "'😀\\0\\n'",
                        "'it''s \\\\ \"?\"'",
                        "REPEAT('中', 60)"),
                of(
                        "tx",
                        "TEXT CHARACTER SET utf8mb4",
                        "'A'",
                        "'a'",
                        "REPEAT('x', 65535)",
                        "'  '",
                        "'中'",
                        "''"),
                of(
                        "lt",
                        "LONGTEXT CHARACTER SET utf8mb4",
                        "CONCAT(REPEAT('中\\'', 100000), 'b')",
                        "CONCAT(REPEAT('中\\'', 100000), 'a')",
                        "''",
                        "'a'"),
                of("bn", "BINARY(5)", "0x6163", "0x6162", "0x00", "0xffffffffff", "''", "'  '"),
                of(
                        "vb",
                        "VARBINARY(300)",
                        "0x61",
                        "0x6100",
                        "''",
                        "0xff27225c00",
                        "REPEAT('?', 300)"),
                of(
                        "bl",
                        "LONGBLOB",
                        "CONCAT(REPEAT(0xff00275c22, 50000), 'b')",
                        "CONCAT(REPEAT(0xff00275c22, 50000), 'a')",
                        "''",
                        "0x00",
                        "'text'"),
                of(
                        "en",
                        "ENUM('a','B','it''s','中') CHARACTER SET utf8mb4",
                        "'B'",
                        "'a'",
                        "'it''s'",
                        "'中'"),
                of(
                        "st",
                        "SET('x','y','it''s','中') CHARACTER SET utf8mb4",
                        "'x,y'",
                        "'x'",
                        "''",
                        "'x,中'",
                        "'y,it''s'"),
                of("ye", "YEAR", "1902", "1901", "2155", "0000"),
                of(
                        "da",
                        "DATE",
                        "'1000-01-02'",
                        "'1000-01-01'",
                        "'9999-12-31'",
                        "'0000-00-00'",
                        "'2024-02-31'",
                        "'2024-00-00'"),
                of(
                        "t0",
                        "TIME",
                        "'-838:59:58'",
                        "'-838:59:59'",
                        "'838:59:59'",
                        "'00:00:00'",
                        "'-00:00:01'"),
                of(
                        "t6",
                        "TIME(6)",
                        "'-00:00:00.000002'",
                        "'-00:00:00.000001'",
                        "'838:59:58.999999'",
                        "'01:02:03'"),
                of(
                        "dt",
                        "DATETIME",
                        "'1000-01-01 00:00:01'",
                        "'1000-01-01 00:00:00'",
                        "'9999-12-31 23:59:59'",
                        "'0000-00-00 00:00:00'"),
                of(
                        "d3",
                        "DATETIME(3)",
                        "'2024-01-01 00:00:00.002'",
                        "'2024-01-01 00:00:00.001'",
                        "'2024-00-00 00:00:00'"),
                of(
                        "ts",
                        "TIMESTAMP NULL",
                        "'1970-01-01 00:00:02'",
                        "'1970-01-01 00:00:01'",
                        "'2038-01-19 03:14:07'",
                        "'0000-00-00 00:00:00'"),
                of(
                        "t4",
                        "TIMESTAMP(4) NULL",
                        "'2024-03-31 02:30:00.0002'",
                        "'2024-03-31 02:30:00.0001'",
                        "'2000-01-01 00:00:00'"),
                of(
                        "ge",
                        "GEOMETRY",
                        "ST_GeomFromText('POINT(1 2.0000000000000004)')",
                        "ST_GeomFromText('POINT(1 2)')",
                        "ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))')",
                        "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))')"));
    }

    private static List<Sample> charsets() {
        return List.of(
                of(
                        "l1",
                        "VARCHAR(20) CHARACTER SET latin1",
                        "'Ä'",
                        "'ä'",
                        "'€'",
                        "_latin1 0x818d8f909d",
                        "'plain'",
                        "'ß  '"),
                of(
                        "gb",
                        "VARCHAR(20) CHARACTER SET gbk",
                        "'中大'",
                        "'中文'",
                        "_gbk 0xd55c",
                        "'a''b'",
                        "''"),
                of("sj", "CHAR(20) CHARACTER SET sjis", "'日木'", "'日本'", "_sjis 0x955c", "'x'"),
                of("u3", "VARCHAR(20) CHARACTER SET utf8", "'É'", "'é'", "'中'", "''"),
                of("u6", "CHAR(10) CHARACTER SET utf16", "'b'", "'a'", "'😀'", "'ä '", "''"),
                of("b5", "VARCHAR(20) CHARACTER SET big5", "'中大'", "'中文'", "_big5 0xf9d6", "''"),
                of("eg", "ENUM('中','x') CHARACTER SET gbk", "'x'", "'中'"));
    }

    static String definition(List<Sample> samples) {
        return "id INT PRIMARY KEY, "
                + samples.stream()
                        .map(sample -> "`" + sample.name() + "` " + sample.definition())
                        .collect(Collectors.joining(", "));
    }

    /// Rows 0 to n with the values in turn, and a last row of NULLs.
    static void fill(End end, String table, List<Sample> samples) throws SQLException {
        var count = samples.stream().mapToInt(sample -> sample.values().size()).max().orElseThrow();
        var statements = new ArrayList<String>();
        statements.add("SET NAMES utf8mb4");
        statements.add("SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES'");
        statements.add("SET time_zone = '+00:00'");
        for (var row = 0; row < count; row++) {
            var number = row;
            statements.add(
                    "INSERT INTO `%s` VALUES (%d, %s)"
                            .formatted(
                                    table,
                                    row,
                                    samples.stream()
                                            .map(sample ->
                                                    sample.values()
                                                            .get(number % sample.values().size()))
                                            .collect(Collectors.joining(", "))));
        }
        statements.add("INSERT INTO `%s` (id) VALUES (%d)".formatted(table, count));
        end.database().execute(statements.toArray(String[]::new));
    }
}
