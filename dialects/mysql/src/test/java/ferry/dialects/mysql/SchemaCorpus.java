package ferry.dialects.mysql;

import ferry.engine.model.TableName;
import java.util.List;
import java.util.function.Predicate;

/// Tables of every kind that the dictionary can tell about, each with the servers that can hold it.
/// `%` stands for the database.
final class SchemaCorpus {
    private SchemaCorpus() {}

    record Sample(String table, String columns, Predicate<MySqlVersion> where) {
        String statement(String database) {
            return "CREATE TABLE "
                    + MySqlSql.quote(new TableName(database, table))
                    + " "
                    + columns.replace("%", database);
        }
    }

    private static final Predicate<MySqlVersion> ALL = version -> true;
    private static final Predicate<MySqlVersion> MYSQL = MySqlVersion::isMySql;
    private static final Predicate<MySqlVersion> MARIADB = MySqlVersion::isMariaDb;
    private static final Predicate<MySqlVersion> GENERATED = MySqlVersion::generatedColumns;
    private static final Predicate<MySqlVersion> JSON = MySqlVersion::json;
    private static final Predicate<MySqlVersion> CHECKS = MySqlVersion::checks;
    private static final Predicate<MySqlVersion> MYSQL_8 = version -> version.mySql(8, 0, 13);
    private static final Predicate<MySqlVersion> MYSQL_9 = version -> version.mySql(9, 0, 0);

    static final List<Sample> SAMPLES =
            List.of(
                    new Sample(
                            "int_all",
                            """
                            (a tinyint, b tinyint(1) NOT NULL DEFAULT 0, c smallint unsigned DEFAULT '7', d mediumint(5) zerofill, e int NOT NULL,
                             f int(3) unsigned, g bigint, h bigint unsigned DEFAULT 18446744073709551615, i bool, PRIMARY KEY (e))\
                            """,
                            ALL),
                    new Sample(
                            "number_all",
                            """
                            (id int PRIMARY KEY, a decimal(65,30) DEFAULT 1.5, b decimal(10) unsigned, c decimal(5,2) unsigned zerofill, d float, e float(7,3),
                             f double unsigned, g double(10,4) DEFAULT -1.25, h bit(1) DEFAULT b'1', i bit(64), j decimal(4,4) NOT NULL DEFAULT '0.1234')\
                            """,
                            ALL),
                    new Sample(
                            "date_all",
                            """
                            (id int PRIMARY KEY, a date DEFAULT '2020-02-29', b datetime(6), c datetime DEFAULT CURRENT_TIMESTAMP,
                             d timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, e timestamp(3) NULL DEFAULT NULL,
                             f timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), g datetime(3) DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(3),
                             h time, i time(4) DEFAULT '-12:34:56.7', j year DEFAULT 1999, k datetime NOT NULL DEFAULT '0000-00-00 00:00:00')\
                            """,
                            ALL),
                    new Sample(
                            "text_all",
                            """
                            (id int PRIMARY KEY, a char(10), b varchar(200) NOT NULL DEFAULT '', c tinytext, d text, e mediumtext, f longtext NOT NULL,
                             g varchar(30) DEFAULT 'it''s "x" \\\\ `y` \\n end', h char(0))\
                            """,
                            ALL),
                    new Sample(
                            "text_charsets",
                            """
                            (id int PRIMARY KEY, a varchar(10) CHARACTER SET latin1, b varchar(10) CHARACTER SET utf8, c varchar(10) CHARACTER SET utf8mb4,
                             d char(5) CHARACTER SET gbk, e text CHARACTER SET ucs2, f varchar(9) CHARACTER SET utf16, g varchar(9) CHARACTER SET big5,
                             h varchar(8) CHARACTER SET latin1 COLLATE latin1_bin, i varchar(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
                             j varchar(7) CHARACTER SET sjis DEFAULT '日本', k varchar(7) CHARACTER SET cp1251 DEFAULT 'привет', l char(4) CHARACTER SET ascii) DEFAULT CHARSET=utf8mb4\
                            """,
                            MYSQL.or(MARIADB)),
                    new Sample(
                            "binary_all",
                            """
                            (id int PRIMARY KEY, a binary(4) DEFAULT 'ab', b varbinary(20) DEFAULT 0xFF00FE41, c tinyblob, d blob, e mediumblob, f longblob,
                             g varbinary(10) NOT NULL DEFAULT '', h binary(16) NOT NULL)\
                            """,
                            ALL),
                    new Sample(
                            "enum_set",
                            """
                            (id int PRIMARY KEY, a enum('x','y''z','back\\\\slash','') NOT NULL DEFAULT 'y''z', b set('a','b','c') DEFAULT 'a,c',
                             c enum('é','中') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '中')\
                            """,
                            ALL),
                    new Sample("json_one", "(id int PRIMARY KEY, j json, k json NOT NULL)", JSON),
                    new Sample(
                            "geo",
                            """
                            (id int PRIMARY KEY, a geometry, b point NOT NULL, c linestring, d polygon, e multipoint, f multilinestring, g multipolygon,
                             h geometrycollection)\
                            """,
                            ALL),
                    new Sample(
                            "geo_key",
                            "(id int PRIMARY KEY, p point NOT NULL, SPATIAL KEY sp (p)) ENGINE=InnoDB",
                            version -> !version.isMySql() || version.mySql(5, 7, 5)),
                    new Sample(
                            "geo_srid",
                            "(id int PRIMARY KEY, p point NOT NULL SRID 4326, q geometry SRID 0, SPATIAL KEY sp (p))",
                            MYSQL_8),
                    new Sample(
                            "keys_all",
                            """
                            (a int NOT NULL, b varchar(100) NOT NULL, c varchar(50), d int, e text, f blob, PRIMARY KEY (b, a), KEY k1 (c(10), d),
                             KEY k2 (e(20)), KEY k3 (f(30)), UNIQUE KEY u1 (d), UNIQUE KEY u2 (c, a), KEY k4 (d) USING BTREE COMMENT 'a ''key''')\
                            """,
                            ALL),
                    new Sample(
                            "key_unique_row",
                            "(a int NOT NULL, b varchar(20), UNIQUE KEY ua (a), UNIQUE KEY ub (b))",
                            ALL),
                    new Sample("key_unique_null", "(a int, b varchar(20), UNIQUE KEY ua (a))", ALL),
                    new Sample("key_none", "(a int, b varchar(20), KEY kb (b))", ALL),
                    new Sample(
                            "key_fulltext",
                            "(id int PRIMARY KEY, t text, u varchar(99), FULLTEXT KEY ft (t), FULLTEXT KEY ft2 (u))",
                            version -> !version.isOceanBase()),
                    new Sample(
                            "key_prefix_primary",
                            "(a varchar(100) NOT NULL, b int, PRIMARY KEY (a(10)), KEY kb (b))",
                            MYSQL.or(MARIADB)),
                    new Sample(
                            "key_descending",
                            "(id int PRIMARY KEY, a int, b int, KEY kd (a DESC, b))",
                            ALL),
                    new Sample(
                            "key_functional",
                            "(id int PRIMARY KEY, a int, b varchar(20), KEY kf ((a + 1)), UNIQUE KEY uf ((lower(b)), a))",
                            MYSQL_8),
                    new Sample(
                            "key_invisible",
                            "(id int PRIMARY KEY, a int, KEY ki (a) INVISIBLE)",
                            MYSQL_8),
                    new Sample(
                            "key_ignored",
                            "(id int PRIMARY KEY, a int, KEY ki (a) IGNORED)",
                            version -> version.mariaDb(10, 6, 0)),
                    new Sample(
                            "auto_first",
                            "(id bigint unsigned NOT NULL AUTO_INCREMENT, a int, PRIMARY KEY (id)) AUTO_INCREMENT=4711",
                            ALL),
                    new Sample(
                            "auto_unique",
                            "(a int NOT NULL, id int NOT NULL AUTO_INCREMENT, PRIMARY KEY (a), UNIQUE KEY uid (id)) AUTO_INCREMENT=9",
                            ALL),
                    new Sample(
                            "auto_plain",
                            "(a int NOT NULL, id int NOT NULL AUTO_INCREMENT, PRIMARY KEY (a), KEY kid (id, a))",
                            ALL),
                    new Sample(
                            "generated",
                            """
                            (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL, c varchar(50) GENERATED ALWAYS AS (concat('x''y', a)) STORED,
                             KEY kb (b), UNIQUE KEY uc (c))\
                            """,
                            GENERATED),
                    new Sample(
                            "generated_json",
                            """
                            (id int PRIMARY KEY, j json, n varchar(30) GENERATED ALWAYS AS (json_unquote(json_extract(j, '$.name'))) VIRTUAL, KEY kn (n))\
                            """,
                            JSON),
                    new Sample(
                            "expression_default",
                            "(id int PRIMARY KEY, a varchar(40) DEFAULT (uuid()), b int DEFAULT (1 + 2), c text DEFAULT ('abc'))",
                            version -> version.expressionDefaults() && !version.isOceanBase()),
                    new Sample(
                            "invisible_column",
                            "(id int PRIMARY KEY, a int INVISIBLE DEFAULT 3, b int)",
                            MySqlVersion::invisibleColumns),
                    new Sample(
                            "check_all",
                            "(id int PRIMARY KEY, a int, b varchar(9), CONSTRAINT positive CHECK (a > 0), CONSTRAINT named CHECK (b <> 'x''y'))",
                            CHECKS),
                    new Sample(
                            "check_not_enforced",
                            "(id int PRIMARY KEY, a int, CONSTRAINT lax CHECK (a > 5) NOT ENFORCED)",
                            version -> version.mySql(8, 0, 16)),
                    new Sample("vector_one", "(id int PRIMARY KEY, v vector(5))", MYSQL_9),
                    new Sample(
                            "comments",
                            """
                            (id int PRIMARY KEY COMMENT 'the ''key''', a int COMMENT 'tab\\tnewline\\n中文 \\\\ end') COMMENT='it''s a "table"\\nof two lines'\
                            """,
                            ALL),
                    new Sample(
                            "odd `names",
                            "(`order` int, `a b``c` int NOT NULL, `日本` int, PRIMARY KEY (`a b``c`), KEY `key``s` (`order`))",
                            version -> !version.isOceanBase()),
                    new Sample(
                            "options_all",
                            """
                            (id int PRIMARY KEY) ENGINE=InnoDB ROW_FORMAT=DYNAMIC STATS_PERSISTENT=1 MAX_ROWS=1000 MIN_ROWS=10 AVG_ROW_LENGTH=100 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin\
                            """,
                            MYSQL.or(MARIADB)),
                    new Sample(
                            "part_range",
                            """
                            (id int NOT NULL, d date NOT NULL, PRIMARY KEY (id, d)) PARTITION BY RANGE (to_days(d))
                            (PARTITION p0 VALUES LESS THAN (737000), PARTITION p1 VALUES LESS THAN MAXVALUE)\
                            """,
                            ALL),
                    new Sample(
                            "part_range_columns",
                            """
                            (a varchar(10) NOT NULL, b int, PRIMARY KEY (a)) PARTITION BY RANGE COLUMNS (a)
                            (PARTITION p0 VALUES LESS THAN ('m'), PARTITION p1 VALUES LESS THAN (MAXVALUE))\
                            """,
                            ALL),
                    new Sample(
                            "part_list",
                            "(a int NOT NULL, b int) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1,3), PARTITION p1 VALUES IN (2,4))",
                            ALL),
                    new Sample(
                            "part_hash",
                            "(a int PRIMARY KEY, b int) PARTITION BY HASH (a) PARTITIONS 4",
                            ALL),
                    new Sample(
                            "part_key",
                            "(a int PRIMARY KEY, b int) PARTITION BY KEY (a) PARTITIONS 3",
                            ALL),
                    new Sample(
                            "part_linear",
                            "(a int PRIMARY KEY, b int) PARTITION BY LINEAR HASH (a) PARTITIONS 4",
                            MYSQL.or(MARIADB)),
                    new Sample(
                            "part_sub",
                            """
                            (a int NOT NULL, d date) PARTITION BY RANGE (a) SUBPARTITION BY HASH (to_days(d)) SUBPARTITIONS 2
                            (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))\
                            """,
                            MYSQL.or(MARIADB)),
                    new Sample(
                            "parent",
                            "(id int PRIMARY KEY, code varchar(20), UNIQUE KEY uc (code))",
                            ALL),
                    new Sample(
                            "child",
                            """
                            (id int PRIMARY KEY, p int, c varchar(20), KEY kp (p), KEY kc (c),
                             CONSTRAINT child_parent FOREIGN KEY (p) REFERENCES `%`.parent (id) ON DELETE CASCADE ON UPDATE SET NULL,
                             CONSTRAINT child_code FOREIGN KEY (c) REFERENCES `%`.parent (code))\
                            """,
                            ALL),
                    new Sample(
                            "self",
                            "(id int PRIMARY KEY, up int, KEY ku (up), CONSTRAINT self_up FOREIGN KEY (up) REFERENCES `%`.self (id))",
                            ALL),
                    new Sample(
                            "mariadb_text_default",
                            "(id int PRIMARY KEY, t text DEFAULT 'abc', n int DEFAULT (id + 1), u varchar(40) DEFAULT uuid())",
                            MARIADB),
                    new Sample(
                            "mariadb_check",
                            "(id int PRIMARY KEY, a int CHECK (a > 1), j json)",
                            MARIADB));
}
