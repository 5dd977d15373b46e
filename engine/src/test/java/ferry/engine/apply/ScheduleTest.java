package ferry.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.config.Rules;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Writer.Mode;
import ferry.engine.model.Change;
import ferry.engine.model.Column;
import ferry.engine.model.DataType;
import ferry.engine.model.Row;
import ferry.engine.model.Table;
import ferry.engine.model.TableName;
import ferry.engine.model.TransactionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Random transactions that claim and share random things, and lanes that write their jobs in a
/// random order: what meets must be written in the order of the log, and everything once.
final class ScheduleTest {
    private static final int HISTORIES = 500;
    private static final int TRANSACTIONS = 60;
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2030-01-01T00:00:00Z"), ZoneOffset.UTC);

    private Instant now = CLOCK.instant();

    private record Claimed(Set<Long> own, Set<Long> shared) {
        boolean meets(Claimed other) {
            return own.stream().anyMatch(other.own::contains)
                    || own.stream().anyMatch(other.shared::contains)
                    || shared.stream().anyMatch(other.own::contains);
        }
    }

    /// One history: how far each transaction is written.
    private static final class History {
        private final Random random;
        private final Schedule schedule;
        private final List<PendingTransaction> log = new ArrayList<>();
        private final Map<PendingTransaction, Claimed> claimed = new HashMap<>();
        private final Map<Integer, LaneJob> taken = new HashMap<>(); // by lane
        private final Set<PendingTransaction> written = new HashSet<>();
        private int together;

        History(long seed) {
            random = new Random(seed);
            schedule =
                    new Schedule(
                            Settings.defaults()
                                    .with(Settings.APPLY_LANES, "" + (1 + random.nextInt(5)))
                                    .with(
                                            Settings.APPLY_BATCH_TRANSACTIONS,
                                            "" + (1 + random.nextInt(6))),
                            Rules.ALL,
                            CLOCK,
                            new Heat());
            schedule.start();
        }

        void run() {
            var things = 2 + random.nextInt(60);
            for (var number = 1; number <= TRANSACTIONS; number++) {
                add(number, things);
                if (random.nextInt(10) == 0) {
                    schedule.flush();
                }
                for (var steps = random.nextInt(3); steps > 0; steps--) {
                    step(random.nextInt(schedule.lanes()));
                }
            }
            for (var steps = 0; !schedule.isEmpty(); steps++) {
                assertThat(steps).as("steps to the end").isLessThan(100_000);
                schedule.flush();
                step(random.nextInt(schedule.lanes()));
            }
            assertThat(written).containsExactlyInAnyOrderElementsOf(log);
        }

        private void add(int number, int things) {
            var transaction = new PendingTransaction(new TransactionId("t" + number));
            var own = new HashSet<Long>();
            var shared = new HashSet<Long>();
            for (var count = random.nextInt(4); count >= 0; count--) {
                var thing = random.nextLong(things);
                if (random.nextInt(3) == 0) {
                    shared.add(thing);
                    transaction.claims().share(thing);
                } else {
                    own.add(thing);
                    transaction.claims().own(thing);
                }
            }
            log.add(transaction);
            claimed.put(transaction, new Claimed(own, shared));
            schedule.add(transaction);
        }

        /// A lane takes its next job, or ends the one that it has.
        private void step(int lane) {
            var present = taken.remove(lane);
            if (present != null) {
                schedule.done(lane, present);
                written.addAll(present.transactions());
                return;
            }
            schedule.next(lane)
                    .ifPresent(job -> {
                        requireOrder(job);
                        together += taken.isEmpty() ? 0 : 1;
                        taken.put(lane, job);
                    });
        }

        private void requireOrder(LaneJob job) {
            for (var i = 0; i < job.transactions().size(); i++) {
                var transaction = job.transactions().get(i);
                var before = new HashSet<>(written);
                before.addAll(job.transactions().subList(0, i));
                for (var earlier : log.subList(0, log.indexOf(transaction))) {
                    if (claimed.get(earlier).meets(claimed.get(transaction))) {
                        assertThat(before)
                                .as("%s before %s", earlier.id(), transaction.id())
                                .contains(earlier);
                    }
                }
            }
        }
    }

    @Test
    void whatMeetsKeepsItsOrder() {
        var together = 0;
        for (var seed = 1L; seed <= HISTORIES; seed++) {
            var history = new History(seed);
            history.run();
            together += history.together;
        }

        assertThat(together).as("jobs that were written beside others").isGreaterThan(HISTORIES);
    }

    @Test
    void nothingIsGivenBeforeItStartsAndAfterItStops() {
        var schedule = new Schedule(Settings.defaults(), Rules.ALL, CLOCK, new Heat());
        var transaction = new PendingTransaction(new TransactionId("t"));
        schedule.add(transaction);
        schedule.flush();
        assertThat(schedule.next(0)).isEmpty();

        schedule.start();
        schedule.add(transaction);
        schedule.flush();
        var job = schedule.next(0).orElseThrow();

        schedule.stop();
        assertThat(schedule.next(0)).isEmpty();
        assertThat(schedule.isEmpty()).isTrue();
        schedule.done(0, job); // a lane that was writing it meanwhile
        assertThat(schedule.isEmpty()).isTrue();
    }

    @Test
    void aFewTransactionsWaitForMoreWhileMoreComes() {
        var schedule = new Schedule(Settings.defaults(), Rules.ALL, CLOCK, new Heat());
        schedule.start();
        schedule.add(new PendingTransaction(new TransactionId("t")));
        assertThat(schedule.next(0)).isEmpty();

        schedule.flush();
        assertThat(schedule.next(0)).isPresent();
    }

    /// Of two that meet only their own kind, one stands in the target while the other is written.
    @Test
    void groupsThatDoNotMeetGoBesideEachOther() {
        var schedule = schedule(2, 4);
        for (var number = 0; number < 8; number++) {
            schedule.add(transaction(number, number % 2));
        }
        var even = schedule.next(0).orElseThrow();
        var odd = schedule.next(1).orElseThrow();
        for (var number = 8; number < 14; number++) {
            schedule.add(transaction(number, number % 2));
        }
        schedule.flush();
        assertThat(schedule.next(0)).contains(even);

        schedule.done(1, odd);
        assertThat(names(schedule.next(1).orElseThrow())).containsExactly("t9", "t11", "t13");

        schedule.done(0, even);
        assertThat(names(schedule.next(0).orElseThrow())).containsExactly("t8", "t10", "t12");
    }

    @Test
    void aLaneKeepsItsJobUntilItIsDone() {
        var schedule = schedule(2, 1);
        schedule.add(transaction(1, 1));
        schedule.add(transaction(2, 2));

        var first = schedule.next(0).orElseThrow();
        assertThat(schedule.next(0)).contains(first);
        schedule.done(0, first);
        assertThat(names(schedule.next(0).orElseThrow())).containsExactly("t2");
    }

    @Test
    void whatThereIsIsDividedAmongFreeLanes() {
        var schedule = schedule(4, 1_000);
        for (var number = 0; number < 400; number++) {
            schedule.add(transaction(number, number));
        }
        assertThat(schedule.next(0)).isEmpty();

        schedule.flush();
        for (var lane = 0; lane < 4; lane++) {
            assertThat(names(schedule.next(lane).orElseThrow())).hasSize(100);
        }
        assertThat(schedule.waits()).isFalse();
    }

    @Test
    void aJobIsNeverLargerThanItMayBe() {
        var schedule = schedule(2, 10);
        for (var number = 0; number < 25; number++) {
            schedule.add(transaction(number, number));
        }

        assertThat(names(schedule.next(0).orElseThrow())).hasSize(10);
        assertThat(names(schedule.next(1).orElseThrow())).hasSize(10);
    }

    @Test
    void jobsAreSmallerBehindOneThatTookTooLong() {
        var schedule = schedule(1, 10);
        for (var number = 0; number < 10; number++) {
            schedule.add(transaction(number, number));
        }
        var slow = schedule.next(0).orElseThrow();
        schedule.took(slow, Duration.ofSeconds(25));
        schedule.done(0, slow);

        for (var number = 10; number < 20; number++) {
            schedule.add(transaction(number, number));
        }
        assertThat(names(schedule.next(0).orElseThrow())).hasSize(4);
    }

    /// That others are quick tells nothing of them.
    @Test
    void jobsThatLookForRowsWithoutAKeyHaveASizeOfTheirOwn() {
        var schedule = schedule(2, 10);
        for (var number = 0; number < 10; number++) {
            schedule.add(searching(number));
        }
        var slow = schedule.next(0).orElseThrow();
        schedule.took(slow, Duration.ofSeconds(25));
        schedule.done(0, slow);
        for (var number = 10; number < 20; number++) {
            schedule.add(transaction(number, number));
        }
        var quick = schedule.next(0).orElseThrow();
        assertThat(names(quick)).hasSize(10);
        schedule.took(quick, Duration.ofMillis(1));
        schedule.done(0, quick);

        for (var number = 20; number < 30; number++) {
            schedule.add(searching(number));
        }
        assertThat(names(schedule.next(0).orElseThrow())).hasSize(4);
    }

    /// What waits for others is closed after a while: it would else collect more and more to wait
    /// for.
    @Test
    void anOldJobThatMustWaitGrowsNoFurther() {
        var schedule = schedule(2, 3);
        for (var number = 0; number < 3; number++) {
            schedule.add(transaction(number, 7));
        }
        var first = schedule.next(0).orElseThrow();
        schedule.add(transaction(3, 7));
        now = now.plusSeconds(1);
        schedule.add(transaction(4, 7));
        schedule.add(transaction(5, 7));
        assertThat(schedule.next(1)).isEmpty();
        assertThat(schedule.waits()).isTrue();

        schedule.done(0, first);
        assertThat(names(schedule.next(0).orElseThrow())).containsExactly("t3", "t4");
    }

    @Test
    void aFewGoWhenTheyAreOld() {
        var schedule = schedule(2, 3);
        schedule.add(transaction(1, 1));
        assertThat(schedule.next(0)).isEmpty();

        now = now.plusSeconds(1);
        assertThat(names(schedule.next(0).orElseThrow())).containsExactly("t1");
    }

    @Test
    void oneLaneKeepsTheOrderOfTheLog() {
        var schedule = schedule(1, 3);
        var written = new ArrayList<String>();
        for (var number = 0; number < 20; number++) {
            schedule.add(transaction(number, number % 2));
            if (number % 5 == 0) {
                schedule.flush();
                write(schedule, written);
            }
        }
        schedule.flush();
        while (!schedule.isEmpty()) {
            write(schedule, written);
        }

        assertThat(written)
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(number -> "t" + number).toList());
    }

    private static void write(Schedule schedule, List<String> written) {
        var job = schedule.next(0).orElseThrow();
        written.addAll(names(job));
        schedule.done(0, job);
    }

    private Schedule schedule(int lanes, int batch) {
        var schedule =
                new Schedule(
                        Settings.defaults()
                                .with(Settings.APPLY_LANES, "" + lanes)
                                .with(Settings.APPLY_BATCH_TRANSACTIONS, "" + batch),
                        Rules.ALL,
                        () -> now,
                        new Heat());
        schedule.start();
        return schedule;
    }

    private static PendingTransaction transaction(int number, long claim) {
        var transaction = new PendingTransaction(new TransactionId("t" + number));
        transaction.claims().own(claim);
        return transaction;
    }

    /// Deletes a row of a table without a key.
    private static PendingTransaction searching(int number) {
        var column =
                Column.of("v", new DataType.Text("utf8mb4", "utf8mb4_bin", 9, false), "text", true);
        var table = Table.of(new TableName("shop", "t"), List.of(column), List.of());
        var transaction = new PendingTransaction(new TransactionId("t" + number));
        transaction.add(
                new PendingTransaction.Part(
                        table,
                        table,
                        new Replay(Mode.STRICT, List.of(new Change.Delete(Row.ofText("a"))))),
                ConflictKeys.of((_, _) -> Optional.empty(), table, table),
                false);
        return transaction;
    }

    private static List<String> names(LaneJob job) {
        return job.transactions().stream().map(transaction -> transaction.id().text()).toList();
    }
}
