package ferry.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ferry.engine.config.GovernorSettings.Address;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GovernorSettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "govern.schedule | Mon-Fri 08:00-18:00",
                "govern.schedule.zone | Europe/Nowhere",
                "govern.source.replicas | db2",
                "govern.source.replicas | db2:99999",
                "govern.throttle.url | ftp://host/x",
                "govern.throttle.url | host:80/x",
                "govern.throttle.url | http:// x",
                "govern.unknown | stop",
                "govern.source.log.share | 101"
            })
    void whatIsNotOfTheFormIsRefused(String name, String value) {
        assertThatThrownBy(() -> Settings.of(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRefusedAddressIsNotRepeatedBecauseItMayHoldAPassword() {
        assertThatThrownBy(() -> Settings.of(Map.of("govern.throttle.url", "http://a:secret@ b/")))
                .hasNoCause()
                .message()
                .doesNotContain("secret");
    }

    @Test
    void serversAreListedWithTheirPorts() {
        assertThat(GovernorSettings.addresses("db2:3306, [::1]:3307"))
                .containsExactly(new Address("db2", 3306), new Address("::1", 3307));
        assertThat(GovernorSettings.addresses("")).isEmpty();
    }
}
