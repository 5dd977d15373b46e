package ferry.engine.config;

import java.util.EnumSet;
import java.util.Set;

/// Which rules are kept: all of them, except in the simulation's mutations.
public final class Rules {
    public static final Rules ALL = new Rules(EnumSet.noneOf(Rule.class));

    private final Set<Rule> broken;

    private Rules(Set<Rule> broken) {
        this.broken = broken;
    }

    /// For the simulation only: an engine that breaks one rule.
    public static Rules without(Rule rule) {
        return new Rules(EnumSet.of(rule));
    }

    public boolean keeps(Rule rule) {
        return !broken.contains(rule);
    }
}
