package ferry.dialects.toy;

import ferry.engine.config.Rule;
import ferry.engine.config.Rules;
import ferry.engine.dialect.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A Ferry that breaks one rule of `docs/correctness.md`: the simulation must see it fail, or it
/// would not see the rule broken by accident.
///
/// `section` is the one of `docs/correctness.md`. `emphases` are what the worlds of its histories
/// have more of. A mutation with a `script` is shown by that one history, which chance would hardly
/// write.
record Mutation(
        String name,
        int section,
        Rules rules,
        Change change,
        Set<Emphasis> emphases,
        Optional<Script> script) {
    /// How the dialect is spoiled.
    @FunctionalInterface
    interface Change {
        Dialect of(Dialect toy, ToyServer source, ToyServer target);
    }

    private static final Change NOTHING = (toy, _, _) -> toy;
    static final Mutation NONE =
            new Mutation("NONE", 0, Rules.ALL, NOTHING, Set.of(), Optional.empty());

    /// §7: a foreign key's deletes are in no log, and nobody stops at it.
    static final Mutation CASCADES_NOT_LOGGED =
            new Mutation(
                    "CASCADES_NOT_LOGGED",
                    7,
                    Rules.ALL,
                    NOTHING,
                    Set.of(Emphasis.FOREIGN_KEYS),
                    Optional.empty());

    static Mutation without(Rule rule) {
        var script =
                switch (rule) {
                    case UNIQUE_KEYS_REPLAY_WHOLE -> Script.UNIQUE_VALUE_HANDED_ON;
                    case LAYOUT_IS_PROVED -> Script.ALTERED_BEHIND_THE_CATALOG;
                    case MARKS_ARE_READ_AGAIN -> Script.RELOAD_OF_UNKNOWN_OUTCOME;
                    case LOG_FITS_TARGET -> Script.HOME_COMES_BACK;
                    case SOURCE_IDENTITY -> Script.ANOTHER_SOURCE;
                    case VERIFY_SETTLES_KEYS -> Script.CHANGE_LOST_BETWEEN_READS;
                    case OWNER_CERTIFIES -> Script.REPLACED_OWNER_COMPARES;
                    case CORRECTION_AT_ONE_PLACE -> Script.CORRECTED_ROW_IS_DELETED;
                    case DDL_INTENT -> Script.STATEMENT_OF_UNKNOWN_OUTCOME;
                    case STRICT_AFTER_WINDOW -> Script.STRANGER_AT_THE_TARGET;
                    case LEFT_OUT_WITH_ITS_CHECKPOINT -> Script.LEFT_OUT_OF_UNKNOWN_OUTCOME;
                    default -> null;
                };
        var emphases =
                switch (rule) {
                    case READ_AT_IS_A_PREFIX -> Set.of(Emphasis.OVERTAKING);
                    case UNIQUE_KEYS_AFTER_WINDOW, UNIQUE_MOVES_ARE_TWO, CONFLICTS_KEEP_ORDER ->
                            Set.of(Emphasis.UNIQUE_KEYS);
                    case LOG_MEETS_CONDITION -> Set.of(Emphasis.ROW_CONDITIONS);
                    case LOG_SEES_COLUMNS -> Set.of(Emphasis.COLUMNS);
                    case DDL_VOIDS_WINDOW -> Set.of(Emphasis.SCHEMA_CHANGES);
                    case UNKNOWN_COMMIT_IS_READ -> Set.of(Emphasis.FAULTS);
                    case FOREIGN_KEYS_AFTER_WINDOW -> Set.of(Emphasis.FOREIGN_KEYS);
                    default -> Set.<Emphasis>of();
                };
        return new Mutation(
                rule.name(),
                rule.section(),
                Rules.without(rule),
                NOTHING,
                emphases,
                Optional.ofNullable(script));
    }

    static Mutation of(SpoiledDialect.Rule rule) {
        var script =
                switch (rule) {
                    case READ_BY_BEFORE_READ -> Script.INSERTED_BEFORE_THE_READ;
                    case FENCE_IGNORED -> Script.REPLACED_OWNER_WAKES;
                    case NOBODY_KILLED -> Script.LATE_DROP_OF_THE_OLD_OWNER;
                    case LOST_CONNECTION_LEFT_ALIVE -> Script.LATE_DROP_ON_A_LOST_CONNECTION;
                    case CHECKSUM_WITHOUT_MARKS -> Script.NULL_BECOMES_EMPTY;
                    case COMPUTED_VALUES_REPLAYED -> Script.COLUMN_NUMBERS_OLD_ROWS;
                    default -> null;
                };
        var emphases =
                switch (rule) {
                    case LOG_SKIPS_GAPS -> Set.of(Emphasis.OVERTAKING);
                    case EPOCH_AFTER_CHECKPOINT -> Set.of(Emphasis.TWO_OWNERS, Emphasis.FAULTS);
                    case EXACT_READ_TAKES_POSITION_FIRST, KEYLESS_MEETS_ALL, KEYLESS_IGNORES_CASE ->
                            Set.of(Emphasis.KEYLESS);
                    default -> Set.<Emphasis>of();
                };
        return new Mutation(
                rule.name(),
                rule.section(),
                Rules.ALL,
                (toy, source, target) -> new SpoiledDialect(toy, rule, source, target),
                emphases,
                Optional.ofNullable(script));
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

    /// Plays what shows it: its script, or the history of this seed. Throws if a promise does not
    /// hold.
    void play(long seed) {
        if (script.isPresent()) {
            script.get().play(this);
        } else {
            new Simulation(seed, this, Simulation.STEPS_MAX, false).run();
        }
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
