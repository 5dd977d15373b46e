package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.engine.checkpoint.ChunkMark;
import ferry.testkit.servers.Relay;
import ferry.testkit.servers.Relay.Direction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Kills, stops and cuts off everything that takes part in a migration, at random moments under
/// live writes; both ends must be equal afterwards.
///
/// `-Dferry.crash=N` sets the kills for each step and victim (`./ferry test --crash N`),
/// `-Dferry.crash.seed=S` repeats what the seed S printed, `-Dferry.crash.only=WORDS` those trials
/// whose name begins with these words ("kill target, round 2|stopped owner").
@Tag("servers")
final class CrashTest {
    private static final int ROUNDS = Integer.getInteger("ferry.crash", 3);
    private static final long SEED =
            Long.getLong("ferry.crash.seed", System.currentTimeMillis() % 1_000_000);

    private static final List<String> ONLY =
            List.of(System.getProperty("ferry.crash.only", "").split("\\|"));

    @TempDir private Path folder;

    private enum Victim {
        FERRY,
        SOURCE,
        TARGET
    }

    /// Every voyage suffers one kill in each step, so N voyages for each victim are N kills for
    /// each step and victim.
    @TestFactory
    Stream<DynamicTest> aKillInEveryStepLosesNothing() {
        return Stream.of(Pair.values())
                .flatMap(pair ->
                        Stream.of(Victim.values())
                                .flatMap(victim ->
                                        rounds().filter(round -> pair(round) == pair)
                                                .boxed()
                                                .flatMap(round ->
                                                        test(
                                                                "kill " + victim,
                                                                pair,
                                                                round,
                                                                seed ->
                                                                        kill(
                                                                                victim, pair, round,
                                                                                seed)))));
    }

    /// The kernel takes every second round, MySQL the others.
    private static Pair pair(int round) {
        return round % 2 == 0 ? Pair.OCEANBASE : Pair.MYSQL;
    }

    private static IntStream rounds() {
        return IntStream.rangeClosed(1, ROUNDS);
    }

    @FunctionalInterface
    private interface Trial {
        void run(long seed) throws Exception;
    }

    private static Stream<DynamicTest> test(String what, Pair pair, int round, Trial trial) {
        var seed = SEED + round - 1;
        var name =
                "%s, round %d to %s, seed %d"
                        .formatted(
                                what.toLowerCase(Locale.ROOT),
                                round,
                                pair.name().toLowerCase(Locale.ROOT),
                                seed);
        if (ONLY.stream().noneMatch(name::startsWith)) {
            return Stream.of();
        }
        return Stream.of(
                DynamicTest.dynamicTest(
                        name,
                        () -> {
                            System.out.println(
                                    name + " (repeat with -Dferry.crash.seed=" + SEED + ")");
                            var began = System.nanoTime();
                            trial.run(seed);
                            System.out.println(
                                    name
                                            + " took "
                                            + Duration.ofNanos(System.nanoTime() - began)
                                                    .toSeconds()
                                            + " s");
                        }));
    }

    private void kill(Victim victim, Pair pair, int round, long seed) throws Exception {
        var name = "kill_%s_%d".formatted(victim, round).toLowerCase(Locale.ROOT);
        try (var voyage = voyage(pair, name, seed)) {
            var ferry = voyage.ferry("home", "forever");
            var loaded = new HashSet<ChunkMark>();
            for (var step : CrashStep.values()) {
                voyage.await(step, ferry);
                if (step == CrashStep.LOAD) {
                    loaded.addAll(voyage.chunks());
                }
                switch (victim) {
                    case FERRY -> {
                        ferry.kill();
                        ferry = voyage.ferry("home", "forever");
                    }
                    case SOURCE -> {
                        voyage.source().kill();
                        Voyage.pause(voyage.random().nextInt(500));
                        voyage.source().restart();
                    }
                    case TARGET -> {
                        voyage.target().kill();
                        Voyage.pause(voyage.random().nextInt(500));
                        voyage.target().restart();
                    }
                }
            }
            voyage.until("every table exact again", ferry, voyage::exact);
            assertKept(loaded, voyage);
            voyage.end(ferry);
            voyage.arrive("home");
        }
    }

    /// A mark tells when its chunk was read, so a chunk that was loaded again has another one. What
    /// had no mark at the kill is at most one chunk a worker.
    private static void assertKept(Set<ChunkMark> before, Voyage voyage) {
        assertThat(voyage.chunks())
                .as("chunks that were in the target before the kill")
                .containsAll(before);
    }

    private Voyage voyage(Pair pair, String name, long seed) throws Exception {
        return new Voyage(
                pair, name, seed, folder, Servers.source().port(), Servers.target(pair).port());
    }

    @TestFactory
    Stream<DynamicTest> anotherHomeGoesOnAfterAKill() {
        return rounds().limit(2)
                .boxed()
                .flatMap(round ->
                        test(
                                "another home",
                                pair(round),
                                round,
                                seed -> anotherHome(pair(round), round, seed)));
    }

    private void anotherHome(Pair pair, int round, long seed) throws Exception {
        try (var voyage = voyage(pair, "another_home_" + round, seed)) {
            var first = voyage.ferry("first", "forever");
            voyage.await(CrashStep.LOAD, first);
            var loaded = voyage.chunks();
            first.kill();

            var second = voyage.ferry("second", "forever");
            voyage.await(CrashStep.APPLY, second);

            assertKept(loaded, voyage);
            second.kill();
            voyage.arrive("third");
        }
    }

    @TestFactory
    Stream<DynamicTest> aStoppedOwnerIsFencedWhenItWakes() {
        return rounds().limit(2)
                .boxed()
                .flatMap(round ->
                        test(
                                "stopped owner",
                                pair(round),
                                round,
                                seed -> stoppedOwner(pair(round), round, seed)));
    }

    private void stoppedOwner(Pair pair, int round, long seed) throws Exception {
        var step = round % 2 == 0 ? CrashStep.LOAD : CrashStep.APPLY;
        try (var voyage = voyage(pair, "stopped_owner_" + round, seed)) {
            var old = voyage.ferry("old", "forever");
            voyage.await(step, old);
            old.signal("STOP");

            var fresh = voyage.ferry("new", "forever", "--take-over");
            voyage.await(CrashStep.APPLY, fresh);
            old.signal("CONT");

            assertThat(old.exitCode())
                    .as("exit code of the old owner:\n%s", old.story())
                    .isEqualTo(4);
            assertThat(old.output()).as("the old owner says why").contains("FERRY-1021");
            assertThat(fresh.isAlive()).as("the new owner goes on:\n%s", fresh.story()).isTrue();
            voyage.end(fresh);
            voyage.arrive("new");
        }
    }

    @TestFactory
    Stream<DynamicTest> cutAndStalledConnectionsLoseNothing() {
        return rounds().limit(2)
                .boxed()
                .flatMap(round ->
                        test(
                                "bad network",
                                pair(round),
                                round,
                                seed -> badNetwork(pair(round), round, seed)));
    }

    private void badNetwork(Pair pair, int round, long seed) throws Exception {
        try (var toSource = Relay.to(Servers.source());
                var toTarget = Relay.to(Servers.target(pair));
                var voyage =
                        new Voyage(
                                pair,
                                "bad_network_" + round,
                                seed,
                                folder,
                                toSource.port(),
                                toTarget.port())) {
            var ferry = voyage.ferry("home", "forever");
            for (var step : CrashStep.values()) {
                voyage.await(step, ferry);
                for (var i = 0; i < 3; i++) {
                    disturb(voyage, voyage.random().nextBoolean() ? toSource : toTarget);
                }
            }
            voyage.until("every table exact again", ferry, voyage::exact);
            heal(toSource);
            heal(toTarget);
            voyage.end(ferry);
            voyage.arrive("home");
        }
    }

    /// Takes back a cut that is still to come.
    private static void heal(Relay relay) {
        for (var direction : Direction.values()) {
            relay.cutAfter(direction, Long.MAX_VALUE);
        }
    }

    /// A lost reply is the one that hurts: the server has done what Ferry does not know of.
    private static void disturb(Voyage voyage, Relay relay) throws InterruptedException {
        var random = voyage.random();
        switch (random.nextInt(5)) {
            case 0 -> relay.cut();
            case 1 -> relay.cutAfter(Direction.TO_CLIENT, random.nextInt(20_000));
            case 2 -> relay.cutAfter(Direction.TO_SERVER, random.nextInt(200_000));
            case 3 -> {
                relay.stall();
                Voyage.pause(500 + random.nextInt(1_000));
                relay.cut();
                relay.goOn();
            }
            default -> {
                relay.refuse();
                relay.cut();
                Voyage.pause(random.nextInt(1_000));
                relay.accept();
            }
        }
        Voyage.pause(random.nextInt(300));
    }
}
