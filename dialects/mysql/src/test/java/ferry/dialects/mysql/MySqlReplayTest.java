package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.dialect.LogEvent.SchemaChange;
import ferry.engine.dialect.SchemaPlan;
import ferry.engine.model.SchemaEffect;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.TestServers;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MySqlReplayTest {
    private static final String TABLE =
            "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'x', c enum('x','y'), d int, KEY kd (d), UNIQUE KEY ub (b))";

    /// Statements whose outcome is followed exactly.
    private static final List<String> FOLLOWED =
            List.of(
                    "ALTER TABLE t ADD COLUMN n1 int",
                    "ALTER TABLE t ADD n2 varchar(10) NOT NULL DEFAULT 'it''s' FIRST, ADD COLUMN n3 decimal(9,2) DEFAULT 1.5 AFTER a",
                    "ALTER TABLE t MODIFY a bigint, MODIFY b varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'y z'",
                    "ALTER TABLE t MODIFY COLUMN c enum('x','y','z') COMMENT 'three'",
                    "ALTER TABLE t DROP COLUMN a",
                    "ALTER TABLE t ADD KEY kb (b, d), ADD UNIQUE KEY ud (d)",
                    "CREATE INDEX kc ON t (c)",
                    "DROP INDEX kd ON t",
                    "ALTER TABLE t DROP KEY kc, DROP KEY ub",
                    "ALTER TABLE t ALTER COLUMN b SET DEFAULT 'Y Z'",
                    "ALTER TABLE t COMMENT = 'it''s new'",
                    "ALTER TABLE t DROP COLUMN d");

    @Tag("servers")
    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {"MYSQL_5_7", "MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void theTargetEndsWithTheSourcesDefinition(ServerKind kind) throws SQLException {
        var source = TestServers.shared(ServerKind.MYSQL_8_0);
        var target = TestServers.shared(kind);
        try (var from = TestServers.database(source, "replay_from");
                var to = TestServers.database(target, "replay_to");
                var here = SchemaRoundTripTest.catalog(source);
                var there = SchemaRoundTripTest.catalog(target)) {
            var name = new TableName(from.name(), "t");
            var names = Map.of(name, new TableName(to.name(), "t"));
            from.execute(TABLE);
            var plan = there.plan(here.table(name).orElseThrow(), names.get(name), names);
            to.execute(plan.create().toArray(String[]::new));
            to.execute(
                    plan.laterKeys().stream()
                            .map(SchemaPlan.KeyBuild::statement)
                            .toArray(String[]::new));

            for (var statement : FOLLOWED) {
                from.execute(statement);
                var after = here.table(name).orElseThrow();
                var change =
                        change(
                                statement,
                                new SchemaEffect.Altered(name, Optional.of(after), false));

                var followed = there.replay(change, names);
                assertThat(followed).as(statement).isPresent();
                assertThat(followed.get()).as(statement).isNotEmpty();
                to.execute(followed.get().toArray(String[]::new));

                var wanted = there.plan(after, names.get(name), names).table();
                assertThat(
                                SchemaRoundTripTest.described(
                                        there.table(names.get(name)).orElseThrow()))
                        .as(statement)
                        .isEqualTo(SchemaRoundTripTest.described(wanted));
                assertThat(there.replay(change, names))
                        .as("again: " + statement)
                        .contains(List.of());
            }
        }
    }

    @Tag("servers")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE t CHANGE a renamed int",
                "ALTER TABLE t RENAME COLUMN a TO renamed",
                "ALTER TABLE t DROP COLUMN a, ADD COLUMN a int",
                "ALTER TABLE t MODIFY a smallint",
                "ALTER TABLE t MODIFY a varchar(20)",
                "ALTER TABLE t MODIFY c enum('y','x')",
                "ALTER TABLE t ADD COLUMN n int NOT NULL",
                "ALTER TABLE t ADD COLUMN n datetime DEFAULT CURRENT_TIMESTAMP",
                "ALTER TABLE t ADD COLUMN n timestamp NULL DEFAULT '2020-01-01 00:00:00'",
                "ALTER TABLE t ADD COLUMN n int AS (a + 1)",
                "ALTER TABLE t ADD COLUMN n int NOT NULL AUTO_INCREMENT UNIQUE",
                "ALTER TABLE t DROP PRIMARY KEY",
                "ALTER TABLE t CONVERT TO CHARACTER SET latin1",
                "ALTER TABLE t DEFAULT CHARACTER SET latin1",
                "ALTER TABLE t MODIFY d int FIRST",
                "ALTER TABLE t ORDER BY a",
                "ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 2"
            })
    void whatCouldChangeValuesIsNotFollowed(String statement) throws SQLException {
        var server = TestServers.shared(ServerKind.MYSQL_8_0);
        try (var from = TestServers.database(server, "refuse_from");
                var to = TestServers.database(server, "refuse_to");
                var catalog = SchemaRoundTripTest.catalog(server)) {
            var name = new TableName(from.name(), "t");
            var names = Map.of(name, new TableName(to.name(), "t"));
            from.execute(TABLE.replace(", UNIQUE KEY ub (b)", ""));
            to.execute(
                    catalog.plan(catalog.table(name).orElseThrow(), names.get(name), names)
                            .create()
                            .toArray(String[]::new));
            from.execute(statement);

            var after = catalog.table(name);

            assertThat(
                            catalog.replay(
                                    change(statement, new SchemaEffect.Altered(name, after, false)),
                                    names))
                    .isEmpty();
        }
    }

    @Test
    void tablesAreDroppedEmptiedAndRenamedUnderTheirOwnNames() {
        var a = new TableName("shop", "a");
        var b = new TableName("shop", "b");
        var names = Map.of(a, new TableName("store", "A1"), b, new TableName("store", "b1"));
        var server = MySqlServer.of(Map.of("version", "8.0.15"));
        var replay = new MySqlReplay(server, names, name -> Optional.empty());

        assertThat(
                        replay.statements(
                                change(
                                        "DROP TABLE a, x",
                                        new SchemaEffect.Dropped(a),
                                        new SchemaEffect.Dropped(new TableName("shop", "x")))))
                .contains(List.of("DROP TABLE IF EXISTS `store`.`A1`"));
        assertThat(replay.statements(change("TRUNCATE a", new SchemaEffect.Truncated(a))))
                .contains(List.of("TRUNCATE TABLE `store`.`A1`"));
        assertThat(replay.statements(change("RENAME TABLE a TO b", new SchemaEffect.Renamed(a, b))))
                .contains(List.of("RENAME TABLE `store`.`A1` TO `store`.`b1`"));
        assertThat(
                        replay.statements(
                                change(
                                        "RENAME TABLE a TO c",
                                        new SchemaEffect.Renamed(a, new TableName("shop", "c")))))
                .isEmpty();
        assertThat(replay.statements(change("CREATE TABLE a (…)", new SchemaEffect.Created(a))))
                .isEmpty();
        assertThat(
                        replay.statements(
                                change(
                                        "ALTER TABLE a …",
                                        new SchemaEffect.Altered(a, Optional.empty(), false))))
                .isEmpty();
    }

    @Test
    void statementsAreUnderstoodOrRefused() {
        assertThat(
                        AlterStatement.parse(
                                "ALTER TABLE `s`.`t` ADD COLUMN `key` int COMMENT 'a, b', DROP x, DROP FOREIGN KEY fk"))
                .contains(
                        new AlterStatement(
                                java.util.Set.of("key"),
                                java.util.Set.of("x"),
                                java.util.Set.of("fk")));
        assertThat(AlterStatement.parse("CREATE UNIQUE INDEX i ON t (a)")).isPresent();
        assertThat(AlterStatement.parse("ALTER TABLE t ADD COLUMN (a int, b int)")).isEmpty();
        assertThat(AlterStatement.parse("ALTER TABLE t ADD a int CHECK (a > 0)")).isEmpty();
        assertThat(AlterStatement.parse("ALTER TABLE t RENAME TO u")).isEmpty();
        assertThat(AlterStatement.parse("ALTER TABLE t ENGINE=InnoDB")).isEmpty();
        assertThat(AlterStatement.parse("OPTIMIZE TABLE t")).isEmpty();
        assertThat(AlterStatement.parse("CREATE TABLE t (a int)")).isEmpty();
    }

    private static SchemaChange change(String statement, SchemaEffect... effects) {
        return new SchemaChange(
                new TransactionId("1"), 0, statement, "shop", Map.of(), List.of(effects));
    }
}
