package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.dialect.SchemaPlan;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.ForeignKey;
import ferry.engine.model.Key;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MySqlSchemaTest {
    private static final TableName ORDERS = new TableName("shop", "Orders");
    private static final TableName USERS = new TableName("shop", "users");
    private static final MySqlServer MYSQL_8 =
            server(
                    "8.0.15",
                    "0",
                    "latin1:latin1_swedish_ci:1 utf8mb3:utf8mb3_general_ci:3 utf8mb4:utf8mb4_0900_ai_ci:4",
                    "latin1_swedish_ci latin1_bin utf8mb3_general_ci utf8mb4_0900_ai_ci utf8mb4_0900_bin utf8mb4_bin utf8mb4_general_ci");
    private static final MySqlServer KERNEL =
            server(
                    "5.7.25-OceanBase-v4.3.5.3",
                    "1",
                    "utf8mb4:utf8mb4_general_ci:4 binary:binary:1",
                    "utf8mb4_general_ci utf8mb4_bin binary");
    private static final MySqlServer MYSQL_56 =
            server(
                    "5.6.24",
                    "0",
                    "latin1:latin1_swedish_ci:1 utf8mb4:utf8mb4_general_ci:4",
                    "latin1_swedish_ci utf8mb4_general_ci utf8mb4_unicode_520_ci utf8mb4_bin");

    @Test
    void uniqueKeysWaitForTheEndOfTheWindowAndForeignKeysForAll() {
        var source =
                table(
                        List.of(
                                number("id", false),
                                text("name", "utf8mb4_bin", 20),
                                number("owner", true)),
                        List.of(
                                Key.primary("id"),
                                Key.unique("by_name", "name"),
                                plain("by_owner", "owner")),
                        Map.of(),
                        List.of(
                                new ForeignKey(
                                        "owned",
                                        List.of("owner"),
                                        USERS,
                                        List.of("id"),
                                        "CASCADE",
                                        "NO ACTION")));

        var plan =
                new MySqlSchema(MYSQL_8, Map.of(USERS, new TableName("store", "people")))
                        .plan(source, new TableName("store", "orders"));

        assertThat(plan.create())
                .containsExactly(
                        "CREATE DATABASE IF NOT EXISTS `store`",
                        """
                        CREATE TABLE IF NOT EXISTS `store`.`orders` (
                          `id` int(11) NOT NULL,
                          `name` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
                          `owner` int(11),
                          PRIMARY KEY (`id`)
                        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci\
                        """);
        assertThat(plan.createWithKeys())
                .containsExactly(
                        plan.create().getFirst(),
                        plan.create()
                                .getLast()
                                .replace(
                                        "PRIMARY KEY (`id`)",
                                        "PRIMARY KEY (`id`),\n  KEY `by_owner` (`owner`)"));
        assertThat(plan.afterLoad())
                .containsExactly(
                        new SchemaPlan.KeyBuild(
                                "by_owner",
                                "ALTER TABLE `store`.`orders` ADD KEY `by_owner` (`owner`)"));
        assertThat(plan.atWindowEnd())
                .containsExactly(
                        new SchemaPlan.KeyBuild(
                                "by_name",
                                "ALTER TABLE `store`.`orders` ADD UNIQUE KEY `by_name` (`name`)"));
        assertThat(plan.afterAll())
                .containsExactly(
                        new SchemaPlan.KeyBuild(
                                "owned",
                                "ALTER TABLE `store`.`orders` ADD CONSTRAINT `owned` FOREIGN KEY (`owner`) REFERENCES `store`.`people` (`id`) ON DELETE CASCADE"));
        assertThat(plan.losses()).isEmpty();
    }

    @Test
    void plainKeysAreBuiltBehindTheLoadInOceanBaseToo() {
        var source =
                table(
                        List.of(number("id", false), number("owner", true)),
                        List.of(Key.primary("id"), plain("by_owner", "owner")),
                        Map.of(),
                        List.of());

        var plan = plan(KERNEL, source);

        assertThat(plan.create().getLast()).doesNotContain("by_owner");
        assertThat(plan.afterLoad())
                .extracting(SchemaPlan.KeyBuild::statement)
                .containsExactly("ALTER TABLE `shop`.`orders` ADD KEY `by_owner` (`owner`)");
    }

    @Test
    void aTableWithoutRowKeyGetsItsNullableUniqueKeyAtTheEnd() {
        var source =
                table(
                        List.of(number("a", true)),
                        List.of(Key.unique("u", "a")),
                        Map.of(),
                        List.of());

        var plan = plan(MYSQL_8, source);

        assertThat(plan.create().getLast()).doesNotContain("`u`");
        assertThat(plan.atWindowEnd()).extracting(SchemaPlan.KeyBuild::name).containsExactly("u");
    }

    @Test
    void anAutoIncrementColumnIsKeptLegalUntilItsUniqueKeyComes() {
        var counter =
                new Column(
                        "n",
                        new DataType.Int(32, false),
                        "int(11)",
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        Column.Generation.NONE,
                        Optional.empty(),
                        false,
                        "");
        var source =
                table(
                        List.of(number("id", false), counter),
                        List.of(Key.primary("id"), Key.unique("un", "n")),
                        Map.of(),
                        List.of());

        var plan = plan(MYSQL_8, source);

        assertThat(plan.create().getLast()).contains("KEY `ferry_auto_increment` (`n`)");
        assertThat(plan.atWindowEnd().getFirst().statement())
                .endsWith("ADD UNIQUE KEY `un` (`n`), DROP KEY `ferry_auto_increment`");
        assertThat(plan.table().keys()).extracting(Key::name).containsExactly("PRIMARY", "un");
        assertThat(plan(KERNEL, source).create().getLast()).doesNotContain("ferry_auto_increment");
    }

    @Test
    void aForeignKeyWhoseParentStaysIsALoss() {
        var source =
                table(
                        List.of(number("id", false)),
                        List.of(Key.primary("id")),
                        Map.of(),
                        List.of(
                                new ForeignKey(
                                        "fk",
                                        List.of("id"),
                                        USERS,
                                        List.of("id"),
                                        "NO ACTION",
                                        "NO ACTION")));

        var plan = plan(MYSQL_8, source);

        assertThat(plan.afterAll()).isEmpty();
        assertThat(what(plan))
                .containsExactly(
                        "foreign key fk of shop.Orders: its parent shop.users is not migrated: it is left out");
    }

    @Test
    void theKernelGetsItsCollationsInLowerCaseAndEachChangeIsReported() {
        var source =
                table(
                        List.of(
                                number("id", false),
                                text("a", "utf8mb4_0900_ai_ci", 10),
                                text("b", "latin1_bin", 10),
                                text("c", "utf8mb4_bin", 10)),
                        List.of(Key.primary("id"), Key.unique("ua", "a"), Key.unique("ub", "b")),
                        Map.of("engine", "MyISAM", "row_format", "FIXED", "comment", "it's"),
                        List.of());

        var plan = plan(KERNEL, source);

        assertThat(plan.table().name()).isEqualTo(new TableName("shop", "orders"));
        assertThat(plan.create().getLast())
                .contains("`a` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
                .contains("`b` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
                .endsWith(") DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='it''s'");
        assertThat(plan.losses())
                .containsExactlyInAnyOrder(
                        new SchemaPlan.Loss(
                                "table shop.Orders",
                                "names are kept in lower case here: it becomes shop.orders",
                                false),
                        new SchemaPlan.Loss(
                                "column shop.Orders.a",
                                "collation utf8mb4_0900_ai_ci becomes utf8mb4_general_ci: unique values of the source may be equal here",
                                true),
                        new SchemaPlan.Loss(
                                "column shop.Orders.b",
                                "character set becomes utf8mb4, collation latin1_bin becomes utf8mb4_bin",
                                false),
                        new SchemaPlan.Loss(
                                "table shop.Orders",
                                "the engine MyISAM becomes OceanBase's own",
                                false),
                        new SchemaPlan.Loss(
                                "table shop.Orders",
                                "the option row_format = FIXED is left out",
                                false));
    }

    @Test
    void aTextOfAnotherCharacterSetGetsRoomForItsBytes() {
        var source =
                table(
                        List.of(
                                number("id", false),
                                Column.of(
                                        "t",
                                        new DataType.Text(
                                                "latin1", "latin1_swedish_ci", 65_535, false),
                                        "text",
                                        true),
                                Column.of(
                                        "v",
                                        new DataType.Text("utf8mb4", "utf8mb4_bin", 20_000, false),
                                        "varchar(20000)",
                                        true)),
                        List.of(Key.primary("id")),
                        Map.of(),
                        List.of());

        assertThat(plan(KERNEL, source).create().getLast())
                .contains("`t` mediumtext")
                .contains("`v` varchar(20000)");
        assertThat(plan(MYSQL_8, source).create().getLast())
                .contains("`t` text")
                .contains("`v` mediumtext");
    }

    @Test
    void keysThatAreTooLongAreCutOrReported() {
        var wide = text("w", "utf8mb4_bin", 400);
        var source =
                table(
                        List.of(number("id", false), wide),
                        List.of(Key.primary("id"), plain("k", "w"), Key.unique("u", "w")),
                        Map.of(),
                        List.of());

        var plan = plan(MYSQL_56, source);

        assertThat(plan.afterLoad())
                .extracting(SchemaPlan.KeyBuild::statement)
                .containsExactly(
                        "ALTER TABLE `shop`.`Orders` ADD KEY `k` (`w`(191))",
                        "ALTER TABLE `shop`.`Orders` ADD KEY `u` (`w`(191))");
        assertThat(plan.atWindowEnd()).isEmpty();
        assertThat(plan.losses())
                .filteredOn(SchemaPlan.Loss::severe)
                .extracting(SchemaPlan.Loss::object)
                .containsExactly("key u of shop.Orders");
        var keyed = table(List.of(wide), List.of(Key.primary("w")), Map.of(), List.of());
        assertThatThrownBy(() ->
                        plan(
                                MYSQL_56,
                                table(
                                        List.of(
                                                Column.of(
                                                        "w",
                                                        wide.type(),
                                                        wide.nativeType(),
                                                        false)),
                                        keyed.keys(),
                                        Map.of(),
                                        List.of())))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("needs 1600 bytes");
    }

    @Test
    void anOldServerGetsOnlyWhatItKnows() {
        var hidden =
                new Column(
                        "h",
                        new DataType.Int(32, false),
                        "int",
                        true,
                        Optional.of("(1 + 2)"),
                        Optional.empty(),
                        false,
                        Column.Generation.NONE,
                        Optional.empty(),
                        true,
                        "");
        var computed =
                new Column(
                        "g",
                        new DataType.Int(32, false),
                        "int",
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Column.Generation.VIRTUAL,
                        Optional.of("`id` + 1"),
                        false,
                        "");
        var json = Column.of("j", new DataType.Json(), "json", true);
        var source =
                table(
                        List.of(number("id", false), hidden, computed, json),
                        List.of(
                                Key.primary("id"),
                                plain("kg", "g"),
                                new Key(
                                        "kd",
                                        Key.Kind.PLAIN,
                                        List.of(new Key.Part("h", 0, true, Optional.empty())),
                                        Optional.of("INVISIBLE"))),
                        Map.of("check positive", "(`h` > 0)"),
                        List.of());

        var plan = plan(MYSQL_56, source);

        assertThat(plan.create().getLast())
                .isEqualTo(
                        """
                        CREATE TABLE IF NOT EXISTS `shop`.`Orders` (
                          `id` int(11) NOT NULL,
                          `h` int(11),
                          `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
                          PRIMARY KEY (`id`)
                        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci\
                        """);
        assertThat(plan.afterLoad())
                .extracting(SchemaPlan.KeyBuild::statement)
                .containsExactly("ALTER TABLE `shop`.`Orders` ADD KEY `kd` (`h`)");
        assertThat(plan.losses())
                .extracting(SchemaPlan.Loss::object)
                .containsExactlyInAnyOrder(
                        "column shop.Orders.h",
                        "column shop.Orders.h",
                        "column shop.Orders.g",
                        "column shop.Orders.j",
                        "key kg of shop.Orders",
                        "key kd of shop.Orders",
                        "key kd of shop.Orders",
                        "check positive of shop.Orders");
    }

    @Test
    void aTypeThatCannotBeCarriedIsAProblem() {
        var source =
                table(
                        List.of(Column.of("u", new DataType.Unknown("uuid"), "uuid", false)),
                        List.of(),
                        Map.of(),
                        List.of());

        assertThatThrownBy(() -> plan(MYSQL_8, source))
                .hasMessageContaining("shop.Orders.u")
                .hasMessageContaining("uuid");
    }

    @Test
    void factsDescribeTheServerCompletely() {
        var again = MySqlServer.of(KERNEL.facts());

        assertThat(again.version()).isEqualTo(KERNEL.version());
        assertThat(again.charsets()).isEqualTo(KERNEL.charsets());
        assertThat(again.collations()).isEqualTo(KERNEL.collations());
        assertThat(again.lowerCaseTableNames()).isEqualTo(1);
    }

    private static SchemaPlan plan(MySqlServer target, Table source) {
        return new MySqlSchema(target, Map.of(source.name(), source.name()))
                .plan(source, source.name());
    }

    private static List<String> what(SchemaPlan plan) {
        return plan.losses().stream().map(loss -> loss.object() + ": " + loss.what()).toList();
    }

    private static Table table(
            List<Column> columns,
            List<Key> keys,
            Map<String, String> options,
            List<ForeignKey> foreignKeys) {
        var all = new TreeMap<>(Map.of("charset", "utf8mb4", "collation", "utf8mb4_general_ci"));
        all.putAll(options);
        return new Table(ORDERS, columns, keys, foreignKeys, all, Optional.empty());
    }

    private static Column number(String name, boolean nullable) {
        return Column.of(name, new DataType.Int(32, false), "int(11)", nullable);
    }

    private static Column text(String name, String collation, int length) {
        var charset = collation.substring(0, collation.indexOf('_'));
        return Column.of(
                name,
                new DataType.Text(charset, collation, length, false),
                "varchar(" + length + ")",
                true);
    }

    private static Key plain(String name, String column) {
        return new Key(name, Key.Kind.PLAIN, List.of(Key.Part.column(column)), Optional.empty());
    }

    private static MySqlServer server(
            String version, String lowerCase, String charsets, String collations) {
        var pairs = new ArrayList<String>();
        for (var collation : collations.split(" ")) {
            pairs.add(collation + ":" + MySqlCollation.of(collation).charset());
        }
        return MySqlServer.of(
                Map.of(
                        "version",
                        version,
                        "lower_case_table_names",
                        lowerCase,
                        "charsets",
                        charsets,
                        "collations",
                        String.join(" ", pairs)));
    }
}
