package ferry.dialects.toy;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.dialect.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A Ferry that breaks one rule of `docs/correctness.md`: the simulation must see it fail, or it
/// would not see the rule broken by accident.
record Mutation(String name, Rules rules, Change change, boolean needsForeignKeys) {
    /// How the dialect is spoiled.
    @FunctionalInterface
    interface Change {
        Dialect of(Dialect toy, ToyServer source, ToyServer target);
    }

    private static final Change NOTHING = (toy, _, _) -> toy;
    static final Mutation NONE = new Mutation("NONE", Rules.ALL, NOTHING, false);

    /// §7: a foreign key's deletes are in no log, and nobody stops at it.
    static final Mutation CASCADES_NOT_LOGGED =
            new Mutation("CASCADES_NOT_LOGGED", Rules.ALL, NOTHING, true);

    static Mutation without(Rule rule) {
        return new Mutation(
                rule.name(), Rules.without(rule), NOTHING, rule == Rule.FOREIGN_KEYS_AFTER_WINDOW);
    }

    static Mutation of(SpoiledDialect.Rule rule) {
        return new Mutation(
                rule.name(),
                Rules.ALL,
                (toy, source, target) -> new SpoiledDialect(toy, rule, source, target),
                false);
    }

    /// All that exist.
    static List<Mutation> all() {
        var all = new ArrayList<Mutation>();
        all.add(CASCADES_NOT_LOGGED);
        Stream.of(SpoiledDialect.Rule.values()).map(Mutation::of).forEach(all::add);
        Stream.of(Rule.values()).map(Mutation::without).forEach(all::add);
        return all;
    }

    static Mutation named(String name) {
        return Stream.concat(Stream.of(NONE), all().stream())
                .filter(mutation -> mutation.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no mutation " + name));
    }

    Dialect mutate(ToyDialect toy, ToyServer source, ToyServer target) {
        return change.of(toy, source, target);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mutation mutation && name.equals(mutation.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
