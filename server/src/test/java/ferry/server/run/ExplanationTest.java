package ferry.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.apply.Heat;
import ferry.engine.apply.Meeting;
import ferry.engine.crew.Activity;
import ferry.engine.model.TableName;
import ferry.server.journal.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// What is taken for the limit, from what the loops of a project spent their time on.
final class ExplanationTest {
    private static final TableName COUNTER = new TableName("shop", "counter");

    private final Map<String, Map<Activity, Double>> shares = new TreeMap<>();

    private void loop(String name, Activity activity, double share) {
        shares.computeIfAbsent(name, _ -> new HashMap<>()).put(activity, share);
    }

    private String limit() {
        return verdict(Hotspots.NONE).what();
    }

    private Explanation.Verdict verdict(Hotspots hotspots) {
        return Explanation.verdict(shares, hotspots);
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
    void whatIsWrittenWhileTheLanesStandIsNamed() {
        loop("capture", Activity.NOTHING, 1);
        loop("apply-0", Activity.TARGET, 0.5);
        loop("apply-0", Activity.OWN, 0.45);
        loop("apply-1", Activity.NOTHING, 1);
        loop("apply-2", Activity.NOTHING, 1);

        assertThat(limit()).isEqualTo("the target, and work that nothing may overtake");
        assertThat(verdict(Hotspots.NONE).why())
                .isEqualTo("one lane waits for it 50% of its time, and the others stand");

        loop("apply-0", Activity.TARGET, 0.4);
        loop("apply-0", Activity.OWN, 0.5);

        assertThat(limit()).isEqualTo("the reading of the change log, which is one thread");
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
    void lanesThatWorkInTurnsAreLimitedByTheOrder() {
        loop("apply-0", Activity.ROOM, 0.95);
        for (var lane : List.of("apply-1", "apply-2", "apply-3", "apply-4")) {
            loop(lane, Activity.ORDER, 0.75);
            loop(lane, Activity.TARGET, 0.25);
        }

        assertThat(limit()).isEqualTo("the order of changes");
    }

    @Test
    void theOrderNamesTheRowAndWhatMovesIt() {
        loop("apply-1", Activity.TARGET, 0.95);
        loop("apply-2", Activity.ORDER, 0.9);
        var meeting = new Meeting(Meeting.Kind.ROW, COUNTER, "PRIMARY", "('1')");
        var before = new Heat.Seen(List.of(), 1_000, 10, List.of(new Heat.OfMeeting(meeting, 10)));
        var after = new Heat.Seen(List.of(), 2_000, 900, List.of(new Heat.OfMeeting(meeting, 810)));

        var verdict = verdict(hotspots(before, after));

        assertThat(verdict.what()).isEqualTo("the order of changes");
        assertThat(verdict.why())
                .endsWith("80% of the transactions meet at row ('1') of shop.counter");
        assertThat(verdict.remedy()).contains("apply.batch.transactions");
    }

    @Test
    void aTableWithoutAKeyIsToldAsSuch() {
        loop("apply-1", Activity.TARGET, 0.95);
        loop("apply-2", Activity.ORDER, 0.9);
        var meeting = new Meeting(Meeting.Kind.TABLE, COUNTER, "", "");
        var after = new Heat.Seen(List.of(), 100, 100, List.of(new Heat.OfMeeting(meeting, 100)));

        assertThat(verdict(hotspots(Heat.Seen.NOTHING, after)).remedy())
                .startsWith("give shop.counter a primary key");
    }

    @Test
    void theTargetsWorkIsToldByTable() {
        loop("apply-1", Activity.TARGET, 0.9);
        loop("apply-2", Activity.TARGET, 0.9);
        var orders = new TableName("shop", "orders");
        var before = new Heat.Seen(List.of(heat(COUNTER, 500, 9_000)), 0, 0, List.of());
        var after =
                new Heat.Seen(
                        List.of(heat(orders, 8_000, 6_000), heat(COUNTER, 600, 11_000)),
                        0,
                        0,
                        List.of());

        var hotspots = hotspots(before, after);

        assertThat(hotspots.tables())
                .containsExactly(
                        new Hotspots.OfTable("shop.orders", 0.75, 2_000),
                        new Hotspots.OfTable("shop.counter", 0.25, 25));
        assertThat(verdict(hotspots).why()).endsWith("75% of it for shop.orders");
    }

    private static Heat.OfTable heat(TableName table, long rows, long millis) {
        return new Heat.OfTable(table, rows, millis * 1_000_000);
    }

    /// As they come out of two status files, four seconds apart.
    private static Hotspots hotspots(Heat.Seen before, Heat.Seen after) {
        return Hotspots.between(file(before), file(after), Duration.ofSeconds(4));
    }

    private static Map<String, Object> file(Heat.Seen seen) {
        return new Yaml().load(Json.line(Map.of("heat", Hotspots.fields(seen))));
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
