package ferry.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ferry.scenarios.SoakPlan.Blow;
import ferry.scenarios.SoakPlan.Deed;
import ferry.scenarios.SoakPlan.Victim;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.Relay;
import ferry.testkit.servers.ServerKind;
import ferry.testkit.servers.ServerOptions;
import ferry.testkit.servers.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One migration that is written to and struck at for as long as somebody wants: writers, DDL and
/// chaos at the same time, a verification between the phases, and equality at the end.
///
/// In every second phase of a long one Ferry is not killed, so that its memory can grow if it wants
/// to.
final class Soak implements AutoCloseable {
    private static final Duration PHASE_LEAST = Duration.ofMinutes(5);
    private static final Duration PHASE_MOST = Duration.ofHours(1);
    private static final int TICK_MILLIS = 50;

    private final Pair pair;
    private final Duration length;
    private final Path folder;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final DatabaseServer source;
    private final DatabaseServer target;
    private final SoakWriters writers;
    private final SoakDdl ddl;
    private final SoakFerry ferry;
    private final Chaos chaos;
    private final SoakPlan plan;
    private final SoakFigures figures = new SoakFigures();
    private long began;
    private int verified;

    /// Starts the servers, fills the source, and starts Ferry. `folder` takes what is left to look
    /// at.
    Soak(Pair pair, Duration length, long seed, Path folder) throws Exception {
        this.pair = pair;
        this.length = length;
        this.folder = folder;
        var isShort = isShort(length);
        try {
            source = kept(start(pair.origin().kind()));
            target = kept(start(pair.targetKind()));
            writers = kept(new SoakWriters(source, SoakFerry.DATABASE, seed));
            ddl =
                    kept(
                            new SoakDdl(
                                    source,
                                    SoakFerry.DATABASE,
                                    seed,
                                    Duration.ofSeconds(isShort ? 8 : 30)));
            var toSource = kept(Relay.to(source));
            var toTarget = kept(Relay.to(target));
            ferry = kept(new SoakFerry(folder, pair, toSource.port(), toTarget.port(), target));
            chaos =
                    new Chaos(
                            ferry,
                            Map.of(Victim.SOURCE, source, Victim.TARGET, target),
                            Map.of(Victim.SOURCE, toSource, Victim.TARGET, toTarget));
            plan = new SoakPlan(seed, Duration.ofSeconds(isShort ? 6 : 20));
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private static boolean isShort(Duration length) {
        return length.compareTo(Duration.ofMinutes(3)) < 0;
    }

    /// The source keeps its log for an hour only, since a soak may write for days.
    private static DatabaseServer start(ServerKind kind) {
        return kind == ServerKind.SEEKDB
                ? TestServers.start(kind)
                : TestServers.start(
                        kind,
                        ServerOptions.lean()
                                .withFlags(
                                        "--innodb-lock-wait-timeout=5",
                                        "--max-binlog-size=16M",
                                        "--binlog-expire-logs-seconds=3600"));
    }

    private <T extends AutoCloseable> T kept(T opened) {
        open.addLast(opened);
        return opened;
    }

    /// Lets everything happen, and then both ends be equal.
    void run() throws InterruptedException, IOException, SQLException {
        began = System.nanoTime();
        writers.start();
        ddl.start();
        var phaseLength = phase(length);
        for (var phase = 0; elapsed().compareTo(length) < 0; phase++) {
            var planned = phaseLength.multipliedBy(phase + 1);
            // A rest that is shorter than half a phase belongs to the phase before it.
            var rest = length.minus(planned).compareTo(phaseLength.dividedBy(2));
            var end = rest < 0 ? length : planned;
            suffer(end, phase % 2 == 1 && !isShort(length));
            if (end.compareTo(length) < 0) {
                verifyMeanwhile();
            }
        }
        arrive();
    }

    private static Duration phase(Duration length) {
        var twelfth = length.dividedBy(12);
        var least = PHASE_LEAST.compareTo(length) < 0 ? PHASE_LEAST : length.dividedBy(2);
        return twelfth.compareTo(least) < 0
                ? least
                : twelfth.compareTo(PHASE_MOST) > 0 ? PHASE_MOST : twelfth;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void suffer(Duration end, boolean sparesFerry)
            throws InterruptedException, IOException {
        var blow = plan.next();
        var nextBlow = elapsed().plus(blow.after());
        var nextFigures = elapsed();
        var everyLine = Duration.ofSeconds(isShort(length) ? 15 : 60);
        var nextLine = elapsed().plus(everyLine);
        while (elapsed().compareTo(end) < 0) {
            chaos.look();
            ferry.look();
            if (elapsed().compareTo(nextBlow) >= 0) {
                chaos.strike(sparesFerry ? spared(blow) : blow, elapsed());
                blow = plan.next();
                nextBlow = elapsed().plus(blow.after());
            }
            if (elapsed().compareTo(nextFigures) >= 0 && chaos.spares(Victim.FERRY)) {
                measure();
                nextFigures = elapsed().plus(SoakFigures.every(length));
            }
            if (elapsed().compareTo(nextLine) >= 0) {
                tell(line());
                nextLine = elapsed().plus(everyLine);
            }
            Voyage.pause(TICK_MILLIS);
        }
        chaos.end();
    }

    private static Blow spared(Blow blow) {
        return blow.victim() == Victim.FERRY && blow.deed() == Deed.KILL
                ? new Blow(
                        blow.number(),
                        blow.after(),
                        blow.victim(),
                        Deed.STOP,
                        blow.length(),
                        blow.bytes())
                : blow;
    }

    private void measure() throws IOException, InterruptedException {
        if (ferry.isAtWork()) {
            try {
                figures.add(
                        SoakFigures.measure(
                                ferry.lives(),
                                ferry.process().pid(),
                                ferry.home().resolve("changelog")));
            } catch (IOException e) {
                ferry.look(); // It may have ended just now, and that is what has to be told.
                throw e;
            }
            assertThat(figures.complaints()).as("what grows without bound").isEmpty();
        }
    }

    private void verifyMeanwhile() throws InterruptedException, IOException {
        ddl.hold();
        try {
            ferry.verifyMeanwhile();
        } finally {
            ddl.goOn();
        }
        verified++;
        tell("both ends were found equal under live writes");
    }

    /// Ends what disturbs and writes, lets Ferry finish, and compares whole tables by other means
    /// than Ferry's too.
    private void arrive() throws InterruptedException, IOException, SQLException {
        ddl.close();
        writers.close();
        tell("the writers have stopped");
        ferry.awaitExact();
        measure();
        ferry.verify();
        var differences =
                new Comparison(
                                source,
                                target,
                                pair,
                                SoakFerry.DATABASE,
                                ferry.project().objects()::mapping)
                        .differences();
        assertThat(differences).as("differences by the test's own comparison").isEmpty();
        assertThat(writers.commits())
                .as("transactions by kind of writer; refused were %s", writers.refusals())
                .allSatisfy((_, count) -> assertThat(count).isGreaterThan(50));
        tell("equal after " + line());
        tell(figures.total());
    }

    private String line() {
        var lag = ferry.lagMillis();
        return "%s: %s transactions written, %d rows applied, lag %s, %d DDL, %s; %s; %d starts of Ferry were refused, %d verified meanwhile"
                .formatted(
                        Duration.ofSeconds(elapsed().toSeconds()).toString().substring(2),
                        writers.commits(),
                        ferry.applied(),
                        lag < 0 ? "unknown" : "%.1f s".formatted(lag / 1e3),
                        ddl.done(),
                        chaos.counts().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(count -> count.getValue() + " " + count.getKey())
                                .collect(Collectors.joining(", ")),
                        figures.last(),
                        ferry.refusedStarts(),
                        verified);
    }

    private static void tell(String line) {
        System.out.println("soak: " + line);
    }

    /// Leaves in the folder what a failure is understood from, beside Ferry's own files.
    void keepTraces() throws IOException {
        Files.write(folder.resolve("blows.txt"), chaos.story());
        Files.write(folder.resolve("ddl.sql"), ddl.lastStatements());
        Files.writeString(folder.resolve("source.log"), source.logTail());
        Files.writeString(folder.resolve("target.log"), target.logTail());
        Files.write(folder.resolve("refused-starts.txt"), ferry.refused());
        Files.write(folder.resolve("figures.txt"), List.of(line(), figures.total()));
    }

    /// The servers go first, so that whoever still waits for them fails at once.
    @Override
    public void close() throws Exception {
        if (!open.isEmpty()) {
            try {
                open.pollFirst().close();
            } finally {
                close();
            }
        }
    }
}
