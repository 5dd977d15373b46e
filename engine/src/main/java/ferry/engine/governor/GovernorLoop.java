package ferry.engine.governor;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Setting;
import ferry.engine.crew.Loop;
import ferry.engine.dialect.Endpoint;
import ferry.engine.dialect.Ends;
import ferry.engine.dialect.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Looks at everything that has a limit, every `govern.sample.time`, and tells the governor. A
/// server that does not answer never stops it.
public final class GovernorLoop implements Loop {
    private final Ends ends;
    private final Governor governor;
    private final Supplier<Optional<Duration>> captureLag;
    private final List<Lookout> lookouts = new ArrayList<>();
    private final Map<Watch, ThrottleUrl> urls = new HashMap<>();
    private final List<Watch> withoutReplicas = new ArrayList<>();
    private Instant next = Instant.MIN;

    /// `captureLag` is empty while it is not known, or nothing is captured.
    public GovernorLoop(Ends ends, Governor governor, Supplier<Optional<Duration>> captureLag) {
        this.ends = ends;
        this.governor = governor;
        this.captureLag = captureLag;
        for (var role : Role.values()) {
            lookOutAt(role, ends.endpoint(role), false);
            var replicas = replicas(role);
            replicas.forEach(replica -> lookOutAt(role, replica, true));
            if (replicas.isEmpty()) {
                governor.watches().stream()
                        .filter(watch ->
                                watch instanceof Watch.OfSign sign
                                        && sign.replicas()
                                        && sign.role() == role)
                        .forEach(withoutReplicas::add);
            }
        }
        for (var watch : governor.watches()) {
            if (watch instanceof Watch.OfUrl url) {
                urls.put(
                        watch,
                        new ThrottleUrl(url, ends.settings().get(GovernorSettings.ASK_TIME)));
            }
        }
    }

    private void lookOutAt(Role role, Endpoint server, boolean replica) {
        var lookout = new Lookout(ends, role, server, replica, governor.watches());
        if (lookout.hasWork()) {
            lookouts.add(lookout);
        }
    }

    /// False if nothing has a limit that must be looked at: then it need not run.
    public boolean hasWork() {
        return !governor.watches().isEmpty();
    }

    @Override
    public String name() {
        return "governor";
    }

    @Override
    public Outcome step() {
        var now = ends.clock().instant();
        if (now.isBefore(next)) {
            return Outcome.IDLE;
        }
        next = now.plus(ends.settings().get(GovernorSettings.SAMPLE_TIME));
        var found = new HashMap<Watch, Seen>();
        for (var watch : withoutReplicas) {
            found.put(watch, unlisted((Watch.OfSign) watch));
        }
        for (var lookout : lookouts) {
            lookout.look(captureLag.get())
                    .forEach((watch, seen) -> found.merge(watch, seen, GovernorLoop::worse));
        }
        urls.forEach((watch, url) -> found.put(watch, url.look()));
        governor.seen(found);
        return Outcome.IDLE;
    }

    @Override
    public void reset() {
        lookouts.forEach(Lookout::close);
        urls.values().forEach(ThrottleUrl::close);
        next = Instant.MIN;
    }

    /// Of several replicas the one that is known to be behind counts, then one that is unknown.
    private static Seen worse(Seen one, Seen other) {
        return rank(one) >= rank(other) ? one : other;
    }

    private static int rank(Seen seen) {
        return switch (seen) {
            case Seen.Calm _ -> 0;
            case Seen.Unknown _ -> 1;
            case Seen.Stressed _ -> 2;
        };
    }

    private static Seen unlisted(Watch.OfSign watch) {
        return new Seen.Unknown(
                "the names of the %s's replicas: %s has a limit, and govern.%1$s.replicas is empty"
                        .formatted(watch.role().name().toLowerCase(Locale.ROOT), watch.setting()));
    }

    private List<Endpoint> replicas(Role role) {
        Setting<String> setting =
                role == Role.SOURCE
                        ? GovernorSettings.SOURCE_REPLICAS
                        : GovernorSettings.TARGET_REPLICAS;
        var end = ends.endpoint(role);
        return GovernorSettings.addresses(ends.settings().get(setting)).stream()
                .map(address -> end.at(new Endpoint.Host(address.host(), address.port())))
                .toList();
    }
}
