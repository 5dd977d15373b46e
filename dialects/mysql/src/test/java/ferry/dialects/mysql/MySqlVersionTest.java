package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MySqlVersionTest {

    @Test
    void eachMemberIsRecognised() {
        assertThat(version("8.0.15", "MySQL Community Server - GPL")).hasToString("MySQL 8.0.15");
        assertThat(version("5.6.24-log", "MySQL Community Server (GPL)"))
                .hasToString("MySQL 5.6.24");
        assertThat(version("9.7.4", "(Debian)")).hasToString("MySQL 9.7.4");
        assertThat(version("10.11.19-MariaDB-0+deb12u1-log", "Debian 12"))
                .hasToString("MariaDB 10.11.19");
        assertThat(version("5.5.5-10.2.11-MariaDB-log", "MariaDB Server"))
                .hasToString("MariaDB 10.2.11");
        assertThat(
                        MySqlVersion.of(
                                "5.7.25-OceanBase seekdb-v1.4.0.0",
                                "OceanBase 4.3.5.3 seekdb",
                                Optional.of("4.3.5.3")))
                .hasToString("OceanBase 4.3.5");
        assertThat(version("5.7.25-OceanBase-v4.2.1.8", "OceanBase_CE 4.2.1.8"))
                .hasToString("OceanBase 4.2.1");
    }

    @Test
    void versionsAreComparedAsNumbersAndWithinAFlavor() {
        var server = version("8.0.15", "");

        assertThat(server.mySql(8, 0, 15)).isTrue();
        assertThat(server.mySql(5, 7, 99)).isTrue();
        assertThat(server.mySql(8, 0, 16)).isFalse();
        assertThat(server.mariaDb(1, 0, 0)).isFalse();
        assertThat(version("10.11.2-MariaDB", "")).isGreaterThan(version("10.2.11-MariaDB", ""));
    }

    @Test
    void whatHasNoNumberIsRefused() {
        assertThatThrownBy(() -> version("unknown", ""))
                .hasMessageContaining("no version number in 'unknown'");
    }

    private static MySqlVersion version(String version, String comment) {
        return MySqlVersion.of(version, comment, Optional.empty());
    }
}
