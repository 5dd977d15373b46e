package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MySqlGrantsTest {
    private static final Optional<String> SHOP = Optional.of("shop");

    @Test
    void aGrantOnEverythingCoversEveryDatabase() {
        var grants = grants("GRANT SELECT, REPLICATION SLAVE ON *.* TO 'f'@'%'");

        assertThat(grants.has("SELECT", SHOP)).isTrue();
        assertThat(grants.has("REPLICATION SLAVE", Optional.empty())).isTrue();
        assertThat(grants.missing(Set.of("SELECT", "INSERT"), SHOP)).containsExactly("INSERT");
    }

    @Test
    void aDatabaseIsAPattern() {
        var grants =
                grants(
                        "GRANT ALL PRIVILEGES ON `sh%`.* TO `f`@`%`",
                        "GRANT SELECT ON `a\\_b`.* TO `f`@`%`",
                        "GRANT SELECT ON `c_d`.* TO `f`@`%`");

        assertThat(grants.has("DELETE", SHOP)).isTrue();
        assertThat(grants.has("SELECT", Optional.of("a_b"))).isTrue();
        assertThat(grants.has("SELECT", Optional.of("axb"))).isFalse();
        assertThat(grants.has("SELECT", Optional.of("cxd"))).isTrue();
        assertThat(grants.has("SELECT", Optional.empty())).isFalse();
    }

    @Test
    void grantsOnATableOrOnColumnsAreNoGrantsOnTheDatabase() {
        var grants =
                grants(
                        "GRANT INSERT ON `shop`.`orders` TO 'f'@'%'",
                        "GRANT SELECT (`id`, `a`), UPDATE ON `shop`.* TO 'f'@'%'");

        assertThat(grants.has("INSERT", SHOP)).isFalse();
        assertThat(grants.has("SELECT", SHOP)).isFalse();
        assertThat(grants.has("UPDATE", SHOP)).isTrue();
    }

    @Test
    void aPartialRevokeCounts() {
        var grants =
                grants("GRANT SELECT ON *.* TO `f`@`%`", "REVOKE SELECT ON `shop`.* FROM `f`@`%`");

        assertThat(grants.has("SELECT", SHOP)).isFalse();
        assertThat(grants.has("SELECT", Optional.of("other"))).isTrue();
    }

    @Test
    void theMissingGrantIsAStatement() {
        var grants = grants("GRANT USAGE ON *.* TO `f`@`10.0.%`");

        assertThat(grants.grant(Set.of("SELECT", "INSERT"), Optional.of("my_shop")))
                .isEqualTo("GRANT INSERT, SELECT ON `my\\_shop`.* TO 'fer''ry'@'10.0.%'");
        assertThat(grants.grant(Set.of("REPLICATION SLAVE"), Optional.empty()))
                .startsWith("GRANT REPLICATION SLAVE ON *.* TO ");
    }

    private static MySqlGrants grants(String... lines) {
        return MySqlGrants.parse("fer'ry@10.0.%", List.of(lines));
    }
}
