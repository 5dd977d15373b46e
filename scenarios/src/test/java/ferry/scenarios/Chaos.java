package ferry.scenarios;

import ferry.scenarios.SoakPlan.Blow;
import ferry.scenarios.SoakPlan.Deed;
import ferry.scenarios.SoakPlan.Victim;
import ferry.testkit.servers.DatabaseServer;
import ferry.testkit.servers.Relay;
import ferry.testkit.servers.Relay.Direction;
import ferry.testkit.servers.ServerKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Carries out the blows of a plan, several at the same time if they meet different victims, and
/// ends each after its time.
final class Chaos {
    private static final Duration SLOWED = Duration.ofMillis(30);

    private final SoakFerry ferry;
    private final Map<Victim, DatabaseServer> servers;
    private final Map<Victim, Relay> relays;
    private final Map<Victim, Under> under = new EnumMap<>(Victim.class);
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> story = new ArrayList<>();

    /// What ends a blow, and when.
    private record Under(long untilNanos, Cure cure) {}

    @FunctionalInterface
    private interface Cure {
        void apply() throws InterruptedException;
    }

    /// `servers` and `relays` hold what stands for the source and the target.
    Chaos(SoakFerry ferry, Map<Victim, DatabaseServer> servers, Map<Victim, Relay> relays) {
        this.ferry = ferry;
        this.servers = Map.copyOf(servers);
        this.relays = Map.copyOf(relays);
    }

    /// Blows that met their victim, by deed and victim.
    Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }

    /// All blows in the order in which they fell.
    List<String> story() {
        return List.copyOf(story);
    }

    /// True while no blow is on this victim.
    boolean spares(Victim victim) {
        return !under.containsKey(victim);
    }

    /// Begins a blow; a victim that still suffers from another one is left alone.
    void strike(Blow blow, Duration at) throws InterruptedException {
        var free = spares(blow.victim());
        story.add(
                "%6.1f s  %s%s"
                        .formatted(at.toMillis() / 1e3, blow.text(), free ? "" : " (left out)"));
        if (!free) {
            return;
        }
        counts.merge(blow.words(), 1, Integer::sum);
        var cure = blow.victim() == Victim.FERRY ? strikeFerry(blow.deed()) : strikeServer(blow);
        under.put(blow.victim(), new Under(System.nanoTime() + blow.length().toNanos(), cure));
    }

    private Cure strikeFerry(Deed deed) throws InterruptedException {
        if (deed == Deed.KILL) {
            ferry.kill();
            return ferry::start;
        }
        var process = ferry.process();
        process.signal("STOP");
        return () -> process.signal("CONT");
    }

    private Cure strikeServer(Blow blow) throws InterruptedException {
        var server = servers.get(blow.victim());
        var relay = relays.get(blow.victim());
        return switch (blow.deed()) {
            case KILL -> {
                if (server.kind() == ServerKind.SEEKDB) {
                    KernelKill.awaitNoDefinition(server);
                }
                server.kill();
                yield () -> {
                    server.restart();
                    if (server.kind() == ServerKind.SEEKDB) {
                        KernelKill.requireNothingHalfDone(server);
                    }
                };
            }
            case STOP -> {
                server.pause();
                yield server::resume;
            }
            case CUT -> {
                relay.cut();
                yield () -> {};
            }
            case LOSE_REPLY -> {
                relay.cutAfter(Direction.TO_CLIENT, blow.bytes());
                yield () -> {};
            }
            case STALL -> {
                relay.stall();
                yield () -> {
                    // Half of the stalls end like those of a firewall that forgot the connection.
                    if (blow.bytes() % 2 == 0) {
                        relay.cut();
                    }
                    relay.goOn();
                };
            }
            case SLOW -> {
                relay.delay(SLOWED);
                yield () -> relay.delay(Duration.ZERO);
            }
            case REFUSE -> {
                relay.refuse();
                relay.cut();
                yield relay::accept;
            }
        };
    }

    /// Ends the blows whose time is over.
    void look() throws InterruptedException {
        for (var victim : Victim.values()) {
            var suffered = under.get(victim);
            if (suffered != null && System.nanoTime() >= suffered.untilNanos) {
                cure(victim);
            }
        }
    }

    /// Ends all blows now.
    void end() throws InterruptedException {
        for (var victim : List.copyOf(under.keySet())) {
            cure(victim);
        }
        for (var relay : relays.values()) {
            relay.cutAfter(Direction.TO_CLIENT, Long.MAX_VALUE);
        }
    }

    private void cure(Victim victim) throws InterruptedException {
        under.remove(victim).cure.apply();
    }
}
