package ferry.dialects.toy;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.dialects.toy.Line.Fate;
import ferry.engine.config.Settings;
import ferry.engine.model.Row;
import ferry.engine.pipeline.ProjectPlan.Until;
import ferry.engine.pipeline.Stage;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whoever waits for a server says so, and asks it seldom.
class WaitingTest {
    private final Passage passage = new Passage();

    @AfterEach
    void end() {
        passage.close();
    }

    @Test
    void verificationWaitsForTheSourceToShowWhatIsAppliedOnOneConnection() {
        passage.until = Until.VERIFIED;
        passage.tickMicros = 1_000;
        passage.settings = passage.settings.with(Settings.VERIFY_POLL_TIME, "100ms");
        passage.source.execute("create table shop.t (id int(32) not null, primary (id))");
        passage.start();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);
        var hidden = passage.source.begin();
        hidden.insert(passage.name(passage.source, "t"), Row.ofText("1"));
        hidden.flush();
        passage.start();
        passage.drive(() -> passage.pipeline().progress().waitsFor().contains("the source"));
        Map<String, Integer> calls = new HashMap<>();
        passage.line =
                call -> {
                    calls.merge(call, 1, Integer::sum);
                    return Fate.DELIVERED;
                };

        for (var i = 0; i < 1_000; i++) {
            passage.step(passage.pipeline());
        }

        assertThat(passage.pipeline().progress().waitsFor())
                .startsWith("the source to show what is applied");
        assertThat(calls.getOrDefault("snapshot.committed", 0)).isBetween(5, 100);
        assertThat(calls).doesNotContainKey("connect");

        passage.source.commitAll();
        passage.drive(() -> passage.pipeline().stage() == Stage.FINISHED);

        assertThat(passage.pipeline().certificate().orElseThrow().equal()).isTrue();
    }
}
