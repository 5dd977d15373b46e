package ferry.engine.governor;

import java.util.Locale;

/// What the governor slows down. Capture never waits for it: the source may drop its log.
public enum Work {
    LOAD,
    APPLY;

    /// As it stands in a schedule.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
