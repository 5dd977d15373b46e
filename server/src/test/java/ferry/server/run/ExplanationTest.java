package ferry.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.crew.Activity;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What is taken for the limit, from what the loops of a project spent their time on.
final class ExplanationTest {
    private final Map<String, Map<Activity, Double>> shares = new TreeMap<>();

    private void loop(String name, Activity activity, double share) {
        shares.computeIfAbsent(name, _ -> new HashMap<>()).put(activity, share);
    }

    private String limit() {
        return Explanation.verdict(shares).what();
    }

    @Test
    void whoeverWaitsForTheTargetNamesIt() {
        loop("capture", Activity.NOTHING, 1);
        loop("load-0", Activity.TARGET, 0.7);
        loop("load-0", Activity.SOURCE, 0.2);
        loop("load-1", Activity.TARGET, 0.6);
        loop("load-1", Activity.SOURCE, 0.3);

        assertThat(limit()).isEqualTo("the target, while rows are loaded");
    }

    @Test
    void lanesThatAllWorkAreLimitedByTheTarget() {
        loop("apply-0", Activity.ROOM, 0.8);
        loop("apply-1", Activity.TARGET, 0.9);
        loop("apply-2", Activity.TARGET, 0.8);

        assertThat(limit()).isEqualTo("the target, while changes are applied");
    }

    @Test
    void oneLaneThatWorksWhileOthersWaitIsTheOrder() {
        loop("apply-0", Activity.ROOM, 0.9);
        loop("apply-1", Activity.TARGET, 0.95);
        loop("apply-2", Activity.ORDER, 0.9);
        loop("apply-3", Activity.NOTHING, 1);
        loop("apply-4", Activity.ORDER, 0.9);

        assertThat(limit()).isEqualTo("the order of changes");
    }

    @Test
    void aReaderThatWorksAllTheTimeIsTheLimit() {
        loop("apply-0", Activity.OWN, 0.9);
        loop("apply-1", Activity.TARGET, 0.3);
        loop("capture", Activity.NOTHING, 1);

        assertThat(limit()).isEqualTo("the reading of the change log, which is one thread");
    }

    @Test
    void aProblemAndTheGovernorComeFirst() {
        loop("load-0", Activity.TARGET, 0.6);
        loop("load-1", Activity.LIMIT, 0.6);
        assertThat(limit()).isEqualTo("the governor");

        loop("capture", Activity.PROBLEM, 0.9);
        assertThat(limit()).isEqualTo("a problem");
    }

    @Test
    void nothingLimitsWhoWaitsForTheSource() {
        loop("apply-0", Activity.NOTHING, 1);
        loop("apply-1", Activity.NOTHING, 0.97);
        loop("apply-1", Activity.TARGET, 0.03);
        loop("capture", Activity.NOTHING, 1);

        assertThat(limit()).isEqualTo("nothing");
    }

    @Test
    void sharesAreOfTheTimeBetweenTheLooks() {
        var first = status("2030-01-01T00:00:00Z", 7, Map.of("OWN", 1_000, "TARGET", 5_000));
        var second = status("2030-01-01T00:00:04Z", 7, Map.of("OWN", 2_000, "TARGET", 8_000));

        var explanation = Explanation.between(first, second).orElseThrow();

        assertThat(explanation.shares().get("apply-1"))
                .containsEntry(Activity.OWN, 0.25)
                .containsEntry(Activity.TARGET, 0.75);
        assertThat(Explanation.between(first, first)).isEmpty();
        assertThat(Explanation.between(first, status("2030-01-01T00:00:04Z", 8, Map.of())))
                .isEmpty();
    }

    private static Map<String, Object> status(String at, long pid, Map<String, Object> spent) {
        return Map.of("at", at, "pid", pid, "times", Map.of("apply-1", spent));
    }
}
