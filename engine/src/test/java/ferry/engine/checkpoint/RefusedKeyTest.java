package ferry.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RefusedKeyTest {
    @Test
    void anyTextSurvivesTheBookkeeping() {
        var key =
                new RefusedKey(
                        7, "a\\nb.`t`", "\u00fc\n\\", "ALTER\n\\n 'x\\\\'", "why = \"\t\n\"");

        assertThat(RefusedKey.parse(key.entry())).isEqualTo(key);
        assertThat(key.entry().name()).matches("[ -~]{1,255}");
        assertThat(key.removal().name()).isEqualTo(key.entry().name());
    }
}
