package ferry.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void everyKindOfValueHasOneForm() {
        var map = new LinkedHashMap<String, Object>();
        map.put("text", "a\"b\\c\n\t\u0001é😀");
        map.put("lone", "\ud83d");
        map.put("numbers", List.of(1, -2L, 0.5, Double.NaN));
        map.put("flag", true);
        map.put("none", Optional.empty());
        map.put("some", Optional.of(TimeUnit.DAYS));
        map.put("at", Instant.EPOCH);
        map.put("took", Duration.ofSeconds(2));
        map.put("nothing", null);

        assertThat(Json.line(map))
                .isEqualTo(
                        "{\"text\":\"a\\\"b\\\\c\\n\\t\\u0001é😀\",\"lone\":\"\\ud83d\",\"numbers\":[1,-2,0.5,null],\"flag\":true,"
                                + "\"none\":null,\"some\":\"DAYS\",\"at\":\"1970-01-01T00:00:00Z\",\"took\":2000,\"nothing\":null}");
    }

    @Test
    void aValueWithoutAFormIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.line(new Object()));
    }
}
