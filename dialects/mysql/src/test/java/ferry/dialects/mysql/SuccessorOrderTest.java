package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Captured is A:1-100 in A's own log; C is to take its place.
final class SuccessorOrderTest {
    private static final String A = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
    private static final String B = "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb";
    private static final String C = "cccccccc-cccc-cccc-cccc-cccccccccccc";
    private static final GtidSet OURS = GtidSet.parse(A + ":1-100");

    private static Optional<String> doubts(
            GtidSet ours, String before, boolean logsReplicated, String... logged) {
        return new SuccessorOrder(ours, Optional.of(A), C)
                .doubts(GtidSet.parse(before), List.of(logged), logsReplicated);
    }

    @Test
    void whatFollowsAllThatWasCapturedIsNoDoubt() {
        assertThat(doubts(OURS, A + ":1-98", true, A + ":99", A + ":100", A + ":101", C + ":1"))
                .isEmpty();
        assertThat(doubts(OURS, A + ":1-100", true, B + ":1", C + ":1")).isEmpty();
    }

    @Test
    void itsOwnTransactionAmongTheCapturedIsTold() {
        assertThat(doubts(OURS, A + ":1-98", true, A + ":99", C + ":1", A + ":100", C + ":2"))
                .hasValueSatisfying(why -> assertThat(why).endsWith(": " + C + ":1"));
    }

    @Test
    void aThirdServersTransactionAmongTheCapturedIsTold() {
        assertThat(doubts(OURS, A + ":1-98", true, A + ":99", B + ":1", A + ":100"))
                .hasValueSatisfying(why -> assertThat(why).endsWith(": " + B + ":1"));
    }

    @Test
    void alsoOfAThirdServerThatWasTheSourceOnce() {
        var ours = GtidSet.parse(A + ":1-100," + B + ":1-50");

        assertThat(doubts(ours, A + ":1-99," + B + ":1-50", true, B + ":51", A + ":100"))
                .hasValueSatisfying(why -> assertThat(why).endsWith(": " + B + ":51"));
    }

    @Test
    void whatWorkersOfAReplicaLogInAnotherOrderIsNoDoubt() {
        assertThat(doubts(OURS, A + ":1-99", true, A + ":101", A + ":100")).isEmpty();
        var gap = GtidSet.parse(A + ":1-100," + B + ":1-3:5");
        assertThat(doubts(gap, A + ":1-99," + B + ":1-3", true, B + ":4", B + ":5", A + ":100"))
                .isEmpty();
    }

    @Test
    void aServerThatDoesNotLogWhatItReplicatesTellsNoOrder() {
        assertThat(doubts(OURS, "", false, C + ":1"))
                .hasValueSatisfying(
                        why -> assertThat(why).contains(C + ":1").contains(A + ":1-100"));
        assertThat(doubts(OURS, "", true, C + ":1")).as("it was switched on since").isPresent();
        assertThat(doubts(OURS, "", false)).as("it has nothing of its own").isEmpty();
    }

    @Test
    void aServerThatWasBuiltFromABackupLacksWhatTheBackupHad() {
        assertThat(doubts(OURS, "", true, A + ":51", A + ":100", C + ":1")).isEmpty();
    }
}
