package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.Settings;
import ferry.engine.dialect.Ability;
import ferry.engine.dialect.Dialect;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Secret;
import ferry.engine.dialect.TableChanges;
import ferry.engine.model.Change;
import ferry.engine.model.KeyRange;
import ferry.engine.model.Row;
import ferry.engine.model.TableName;
import ferry.engine.problem.ProblemException;
import ferry.testkit.servers.ServerKind;
import java.lang.reflect.Modifier;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The door of the family.
final class MySqlDialectTest {
    private final Dialect dialect = new MySqlDialect();

    @Test
    void itIsFoundByItsService() {
        assertThat(ServiceLoader.load(Dialect.class).stream().map(ServiceLoader.Provider::type))
                .contains(MySqlDialect.class);
        assertThat(dialect.endpointTypes())
                .containsExactlyInAnyOrder("mysql", "mariadb", "oceanbase-mysql");
        assertThat(Modifier.isPublic(MySqlWriter.class.getModifiers())).isFalse();
    }

    @Test
    void oceanBaseHasNoLogAndSaysSo() {
        var endpoint =
                new Endpoint(
                        "oceanbase-mysql",
                        List.of(new Endpoint.Host("localhost", 1)),
                        "u",
                        new Secret("p"),
                        Map.of());

        assertThat(dialect.abilities("oceanbase-mysql"))
                .doesNotContain(Ability.LOG)
                .contains(Ability.TARGET);
        assertThatThrownBy(() -> dialect.log(endpoint, MySqlPosition.START, Settings.defaults()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Binlog Service");
        assertThatThrownBy(() -> dialect.abilities("oracle"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesAndTextsAreQuoted() {
        assertThat(MySqlSql.quote("a`b")).isEqualTo("`a``b`");
        assertThat(MySqlSql.quote(new TableName("d.d", "t"))).isEqualTo("`d.d`.`t`");
        assertThat(MySqlSql.literal("it's")).isEqualTo("'it''s'");
        assertThat(MySqlSql.literal("a\\'b")).isEqualTo("_utf8mb4 0x615c2762");
        assertThatThrownBy(() -> MySqlSql.quote("a\0b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// All roles through the door, with names that need their quotes; what it shows as a correction
    /// does what it says.
    @Tag("servers")
    @ParameterizedTest
    @EnumSource(names = {"MYSQL_8_0", "MARIADB_11_4", "SEEKDB"})
    void everyRoleOpens(ServerKind kind) throws SQLException {
        try (var end = End.of(kind)) {
            var name = "it's a \\ `table` ?";
            end.database()
                    .execute(
                            "CREATE TABLE "
                                    + MySqlSql.quote(name)
                                    + " (`key ?` VARCHAR(20) CHARACTER SET utf8mb4 PRIMARY KEY, `select` LONGTEXT CHARACTER SET utf8mb4, `b``c` DOUBLE)");
            try (var catalog = dialect.catalog(end.endpoint(), Role.TARGET, end.settings());
                    var snapshot = dialect.snapshot(end.endpoint(), Role.TARGET, end.settings());
                    var books = dialect.bookkeeping(end.endpoint(), end.settings());
                    var writer = dialect.writer(end.endpoint(), end.settings())) {
                var table = catalog.table(new TableName(end.database().name(), name)).orElseThrow();
                var large = "ü?'\\".repeat(20_000);
                books.create();
                var epoch = books.takeOver(End.PROJECT, "i", false).epoch();
                writer.begin(books.lane(End.PROJECT, "lane", epoch).fence(), "");
                writer.insert(
                        table,
                        List.of(Row.ofText("a?", large, "1.0E300"), Row.ofText("b", null, null)));
                writer.apply(
                        List.of(
                                TableChanges.of(
                                        table,
                                        ferry.engine.dialect.Writer.Mode.STRICT,
                                        List.of(
                                                new Change.Update(
                                                        Row.ofText("b", null, null),
                                                        Row.ofText("c\\", large, "-0.0"))))));
                writer.commit();
                writer.execute("ALTER TABLE " + MySqlSql.quote(table.name()) + " COMMENT = 'x'");
                var rows = new ArrayList<Row>();
                snapshot.readRange(table, KeyRange.ALL, rows::addAll);
                assertThat(rows)
                        .containsExactly(
                                Row.ofText("a?", large, "1.0E300"),
                                Row.ofText("c\\", large, "-0.0"));

                for (var change :
                        List.of(
                                new Change.Insert(Row.ofText("d", large, "0.1")),
                                new Change.Update(rows.get(0), Row.ofText("A", "", null)),
                                new Change.Delete(rows.get(1)))) {
                    end.database().execute(catalog.correction(table, change));
                }
                assertThat(
                                snapshot.rows(
                                        table,
                                        List.of(
                                                Row.ofText("d"),
                                                Row.ofText("A"),
                                                Row.ofText("c\\"))))
                        .containsExactlyInAnyOrder(
                                Row.ofText("d", large, "0.1"), Row.ofText("A", "", null));
            }
        }
    }
}
