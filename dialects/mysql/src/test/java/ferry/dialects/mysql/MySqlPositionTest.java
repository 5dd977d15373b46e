package ferry.dialects.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ferry.engine.model.TransactionId;
import ferry.engine.problem.ProblemCode;
import ferry.engine.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Positions are sets of transactions; what they say about each other must be true of the sets.
final class MySqlPositionTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

    @Test
    void textsAreReadBack() {
        for (var text :
                List.of(
                        "",
                        "uuid=" + A + ";file=binlog.000003:1234",
                        "uuid=" + A + ";file=binlog.000003:1234+",
                        "gtid=" + A + ":1-5:7," + B + ":1:tag:1-3",
                        "gtid=",
                        "uuid=7;file=mariadb-bin.000001:4;gtid=0-1-5,1-1-18446744073709551615",
                        "uuid=" + A + ";file=binlog.000003:1234;gtid=" + A + ":1-5")) {
            assertThat(MySqlPosition.parse(text).text()).isEqualTo(text);
        }
        assertThatThrownBy(() -> MySqlPosition.parse("lsn=7"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneGtidIsSpelledAsTheLogSpellsIt() {
        assertThat(Gtids.one(" 0-01-005 ")).contains("0-1-5");
        assertThat(Gtids.one(A.toUpperCase(Locale.ROOT) + ":7")).contains(A + ":7");
        assertThat(Gtids.one("0-1")).isEmpty();
    }

    @Test
    void filesCompareByNumber() {
        var before = MySqlPosition.logEnd(A, "binlog.999999", 5000);
        var after = MySqlPosition.logEnd(A, "binlog.1000000", 4);

        assertThat(after.covers(before)).isTrue();
        assertThat(before.covers(after)).isFalse();
    }

    @Test
    void placesOfTwoServersCannotBeCompared() {
        var here = MySqlPosition.logEnd(A, "binlog.000001", 500);
        var there = MySqlPosition.logEnd(B, "binlog.000001", 100);

        assertThat(catchThrowableOfType(ProblemException.class, () -> here.covers(there)).code())
                .isEqualTo(ProblemCode.LOG_FOREIGN);
        assertThat(here.includes(transaction(Optional.empty(), B, 50))).isFalse();
    }

    @Test
    void aPlaceOfASuccessorIsUnknownUntilGtidsLeadThere() {
        var there = MySqlPosition.logEnd(B, "binlog.000001", 100);
        var read = MySqlPosition.exact(A, "binlog.000009", 500, Gtids.parse(A + ":1-4"));

        assertThat(read.covers(there)).isFalse();
        assertThat(read.at(LogPlace.of(B, "binlog.000001", 100)).covers(there)).isTrue();
    }

    @Test
    void aPlaceOfAFileLiesBeforeWhatBeginsThereAndASetNever() {
        var place = MySqlPosition.logEnd(A, "binlog.000001", 500);

        assertThat(place.liesBefore(transaction(Optional.empty(), A, 500))).isTrue();
        assertThat(place.liesBefore(transaction(Optional.of(A + ":9"), A, 900))).isTrue();
        assertThat(place.liesBefore(transaction(Optional.empty(), A, 400))).isFalse();
        assertThat(place.liesBefore(transaction(Optional.empty(), B, 900))).isFalse();
        assertThat(
                        MySqlPosition.committed(Gtids.parse(A + ":1-4"))
                                .liesBefore(transaction(Optional.of(A + ":9"), A, 900)))
                .isFalse();
    }

    @Test
    void theLogsEndGoesByPlaceAndTheCommittedSetByGtid() {
        var id = transaction(Optional.of(A + ":5"), A, 900);

        assertThat(MySqlPosition.logEnd(A, "binlog.000001", 1000).includes(id)).isTrue();
        assertThat(MySqlPosition.logEnd(A, "binlog.000001", 900).includes(id)).isFalse();
        // It is flushed, and no reader can see it yet.
        assertThat(MySqlPosition.committed(Gtids.parse(A + ":1-4:6")).includes(id)).isFalse();
        assertThat(
                        MySqlPosition.exact(A, "binlog.000001", 1000, Gtids.parse(A + ":1-4"))
                                .includes(id))
                .isFalse();
    }

    @Test
    void plusKeepsGapsAndAGtidMovesToAnotherServer() {
        var gaps = MySqlPosition.committed(Gtids.parse(A + ":1-4:6"));

        var filled = gaps.plus(transaction(Optional.of(A + ":5"), A, 900));
        var failedOver = filled.plus(transaction(Optional.of(B + ":1"), B, 300));

        assertThat(filled.text())
                .isEqualTo("uuid=" + A + ";file=binlog.000001:900+;gtid=" + A + ":1-6");
        assertThat(failedOver.text())
                .isEqualTo("uuid=" + B + ";file=binlog.000001:300+;gtid=" + A + ":1-6," + B + ":1");
    }

    @Test
    void tagsAreSourcesOfTheirOwn() {
        var set = GtidSet.parse(A + ":1-3:blue:1-2");

        assertThat(set.contains(A + ":blue:2")).isTrue();
        assertThat(set.contains(A + ":blue:3")).isFalse();
        assertThat(set.minus(GtidSet.parse(A + ":2:blue:1")).text()).isEqualTo(A + ":1:3:blue:2");
        assertThat(set.plus(A + ":blue:3").text()).isEqualTo(A + ":1-3:blue:1-3");
    }

    /// A server's log: transactions in the log's order, where neighbours may have been given their
    /// numbers the other way round.
    private record History(List<LoggedTransaction> transactions) {
        static History random(Random random) {
            var transactions = new ArrayList<LoggedTransaction>();
            var next = new long[] {1, 1};
            for (var i = 0; i < 12; i++) {
                var source = random.nextInt(4) == 0 ? 1 : 0;
                var gtid = (source == 0 ? A : B + ":tag") + ":" + next[source]++;
                var start = LogPlace.of(A, "binlog.00000" + (1 + i / 5), 100 + i % 5 * 50L);
                transactions.add(new LoggedTransaction(Optional.of(gtid), start));
            }
            return new History(transactions);
        }

        Gtids set(List<LoggedTransaction> some) {
            Gtids set = GtidSet.EMPTY;
            for (var transaction : some) {
                set = set.plus(transaction.gtid().orElseThrow());
            }
            return set;
        }

        /// A position of any kind, and the transactions that it stands for.
        Known random(Random random, int kind) {
            var count = random.nextInt(transactions.size());
            var before = transactions.subList(0, count);
            var end = transactions.get(count).start();
            return switch (kind) {
                case 0 -> new Known(MySqlPosition.logEnd(A, end.file(), end.offset()), before);
                case 1 -> {
                    var some = transactions.stream().filter(_ -> random.nextInt(3) > 0).toList();
                    yield new Known(MySqlPosition.committed(set(some)), some);
                }
                case 2 ->
                        new Known(
                                MySqlPosition.exact(A, end.file(), end.offset(), set(before)),
                                before);
                default -> followed(random);
            };
        }

        /// What a reader has after it followed the log for a while from a committed set with gaps.
        private Known followed(Random random) {
            var some =
                    new ArrayList<>(
                            transactions.stream().filter(_ -> random.nextInt(2) > 0).toList());
            var position = MySqlPosition.committed(set(some));
            var steps = random.nextInt(4);
            for (var transaction : transactions) {
                if (!some.contains(transaction) && steps-- > 0) {
                    position = position.plus(transaction.id());
                    some.add(transaction);
                }
            }
            return new Known(position, some);
        }
    }

    private record Known(MySqlPosition position, List<LoggedTransaction> transactions) {}

    @Test
    void whatAPositionSaysIsTrueOfItsTransactions() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++) {
            var history = History.random(random);
            var left = history.random(random, random.nextInt(4));
            var right = history.random(random, random.nextInt(4));
            var because =
                    "seed %d round %d: %s and %s"
                            .formatted(seed, round, left.position(), right.position());

            for (var transaction : history.transactions()) {
                assertThat(left.position().includes(transaction.id()))
                        .as(because)
                        .isEqualTo(left.transactions().contains(transaction));
            }
            if (left.position().covers(right.position())) {
                assertThat(left.transactions()).as(because).containsAll(right.transactions());
            }
            assertThat(left.position().covers(left.position())).as(because).isTrue();
            assertThat(MySqlPosition.parse(left.position().text()))
                    .as(because)
                    .isEqualTo(left.position());
        }
    }

    @Test
    void positionsOfOneKindAreAPartialOrderThatMissesNothing() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++) {
            var history = History.random(random);
            var kind = random.nextInt(3);
            var a = history.random(random, kind);
            var b = history.random(random, kind);
            var c = history.random(random, kind);
            var because =
                    "seed %d round %d: %s, %s, %s"
                            .formatted(seed, round, a.position(), b.position(), c.position());

            assertThat(a.position().covers(b.position()))
                    .as(because)
                    .isEqualTo(a.transactions().containsAll(b.transactions()));
            if (a.position().covers(b.position()) && b.position().covers(a.position())) {
                assertThat(a.position()).as(because).isEqualTo(b.position());
            }
            if (a.position().covers(b.position()) && b.position().covers(c.position())) {
                assertThat(a.position().covers(c.position())).as(because).isTrue();
            }
        }
    }

    @Test
    void theNextTransactionIsAdded() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 1_000; round++) {
            var history = History.random(random);
            var known = history.random(random, random.nextInt(4));
            var next =
                    history.transactions().stream()
                            .filter(transaction -> !known.transactions().contains(transaction))
                            .findFirst();
            if (next.isPresent()) {
                var id = next.get().id();
                var because =
                        "seed %d round %d: %s plus %s".formatted(seed, round, known.position(), id);
                assertThat(known.position().includes(id)).as(because).isFalse();
                assertThat(known.position().plus(id).includes(id)).as(because).isTrue();
                assertThat(known.position().plus(id).covers(known.position())).as(because).isTrue();
            }
        }
    }

    /// Whoever adds many at once must come to the same place as whoever adds one by one, and know
    /// on the way what is included.
    @Test
    void manyTransactionsAreAddedAsOneByOne() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++) {
            var start = History.random(random).random(random, random.nextInt(4)).position();
            var growing = new GrowingPosition(start);
            var slowly = start;
            var ids = new ArrayList<TransactionId>();
            for (var transaction : runs(random)) {
                ids.add(transaction.id());
                var because = "seed %d round %d: %s plus %s".formatted(seed, round, start, ids);
                assertThat(growing.includes(transaction))
                        .as(because)
                        .isEqualTo(slowly.includes(transaction));
                growing.add(transaction);
                slowly = slowly.plus(transaction);
                assertThat(start.plusAll(ids)).as(because).isEqualTo(slowly);
                if (random.nextInt(4) == 0) {
                    assertThat(growing.get()).as(because).isEqualTo(slowly);
                }
            }
            assertThat(growing.get()).isEqualTo(slowly);
        }
    }

    /// Transactions that follow one another for a while, now and then from another source, without
    /// a GTID, in another file or further in front.
    private static List<LoggedTransaction> runs(Random random) {
        var transactions = new ArrayList<LoggedTransaction>();
        var sources = List.of(A, B, A + ":tag");
        var numbers = new long[] {1, 1, 1};
        var source = 0;
        var file = 1;
        var offset = 100L;
        for (var i = 0; i < 12; i++) {
            switch (random.nextInt(12)) {
                case 0 -> source = random.nextInt(sources.size());
                case 1 -> numbers[source] = 1 + random.nextInt(9);
                case 2 -> file += random.nextInt(3) - 1;
                case 3 -> offset = random.nextInt(300);
                default -> offset += 50;
            }
            var gtid =
                    random.nextInt(30) == 0
                            ? Optional.<String>empty()
                            : Optional.of(sources.get(source) + ":" + numbers[source]++);
            var server = random.nextInt(30) == 0 ? B : A;
            var place = LogPlace.of(server, "binlog.00000" + Math.max(1, file), offset);
            transactions.add(new LoggedTransaction(gtid, place));
        }
        return transactions;
    }

    @Test
    void mariaDbCountsByDomain() {
        var position = MySqlPosition.parse("gtid=0-1-10,1-1-50");

        assertThat(position.includes(transaction(Optional.of("0-2-10"), "7", 10))).isTrue();
        assertThat(position.includes(transaction(Optional.of("0-1-11"), "7", 10))).isFalse();
        assertThat(position.includes(transaction(Optional.of("2-1-1"), "7", 10))).isFalse();
        assertThat(position.covers(MySqlPosition.parse("gtid=1-1-50"))).isTrue();
        assertThat(position.covers(MySqlPosition.parse("gtid=2-1-1"))).isFalse();
        assertThat(
                        MySqlPosition.parse("gtid=")
                                .plus(transaction(Optional.of("0-1-1"), "7", 300))
                                .text())
                .isEqualTo("uuid=7;file=binlog.000001:300+;gtid=0-1-1");
    }

    private static TransactionId transaction(Optional<String> gtid, String server, long offset) {
        return new LoggedTransaction(gtid, LogPlace.of(server, "binlog.000001", offset)).id();
    }
}
