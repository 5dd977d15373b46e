package ferry.engine.governor;

import ferry.engine.config.GovernorSettings;
import ferry.engine.config.Setting;
import ferry.engine.config.Settings;
import ferry.engine.dialect.Role;
import ferry.engine.dialect.Vitals.Sign;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Something that is looked at again and again, because a setting gives it a limit. `setting` is
/// the name of that setting, and of the watch.
sealed interface Watch {
    String setting();

    /// What waits while it is beyond its limit.
    Set<Work> holds();

    /// One sign of a server, or of each of its replicas.
    record OfSign(String setting, Role role, boolean replicas, Sign sign, double most)
            implements Watch {
        /// Only the load reads the source.
        @Override
        public Set<Work> holds() {
            return role == Role.SOURCE ? EnumSet.of(Work.LOAD) : EnumSet.allOf(Work.class);
        }
    }

    /// How far capture is behind, in per cent of the time for which the source keeps its log.
    record OfCapture(String setting, double percent) implements Watch {
        @Override
        public Set<Work> holds() {
            return EnumSet.of(Work.LOAD);
        }
    }

    /// A throttle: an operator's query at one end.
    record OfQuery(String setting, Role role, String sql) implements Watch {
        @Override
        public Set<Work> holds() {
            return EnumSet.allOf(Work.class);
        }
    }

    /// A throttle: an address.
    record OfUrl(String setting, URI url) implements Watch {
        @Override
        public Set<Work> holds() {
            return EnumSet.allOf(Work.class);
        }
    }

    /// True for signs of stress, at which the load slows down step by step; a throttle stops it.
    default boolean isGradual() {
        return switch (this) {
            case OfSign _, OfCapture _ -> true;
            case OfQuery _, OfUrl _ -> false;
        };
    }

    /// Everything that has a limit.
    static List<Watch> of(Settings settings) {
        var watches = new ArrayList<Watch>();
        for (var sign : signs(settings)) {
            if (sign.most() > 0) {
                watches.add(sign);
            }
        }
        var share = settings.get(GovernorSettings.SOURCE_LOG_SHARE);
        if (share > 0) {
            watches.add(new OfCapture(GovernorSettings.SOURCE_LOG_SHARE.name(), share));
        }
        query(watches, settings, GovernorSettings.SOURCE_QUERY, Role.SOURCE);
        query(watches, settings, GovernorSettings.TARGET_QUERY, Role.TARGET);
        var url = settings.get(GovernorSettings.URL);
        if (!url.isEmpty()) {
            watches.add(new OfUrl(GovernorSettings.URL.name(), GovernorSettings.url(url)));
        }
        return List.copyOf(watches);
    }

    private static List<OfSign> signs(Settings settings) {
        return List.of(
                count(settings, GovernorSettings.SOURCE_THREADS, Role.SOURCE, Sign.THREADS_RUNNING),
                count(settings, GovernorSettings.TARGET_THREADS, Role.TARGET, Sign.THREADS_RUNNING),
                count(settings, GovernorSettings.SOURCE_HISTORY, Role.SOURCE, Sign.HISTORY_LENGTH),
                count(settings, GovernorSettings.TARGET_HISTORY, Role.TARGET, Sign.HISTORY_LENGTH),
                lag(settings, GovernorSettings.SOURCE_REPLICA_LAG, Role.SOURCE),
                lag(settings, GovernorSettings.TARGET_REPLICA_LAG, Role.TARGET),
                count(settings, GovernorSettings.TARGET_LOG_BYTES, Role.TARGET, Sign.LOG_BYTES),
                count(settings, GovernorSettings.TARGET_MEMORY, Role.TARGET, Sign.MEMORY_PERCENT),
                count(settings, GovernorSettings.TARGET_CPU, Role.TARGET, Sign.CPU_PERCENT));
    }

    private static OfSign count(Settings settings, Setting<Long> setting, Role role, Sign sign) {
        return new OfSign(setting.name(), role, false, sign, settings.get(setting));
    }

    private static OfSign lag(Settings settings, Setting<Duration> setting, Role role) {
        var seconds = settings.get(setting).toMillis() / 1000.0;
        return new OfSign(setting.name(), role, true, Sign.REPLICA_LAG_SECONDS, seconds);
    }

    private static void query(
            List<Watch> watches, Settings settings, Setting<String> setting, Role role) {
        var sql = settings.get(setting);
        if (!sql.isEmpty()) {
            watches.add(new OfQuery(setting.name(), role, sql));
        }
    }
}
