package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.dialects.mysql.CreateText.Default;
import ferry.engine.model.Column.Generation;
import ferry.engine.model.Key;
import ferry.engine.model.TableName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CreateTextReaderTest {

    @Test
    void versionedCommentsAreOpenedAndTheirContentCounts() {
        var text =
                read(
                        """
                        CREATE TABLE `t` (
                          `a` int NOT NULL,
                          `b` int DEFAULT NULL /*!80023 INVISIBLE */,
                          `g` point NOT NULL /*!80003 SRID 4326 */,
                          PRIMARY KEY (`a`),
                          KEY `k` (`b`) /*!80000 INVISIBLE */
                        ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 /*!50100 TABLESPACE `ts` */
                        /*!50100 PARTITION BY LINEAR KEY */ /*!50611 ALGORITHM = 1 */ /*!50100 (a)
                        (PARTITION p0 COMMENT = 'ENGINE = InnoDB' ENGINE = InnoDB,
                         PARTITION p1 ENGINE = InnoDB) */\
                        """);

        assertThat(text.columns().get(1).invisible()).isTrue();
        assertThat(text.columns().get(2).type()).isEqualTo("point srid 4326");
        assertThat(text.keys().get(1).options()).contains("INVISIBLE");
        assertThat(text.options())
                .containsEntry("auto_increment", "7")
                .containsEntry("tablespace", "ts");
        assertThat(text.partitioning())
                .contains(
                        "PARTITION BY LINEAR KEY ALGORITHM = 1 (a) (PARTITION p0 COMMENT = 'ENGINE = InnoDB', PARTITION p1)");
    }

    @Test
    void quotesCommasAndParenthesesInsideLiteralsMeanNothing() {
        var text =
                read(
                        """
                        CREATE TABLE `t``x` (
                          `a``,(b` enum('x'',','(','\\\\') DEFAULT '(' COMMENT 'it''s , ) the `end` \\\\',
                          `c` varchar(9) GENERATED ALWAYS AS (concat(_utf8mb4')\\'(',`a``,(b`)) VIRTUAL,
                          CONSTRAINT `c,k` CHECK ((`c` <> _utf8mb4')'))
                        ) ENGINE=InnoDB\
                        """);

        assertThat(text.columns().getFirst().name()).isEqualTo("a`,(b");
        assertThat(text.columns().getFirst().type()).isEqualTo("enum('x'',','(','\\\\')");
        assertThat(text.columns().getFirst().comment()).isEqualTo("it's , ) the `end` \\");
        assertThat(text.columns().get(1).generated()).contains("concat(_utf8mb4')\\'(',`a``,(b`)");
        assertThat(text.columns().get(1).generation()).isEqualTo(Generation.VIRTUAL);
        assertThat(text.options()).containsEntry("check c,k", "(`c` <> _utf8mb4')')");
    }

    @Test
    void defaultsOfAllServersMeanTheSame() {
        var text =
                read(
                        """
                        CREATE TABLE `t` (
                          `a` int DEFAULT '5', `b` int DEFAULT 5, `c` datetime DEFAULT current_timestamp(), `d` datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE current_timestamp(3),
                          `e` varchar(9) DEFAULT NULL, `f` varchar(40) DEFAULT uuid(), `g` varchar(40) DEFAULT (uuid()), `h` int DEFAULT ((1 + 2)), `i` bit(3) DEFAULT b'101',
                          `j` double DEFAULT -1.5e10, `k` text DEFAULT (_utf8mb4'x'), `l` varchar(9) DEFAULT 'NULL', `m` varbinary(9) DEFAULT 0x00FF
                        )\
                        """);

        var defaults = text.columns().stream().map(CreateText.ColumnText::defaultValue).toList();
        assertThat(literal(defaults.get(0))).isEqualTo("5");
        assertThat(literal(defaults.get(1))).isEqualTo("5");
        assertThat(defaults.get(2)).isEqualTo(new Default.Sql("CURRENT_TIMESTAMP"));
        assertThat(defaults.get(3)).isEqualTo(new Default.Sql("CURRENT_TIMESTAMP(3)"));
        assertThat(text.columns().get(3).onUpdate()).contains("CURRENT_TIMESTAMP(3)");
        assertThat(defaults.get(4)).isEqualTo(new Default.None());
        assertThat(defaults.get(5))
                .isEqualTo(new Default.Sql("(uuid())"))
                .isEqualTo(defaults.get(6));
        assertThat(defaults.get(7)).isEqualTo(new Default.Sql("(1 + 2)"));
        assertThat(defaults.get(8)).isEqualTo(new Default.Sql("b'101'"));
        assertThat(literal(defaults.get(9))).isEqualTo("-1.5e10");
        assertThat(defaults.get(10)).isEqualTo(new Default.Sql("(_utf8mb4'x')"));
        assertThat(literal(defaults.get(11))).isEqualTo("NULL");
        assertThat(((Default.Hex) defaults.get(12)).bytes()).containsExactly(0, -1);
    }

    @Test
    void aBinaryDefaultIsReadAsTheBytesThatStandThere() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                "CREATE TABLE `t` (`v` varbinary(9) DEFAULT '".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(new byte[] {(byte) 0xff, '\\', '0', (byte) 0xfe, '\'', '\'', 'A'});
        bytes.writeBytes("')".getBytes(StandardCharsets.UTF_8));

        var text = CreateTextReader.read(bytes.toByteArray(), "db");

        assertThat(((Default.Literal) text.columns().getFirst().defaultValue()).bytes())
                .containsExactly(0xff, 0, 0xfe, '\'', 'A');
    }

    @Test
    void keysHavePrefixesDirectionsAndExpressions() {
        var text =
                read(
                        """
                        CREATE TABLE `t` (
                          `a` int,
                          UNIQUE KEY `u` (`a`(10) DESC,`b`) USING HASH COMMENT 'c',
                          KEY `f` (((`a` + 1)),(lower(`b`)) DESC),
                          FULLTEXT KEY `ft` (`b`) /*!50100 WITH PARSER `ngram` */ ,
                          CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE SET NULL ON UPDATE RESTRICT,
                          CONSTRAINT `fk2` FOREIGN KEY (`a`, `b`) REFERENCES `other`.`p`(`x`, `y`) ON UPDATE CASCADE
                        )\
                        """);

        assertThat(text.keys().getFirst())
                .isEqualTo(
                        new Key(
                                "u",
                                Key.Kind.UNIQUE,
                                List.of(
                                        new Key.Part("a", 10, true, Optional.empty()),
                                        Key.Part.column("b")),
                                Optional.of("USING HASH COMMENT 'c'")));
        assertThat(text.keys().get(1).parts().stream().map(part -> part.expression().orElse("")))
                .containsExactly("`a` + 1", "lower(`b`)");
        assertThat(text.keys().get(2).options()).contains("WITH PARSER `ngram`");
        assertThat(text.foreignKeys().getFirst().parent()).isEqualTo(new TableName("db", "p"));
        assertThat(text.foreignKeys().getFirst().onUpdate()).isEqualTo("NO ACTION");
        assertThat(text.foreignKeys().get(1).parent()).isEqualTo(new TableName("other", "p"));
        assertThat(text.foreignKeys().get(1).cascades()).isTrue();
    }

    @Test
    void oceanBasePrintsMembersWithoutEscapesAndManyPhysicalOptions() {
        var statement =
                """
                CREATE TABLE `t` (
                  `e` enum('a'b','c\\d') DEFAULT 'a'b' COMMENT 'x',
                  `n` int(11) DEFAULT '1',
                  UNIQUE KEY `u` (`n`) BLOCK_SIZE 16384 LOCAL COMMENT 'kc'
                ) ORGANIZATION INDEX AUTO_INCREMENT = 5 DEFAULT CHARSET = utf8mb4 ROW_FORMAT = DYNAMIC COMPRESSION = 'zstd_1.3.8' TABLET_SIZE = 134217728 COMMENT = 'it\\'s'
                 partition by range(n) subpartition by hash(n) subpartition template (
                subpartition `p0`,
                subpartition `p1`)
                (partition `a` values less than (1))\
                """;
        var raw =
                Map.of(
                        "e",
                        new CreateText.Raw(
                                "enum('a'b','c\\d')".getBytes(StandardCharsets.UTF_8),
                                Optional.of("a'b".getBytes(StandardCharsets.UTF_8))));

        var text =
                CreateTextReader.readOceanBase(
                        statement.getBytes(StandardCharsets.UTF_8), "db", raw);

        assertThat(text.columns().getFirst().type()).isEqualTo("enum('a''b','c\\\\d')");
        assertThat(literal(text.columns().getFirst().defaultValue())).isEqualTo("a'b");
        assertThat(text.columns().getFirst().comment()).isEqualTo("x");
        assertThat(text.options())
                .containsOnlyKeys("auto_increment", "charset", "comment")
                .containsEntry("comment", "it's");
        assertThat(text.partitioning())
                .contains(
                        "partition by range(n) subpartition by hash(n) subpartitions 2 (partition `a` values less than (1))");
    }

    @Test
    void whatIsNotOnTheListIsRefused() {
        assertThatThrownBy(() -> read("CREATE TABLE `t` (`a` int MAGIC)"))
                .hasMessageContaining("an attribute of column a")
                .hasMessageContaining("MAGIC");
        assertThatThrownBy(() -> read("CREATE TABLE `t` (`a` int, CONSTRAINT `x` EXCLUDE (`a`))"))
                .hasMessageContaining("FOREIGN KEY or CHECK");
        assertThatThrownBy(() -> read("CREATE TABLE `t` (`a` int DEFAULT 'x"))
                .hasMessageContaining("closing '");
    }

    private static CreateText read(String statement) {
        return CreateTextReader.read(statement.getBytes(StandardCharsets.UTF_8), "db");
    }

    private static String literal(Default value) {
        return new String(((Default.Literal) value).bytes(), StandardCharsets.UTF_8);
    }
}
